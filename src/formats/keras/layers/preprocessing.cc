// Rescaling and Normalization: the preparation of inputs as part of the model.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "ops/binary.h"

namespace litesmith::keras {
namespace {

void flatten_numbers(const Json& json, std::vector<float>& numbers) {
  if (json.is_number()) {
    numbers.push_back(static_cast<float>(json.value()));
  } else if (json["class_name"].text() == "__numpy__" ||
             json["class_name"].text() == "__tensor__") {
    flatten_numbers(json["config"]["value"], numbers);
  } else {
    for (const Json& item : json.items()) flatten_numbers(item, numbers);
  }
}

// The numbers of a configuration value: one, or a list along the last dimension.
WeightArray numbers_of(const Json& json, std::string_view what) {
  std::vector<float> numbers;
  flatten_numbers(json, numbers);
  if (numbers.empty()) {
    throw Error(ErrorCode::unsupported,
                "its '" + std::string(what) + "' is neither a number nor a list of numbers");
  }
  const bool scalar = json.is_number();
  return {scalar ? Shape{} : Shape{static_cast<int32_t>(numbers.size())}, Buffer::of(numbers)};
}

bool all_zero(const WeightArray& array) {
  const auto elements = array.elements.as<float>();
  return std::all_of(elements.begin(), elements.end(), [](float value) { return value == 0; });
}

// Along which dimensions of the input a Normalization keeps separate statistics, as a shape that
// broadcasts over the input.
Shape statistics_shape(LayerCall& call, ValueId x) {
  const size_t rank = call.shape(x).size();
  Shape shape(rank, 1);
  const Json& axis = call.config()["axis"];
  auto keep = [&](int32_t each) {
    shape[static_cast<size_t>(normalize_axis(each, rank))] = call.size(x, each);
  };
  if (axis.is_number()) keep(to_integer(axis, "axis"));
  for (const Json& each : axis.items()) keep(to_integer(each, "axis"));
  return shape;
}

// A statistic from the configuration or the file, shaped to broadcast over the input.
WeightArray statistic(LayerCall& call, std::string_view name, const Shape& shape) {
  const bool stored = call.has_weight(name);
  WeightArray array = stored ? call.weight(name) : numbers_of(call.config()[name], name);
  const int64_t count = element_count(array.shape);
  if (count == 1) {
    array.shape = {};
  } else if (count == element_count(shape)) {
    array.shape = shape;
  } else {
    throw Error(ErrorCode::format, "its " + std::string(name) + " has " + std::to_string(count) +
                                       " numbers, which do not fit its input");
  }
  return array;
}

}  // namespace

ValueId build_rescaling(LayerCall& call) {
  WeightArray scale = numbers_of(call.config()["scale"], "scale");
  const ValueId factor = call.constant("scale", [&] { return scale; });
  const ValueId scaled = call.emit(Mul(), {call.input(), factor}, "mul");
  if (call.config()["offset"].is_null()) return scaled;
  WeightArray offset = numbers_of(call.config()["offset"], "offset");
  if (all_zero(offset)) return scaled;
  return call.emit(Add(), {scaled, call.constant("offset", [&] { return offset; })}, "add");
}

std::vector<Variable> normalization_variables(const Json& config) {
  if (!config["mean"].is_null()) return {};
  return {{"mean", false}, {"variance", false}, {"count", false, false}};
}

ValueId build_normalization(LayerCall& call) {
  const ValueId x = call.input();
  const Shape shape = statistics_shape(call, x);
  WeightArray mean = statistic(call, "mean", shape);
  WeightArray deviation = statistic(call, "variance", shape);
  // Keras's backend.epsilon() keeps a constant feature from dividing by zero.
  constexpr float kSmallest = 1e-7f;
  const bool invert = call.config().flag("invert", false);
  const auto variance = deviation.elements.as<float>();
  std::vector<float> factor(variance.size());
  std::transform(variance.begin(), variance.end(), factor.begin(), [&](float value) {
    const float root = std::max(std::sqrt(value), kSmallest);
    return invert ? root : 1.0f / root;
  });
  const ValueId scale = call.floats("scale", deviation.shape, factor);
  const ValueId center = call.constant("mean", [&] { return mean; });
  if (invert) {
    return call.emit(Add(), {call.emit(Mul(), {x, scale}, "mul"), center}, "add");
  }
  return call.emit(Mul(), {call.emit(Sub(), {x, center}, "sub"), scale}, "mul");
}

}  // namespace litesmith::keras
