// Small float networks with ranges, as calibration leaves them.
#pragma once

#include <string>
#include <vector>

#include "ops/conv_2d.h"
#include "quantize/convert.h"
#include "testing/graph_builder.h"

namespace litesmith::testing {

class CalibratedBuilder : public GraphBuilder {
 public:
  // An input or an op's output with the range [low, high].
  ValueId ranged(ValueId id, float low, float high) {
    graph()[id].range = Range{low, high};
    return id;
  }
  ValueId image(const std::string& name = "x") { return ranged(input(name, {1, 4, 4, 2}), -1, 1); }
  // A 1x1 convolution to two channels with the range [-high, high].
  ValueId conv(ValueId x, float high, const std::string& name = "") {
    return ranged(
        op(Conv2D{}, {x, floats({2, 1, 1, 2}, {1, 2, -3, 4}), floats({2}, {0.5f, -1})}, name),
        -high, high);
  }
};

struct Converted {
  Model model;
  ConvertNotes notes;

  const Graph& graph() const { return model.graph; }
  std::string ops() const { return op_names(model.graph); }
  // The scale of operand `operand` of node `node`.
  float scale(size_t node, size_t operand) const {
    return graph()[graph().nodes.at(node).inputs.at(operand)].quantization.scale.at(0);
  }
  float output_scale(size_t node) const {
    return graph()[graph().nodes.at(node).outputs.at(0)].quantization.scale.at(0);
  }
};

inline Converted converted(const Model& model, ConvertOptions options) {
  Converted result;
  result.model = convert(model, options, result.notes);
  return result;
}
inline Converted converted(const Model& model, Mode mode) {
  return converted(model, ConvertOptions{.mode = mode});
}

}  // namespace litesmith::testing
