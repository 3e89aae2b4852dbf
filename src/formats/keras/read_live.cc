#include "formats/keras/read_live.h"

#include <optional>

#include "base/error.h"
#include "formats/keras/build.h"

namespace litesmith {
namespace {

class LiveWeights : public keras::WeightSource {
 public:
  explicit LiveWeights(std::map<std::string, LiveWeight> weights) : weights_(std::move(weights)) {}

  std::optional<keras::WeightArray> find(const std::string& path) override {
    const auto found = weights_.find(path);
    if (found == weights_.end()) return std::nullopt;
    const LiveWeight& weight = found->second;
    if (weight.dtype != DType::float32) {
      throw Error(ErrorCode::unsupported,
                  "'" + path +
                      "' holds no floating-point numbers; a model quantized by Keras is not "
                      "supported, start from the float one");
    }
    const auto elements = static_cast<size_t>(element_count(weight.shape));
    if (weight.elements.size() != elements * sizeof(float)) {
      throw Error(ErrorCode::data,
                  "'" + path + "' holds " + std::to_string(weight.elements.size()) +
                      " bytes, which is no float32 array of shape " + to_string(weight.shape));
    }
    return keras::WeightArray{weight.shape, weight.elements};
  }

 private:
  std::map<std::string, LiveWeight> weights_;
};

}  // namespace

Model read_live_keras(std::string_view config, std::map<std::string, LiveWeight> weights, int major,
                      const std::string& name) {
  return with_context("reading the Keras model '" + name + "'", [&] {
    const keras::Json json = keras::parse_json(config, "its configuration");
    const keras::ModelConfig parsed = keras::parse_model_config(json);
    keras::check_supported(parsed);
    LiveWeights source(std::move(weights));
    Model model = keras::build_model(parsed, source, {.major = major});
    model.source = name;
    return model;
  });
}

}  // namespace litesmith
