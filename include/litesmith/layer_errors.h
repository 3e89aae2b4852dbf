// What each layer of a quantized model loses by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "litesmith/model.h"

namespace litesmith::api {

// Runs a quantized model and, beside each of its layers, the float original on the same inputs: the
// errors are each layer's own and do not add up along the network.
//
//   api::LayerErrors errors(model, int8.model, {{1, 50, 13, 1}});
//   std::copy(features.begin(), features.end(), errors.input(0).begin());
//   errors.run();
//   const auto original = errors.float_output(0);
class LayerErrors {
 public:
  // `quantized`, with float inputs, was made of `original`; `shapes` are the inputs'.
  LayerErrors(const Model& original, const Model& quantized,
              const std::vector<std::vector<int32_t>>& shapes);
  ~LayerErrors();
  LayerErrors(LayerErrors&&) noexcept;
  LayerErrors& operator=(LayerErrors&&) noexcept;

  struct Layer {
    std::string op;
    std::string name;  // of what it makes, in the original: what keep_float takes
    size_t tensor;     // what it makes, in the quantized model
  };
  std::vector<Layer> layers() const;

  std::span<float> input(size_t i);
  void run();
  std::span<const std::byte> quantized_output(size_t layer) const;
  std::span<const float> float_output(size_t layer) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace litesmith::api
