#include "litesmith/layer_errors.h"

#include "api/state.h"
#include "evaluate/layer_errors.h"

namespace litesmith::api {

struct LayerErrors::State {
  litesmith::LayerErrors errors;
};

LayerErrors::LayerErrors(const Model& original, const Model& quantized,
                         const std::vector<std::vector<int32_t>>& shapes)
    : state_(new State{litesmith::LayerErrors(original.state().for_conversion(),
                                              quantized.state().graph(), shapes)}) {}
LayerErrors::~LayerErrors() = default;
LayerErrors::LayerErrors(LayerErrors&&) noexcept = default;
LayerErrors& LayerErrors::operator=(LayerErrors&&) noexcept = default;

std::vector<LayerErrors::Layer> LayerErrors::layers() const {
  std::vector<Layer> result;
  for (const auto& layer : state_->errors.layers()) {
    result.push_back({layer.op, layer.name, static_cast<size_t>(layer.quantized.index)});
  }
  return result;
}

std::span<float> LayerErrors::input(size_t i) { return state_->errors.input(i); }
void LayerErrors::run() { state_->errors.run(); }

std::span<const std::byte> LayerErrors::quantized_output(size_t layer) const {
  return state_->errors.quantized_output(layer);
}
std::span<const float> LayerErrors::float_output(size_t layer) const {
  return state_->errors.float_output(layer);
}

}  // namespace litesmith::api
