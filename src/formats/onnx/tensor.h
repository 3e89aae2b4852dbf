// A tensor of the ONNX graph as the importer knows it.
#pragma once

#include <optional>
#include <vector>

#include "formats/onnx/order.h"
#include "ir/graph.h"

namespace litesmith::onnx {

// Small tensors that shapes are computed from, element by element; NaN is an element that is known
// only when the model runs, as a batch size is.
using Known = std::vector<double>;
// Shapes, and tables of sizes: what is larger is data.
inline constexpr int64_t kMostKnown = 4096;

// The same tensor in one order.
struct Form {
  Order order;
  ValueId value;
};

struct Tensor {
  DType dtype = DType::float32;
  Shape shape;  // as ONNX has it
  std::vector<Form> forms = {};
  // Its first dimensions are batch and channels, as an operator that is defined that way has said.
  bool channels_first = false;
  std::optional<Known> known = {};
  // What every element is, of a tensor whose size is known only when the model runs.
  std::optional<double> filled_with = {};
  // The integers that DequantizeLinear makes the tensor of, a constant in ONNX's order.
  std::optional<ValueId> quantized = {};
  // What Flatten made one row of: a matrix product can take it in the stored order.
  struct Row {
    ValueId value;
    Order order;
    Shape shape;  // of the value, in ONNX's order
  };
  std::optional<Row> row = {};
};

}  // namespace litesmith::onnx
