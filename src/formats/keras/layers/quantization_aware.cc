// Layers that tfmot trained with quantization: the layers inside, with the ranges that were learned
// for int8. While it trains, a wrapper rounds the kernel, and what comes out of the layer, to 256
// steps over a range that it adjusts (QuantizeWrapperV2); int8 conversion takes those ranges over,
// as TensorFlow's converter does. Other modes have no use for them, and int8 none for what other
// schemes than tfmot's own of eight bits have learned: a user's, or one of four bits.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/layers.h"

namespace litesmith::keras {
namespace {

bool is_eight_bits(const Json& quantize_config) {
  return quantize_config["class_name"].text().starts_with("Default8Bit");
}

// Of an input.
bool is_range_of_eight_bits(const Json& quantizer) {
  constexpr std::array<std::string_view, 2> kOfOneRange = {"AllValuesQuantizer",
                                                           "MovingAverageQuantizer"};
  const bool known =
      std::any_of(kOfOneRange.begin(), kOfOneRange.end(),
                  [&](std::string_view name) { return quantizer["class_name"].text() == name; });
  const Json& how = quantizer["config"];
  return known && how["num_bits"].value() == 8 && !how["per_axis"].truth();
}

Range to_range(const WeightArray& smallest, const WeightArray& largest) {
  const auto low = smallest.elements.as<float>();
  const auto high = largest.elements.as<float>();
  const bool is_range = low.size() == 1 && high.size() == 1 && std::isfinite(low[0]) &&
                        std::isfinite(high[0]) && low[0] <= high[0];
  if (!is_range) {
    throw Error(ErrorCode::data,
                "what it has learned of its values is no range of two finite numbers");
  }
  return {low[0], high[0]};
}

// Weights take -127 to 127 over their range. A scale for each channel is a list, even of one, which
// then serves all channels (a depthwise kernel's last dimension is no channel).
void keep_scales(Value& weights, int channel_dimension, const WeightArray& smallest,
                 const WeightArray& largest) {
  const auto low = smallest.elements.as<float>();
  const auto high = largest.elements.as<float>();
  size_t channels = 1;
  if (!smallest.shape.empty() && channel_dimension >= 0) {
    channels = static_cast<size_t>(weights.shape.at(static_cast<size_t>(channel_dimension)));
  }
  if (low.empty() || low.size() != high.size() || channels % low.size() != 0) {
    throw Error(ErrorCode::format, "it has learned " + std::to_string(low.size()) +
                                       " ranges of its kernel, which has " +
                                       std::to_string(channels) + " channels");
  }
  std::vector<double> scales;
  for (size_t c = 0; c < channels; ++c) {
    const double scale = (double{high[c % low.size()]} - low[c % low.size()]) / 254;
    if (!std::isfinite(scale)) throw Error(ErrorCode::data, "a range of its kernel is not finite");
    if (!(scale > 0)) return;  // of zeros; the elements tell
    scales.push_back(scale);
  }
  weights.learned_scales = std::move(scales);
}

// The first node from `first` on that multiplies with a constant.
const Node* weighted_node(const Graph& graph, size_t first) {
  for (size_t i = first; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto& weights = node.def().quant.weights;
    if (weights.empty()) continue;
    const auto operand = static_cast<size_t>(weights[0].operand);
    if (operand < node.inputs.size() && node.inputs[operand].valid() &&
        graph[node.inputs[operand]].is_constant()) {
      return &node;
    }
  }
  return nullptr;
}

// Those of which tfmot rounds what goes in; of the others, what comes out. GELU has both.
bool rounds_before(const Json& activation) {
  constexpr std::array<std::string_view, 3> kBefore = {"softmax", "sigmoid", "tanh"};
  return std::any_of(kBefore.begin(), kBefore.end(),
                     [&](std::string_view name) { return is_function(activation, name); });
}

void keep_learned(LayerCall& call, size_t first_node, ValueId output) {
  const std::vector<WeightArray>& learned = call.learned();
  Graph& graph = call.graph();
  const Json& how = call.config()["quantize_config"]["config"];
  const Node* weighted = weighted_node(graph, first_node);
  const size_t kernels = how["weight_attrs"].items().size();
  size_t at = std::min(2 * kernels, learned.size());
  if (kernels == 1 && weighted != nullptr && learned.size() >= 2) {
    const WeightOperand& weights = weighted->def().quant.weights[0];
    keep_scales(graph[weighted->inputs[static_cast<size_t>(weights.operand)]],
                weights.channel_dimension, learned[0], learned[1]);
  }
  const Json& activation = (*call.wrapped()[0].config)["activation"];
  const size_t left = (learned.size() - at) / 2;
  const bool before = left == 2 || (left == 1 && kernels == 1 && rounds_before(activation));
  if (before && weighted != nullptr) {
    graph[weighted->outputs.at(0)].learned_range = to_range(learned[at], learned[at + 1]);
    at += 2;
  }
  if (at + 1 < learned.size()) {
    graph[output].learned_range = to_range(learned[at], learned[at + 1]);
  }
}

}  // namespace

ValueId build_quantize_wrapper(LayerCall& call) {
  const size_t first_node = call.graph().nodes.size();
  const ValueId output = build_training_wrapper(call);
  if (call.graph().nodes.size() > first_node && is_eight_bits(call.config()["quantize_config"])) {
    keep_learned(call, first_node, output);
  }
  return output;
}

std::vector<Variable> quantize_layer_variables(const Json& config) {
  if (!is_range_of_eight_bits(config["quantizer"])) return {};
  return {{"quantize_layer_min", false},
          {"quantize_layer_max", false},
          {.name = "optimizer_step", .trainable = false, .used = false}};
}

// Stands behind an input.
ValueId build_quantize_layer(LayerCall& call) {
  const ValueId x = call.input();
  if (call.has_weight("quantize_layer_min") && call.has_weight("quantize_layer_max")) {
    call.graph()[x].learned_range =
        to_range(call.weight("quantize_layer_min"), call.weight("quantize_layer_max"));
  }
  return x;
}

}  // namespace litesmith::keras
