// From an ONNX graph to a graph of LiteRT's operators.
#pragma once

#include "formats/onnx/constant.h"
#include "formats/onnx/file.h"
#include "formats/onnx/read.h"
#include "ir/graph.h"

namespace litesmith::onnx {

// Opsets that are read. Newer ones may mean something else by the same words.
inline constexpr int64_t kOldestOpset = 6;
inline constexpr int64_t kNewestOpset = 28;

// Gathers everything that stands in the way before it throws. `file_size` bounds what the constants
// may become.
Model build_model(const File& file, ConstantReader& constants, const OnnxOptions& options,
                  size_t file_size);

// Indices of the nodes in an order in which each comes after what it reads; ONNX asks files for
// that order. Names every node of a cycle, and inputs that nothing makes, in `findings`.
std::vector<size_t> execution_order(const File& file, Diagnostics& findings);

}  // namespace litesmith::onnx
