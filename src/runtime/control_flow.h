// Ops that run subgraphs of their model: which, how often, on what.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ir/op.h"
#include "runtime/tensor.h"

namespace litesmith {

// Runs a subgraph on tensors, one an input, and returns its outputs.
using Call = std::function<std::vector<Tensor>(SubgraphIndex, std::span<const Tensor>)>;
// The shapes of a subgraph's outputs for inputs of these shapes; nothing where only a run can tell.
using ShapesOf =
    std::function<std::optional<std::vector<Shape>>(SubgraphIndex, const std::vector<Shape>&)>;

struct ControlFlow {
  // The shapes of the op's outputs. Asks for every subgraph the op may call.
  std::optional<std::vector<Shape>> (*shapes)(const Op&, const std::vector<Shape>& inputs,
                                              const ShapesOf&);
  std::vector<Tensor> (*run)(const Op&, std::vector<Tensor> inputs, const Call&);
};

// Null when the op calls nothing.
const ControlFlow* find_control_flow(const OpDef& def);

}  // namespace litesmith
