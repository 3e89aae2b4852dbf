// What each layer of a quantized model loses by itself: its float original, fed with what the
// quantized layers before it made, beside it. TensorFlow's QuantizationDebugger measures the same
// with NumericVerify operators inside the file (kernels/numeric_verify.cc).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "runtime/interpreter.h"

namespace litesmith {

class LayerErrors {
 public:
  // `original` is the float model that `quantized`, of integers with float inputs, was made of.
  // `shapes` are those of the inputs. Throws Error(data) when no layer of the two belongs together.
  LayerErrors(const Model& original, const Model& quantized, const std::vector<Shape>& shapes);

  struct Layer {
    std::string op;
    std::string name;   // of what it makes, in the original: what keep_float takes
    ValueId quantized;  // what the layer makes in the quantized model
  };
  const std::vector<Layer>& layers() const { return layers_; }
  const Graph& quantized_graph() const { return quantized_->plan().graph(); }

  // The i-th input, to be filled before each run.
  std::span<float> input(size_t i);
  void run();
  // What layer i made, and what its original makes of the same inputs.
  std::span<const std::byte> quantized_output(size_t i) const;
  std::span<const float> float_output(size_t i) const;

 private:
  struct Original {
    std::unique_ptr<Interpreter> interpreter;
    std::vector<ValueId> inputs;  // where its inputs come from, in the quantized model
  };
  void add_layer(const Graph& original, const Node& node, const std::vector<ValueId>& partners);

  std::vector<Layer> layers_;
  std::vector<Original> originals_;  // one a layer
  std::unique_ptr<Interpreter> quantized_;
  std::vector<std::vector<float>> inputs_;
};

}  // namespace litesmith
