#include "runtime/bindings/quantization.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace litesmith::bindings {
namespace {

int32_t saturated(double x) {
  constexpr double lowest = std::numeric_limits<int32_t>::min();
  constexpr double highest = std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(std::clamp(x, lowest, highest));
}

// The activation's bounds in steps of the output, by the given rule, within the type's range.
template <class Quantize>
IntegerRange clamp_range(Activation activation, const Value& output, Quantize quantize) {
  IntegerRange range = range_of(output.dtype);
  const FloatRange real = activation_range(activation);
  if (std::isfinite(real.min)) range.min = std::max(range.min, quantize(real.min));
  if (std::isfinite(real.max)) range.max = std::min(range.max, quantize(real.max));
  return range;
}

}  // namespace

Affine per_tensor(const Value& value) {
  const Quantization& quantization = value.quantization;
  auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::unsupported, "tensor '" + value.name + "' of type " +
                                            std::string(to_string(value.dtype)) + " " + why);
  };
  if (quantization.scale.size() != 1) {
    refuse(quantization.present() ? "has a scale for each channel, where one is wanted"
                                  : "has no quantization");
  }
  const float scale = quantization.scale[0];
  if (!std::isfinite(scale) || scale < 0) refuse("has a scale of " + std::to_string(scale));
  const int64_t zero_point =
      quantization.zero_point.empty() ? int64_t{0} : quantization.zero_point[0];
  const IntegerRange range = range_of(value.dtype);
  if (zero_point < range.min || zero_point > range.max) {
    refuse("has a zero point of " + std::to_string(zero_point));
  }
  return {scale, static_cast<int32_t>(zero_point)};
}

Affine only_scale(const BindContext& context, const Value& value) {
  if (!value.quantization.per_channel()) return per_tensor(value);
  if (context.arithmetic != Arithmetic::tflm) return {0.0f, 0};
  Value first = value;
  first.quantization.scale.resize(1);
  first.quantization.zero_point.resize(1, 0);
  return per_tensor(first);
}

std::vector<float> channel_scales(const Value& value, int32_t channels, int32_t dimension) {
  const Quantization& quantization = value.quantization;
  const auto count = static_cast<size_t>(channels);
  if (quantization.scale.size() == 1) return std::vector<float>(count, quantization.scale[0]);
  if (quantization.scale.size() != count || quantization.dimension != dimension) {
    throw Error(ErrorCode::unsupported,
                "tensor '" + value.name + "' has " + std::to_string(quantization.scale.size()) +
                    " scales along dimension " + std::to_string(quantization.dimension) +
                    ", where " + std::to_string(channels) + " along dimension " +
                    std::to_string(dimension) + " or one are wanted");
  }
  return quantization.scale;
}

IntegerRange range_of(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return {-128, 127};
    case DType::uint8:
      return {0, 255};
    case DType::int16:
      return {-32768, 32767};
    default:
      throw Error(ErrorCode::unsupported, std::string(to_string(dtype)) + " is not quantized");
  }
}

FloatRange activation_range(Activation activation) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  switch (activation) {
    case Activation::none:
      return {-infinity, infinity};
    case Activation::relu:
      return {0, infinity};
    case Activation::relu_n1_to_1:
      return {-1, 1};
    case Activation::relu6:
      return {0, 6};
    case Activation::tanh:
    case Activation::sign_bit:
      break;
  }
  throw Error(ErrorCode::unsupported, "a fused activation that is no clamp cannot run");
}

IntegerRange activation_range(Activation activation, const Value& output) {
  if (activation == Activation::none) return range_of(output.dtype);
  const Affine affine = per_tensor(output);
  return clamp_range(activation, output, [&](float real) {
    return saturated(std::round(static_cast<double>(real / affine.scale)) + affine.zero_point);
  });
}

IntegerRange xnnpack_activation_range(Activation activation, const Value& output) {
  if (activation == Activation::none) return range_of(output.dtype);
  const Affine affine = per_tensor(output);
  const IntegerRange all = range_of(output.dtype);
  return clamp_range(activation, output, [&](float real) {
    const float steps = real / affine.scale + static_cast<float>(affine.zero_point);
    return static_cast<int32_t>(std::nearbyint(
        std::clamp(steps, static_cast<float>(all.min), static_cast<float>(all.max))));
  });
}

}  // namespace litesmith::bindings
