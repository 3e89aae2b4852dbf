// The list of the ops that call, and what each does.
#include "runtime/control_flow.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/error.h"
#include "ops/if.h"
#include "ops/stablehlo_composite.h"
#include "ops/while.h"

namespace litesmith {
namespace {

// A condition: one bool, of whatever rank.
bool is_true(const Tensor& tensor) {
  if (tensor.dtype != DType::boolean || tensor.data.size() != 1) {
    throw Error(ErrorCode::data, "its condition is " + std::string(to_string(tensor.dtype)) +
                                     to_string(tensor.shape) + ", not one bool");
  }
  return tensor.data.bytes()[0] != std::byte{0};
}

namespace if_op {

std::optional<std::vector<Shape>> shapes(const Op& op, const std::vector<Shape>& inputs,
                                         const ShapesOf& shapes_of) {
  const auto& self = static_cast<const If&>(op);
  const std::vector<Shape> passed(inputs.begin() + 1, inputs.end());
  const auto then_shapes = shapes_of(self.then_subgraph_index, passed);
  const auto else_shapes = shapes_of(self.else_subgraph_index, passed);
  return then_shapes == else_shapes ? then_shapes : std::nullopt;
}

std::vector<Tensor> run(const Op& op, std::vector<Tensor> inputs, const Call& call) {
  const auto& self = static_cast<const If&>(op);
  const auto passed = std::span(inputs).subspan(1);
  return call(is_true(inputs[0]) ? self.then_subgraph_index : self.else_subgraph_index, passed);
}

}  // namespace if_op

namespace while_op {

// Far more rounds than any network makes, and an end for a file that has none.
constexpr int64_t kMostRounds = 10'000'000;

std::optional<std::vector<Shape>> shapes(const Op& op, const std::vector<Shape>& inputs,
                                         const ShapesOf& shapes_of) {
  const auto& self = static_cast<const While&>(op);
  shapes_of(self.cond_subgraph_index, inputs);
  // A body that makes other shapes of its inputs may do so again in each round.
  const auto after = shapes_of(self.body_subgraph_index, inputs);
  return after == inputs ? after : std::nullopt;
}

std::vector<Tensor> run(const Op& op, std::vector<Tensor> state, const Call& call) {
  const auto& self = static_cast<const While&>(op);
  for (int64_t round = 0; round < kMostRounds; ++round) {
    const std::vector<Tensor> condition = call(self.cond_subgraph_index, state);
    if (condition.empty()) throw Error(ErrorCode::data, "its condition has no output");
    if (!is_true(condition[0])) return state;
    state = call(self.body_subgraph_index, state);
  }
  throw Error(ErrorCode::data, "it has not ended after " + std::to_string(kMostRounds) + " rounds");
}

}  // namespace while_op

namespace composite {

std::optional<std::vector<Shape>> shapes(const Op& op, const std::vector<Shape>& inputs,
                                         const ShapesOf& shapes_of) {
  return shapes_of(static_cast<const StablehloComposite&>(op).decomposition_subgraph_index, inputs);
}

std::vector<Tensor> run(const Op& op, std::vector<Tensor> inputs, const Call& call) {
  return call(static_cast<const StablehloComposite&>(op).decomposition_subgraph_index, inputs);
}

}  // namespace composite
}  // namespace

const ControlFlow* find_control_flow(const OpDef& def) {
  static const auto table = std::to_array<std::pair<const OpDef*, ControlFlow>>({
      {&If::definition(), {if_op::shapes, if_op::run}},
      {&While::definition(), {while_op::shapes, while_op::run}},
      {&StablehloComposite::definition(), {composite::shapes, composite::run}},
  });
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == &def; });
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace litesmith
