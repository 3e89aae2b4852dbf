#include "runtime/bindings/convolution_requantization.h"

#include <algorithm>
#include <type_traits>

namespace litesmith::bindings {
namespace {

using kernels::AnyRequantization;
using kernels::Requantization;

// LiteRT's dense layers of int8 take weights stored sparse in blocks of this many inputs, and no
// others (kernels/fully_connected.cc).
constexpr int32_t kSparseBlock = 16;

// The real multiplier of each channel, in double as LiteRT computes it for most kernels; with
// `float_product` the scales of input and weights are multiplied in float first, as for one scale
// a tensor (GetQuantizedConvolutionMultipler).
std::vector<double> real_multipliers(const Layout& layout, bool float_product) {
  const float input = per_tensor(layout.input).scale;
  const float output = per_tensor(layout.output).scale;
  std::vector<double> result;
  for (const float weight : layout.weight_scales()) {
    const double product =
        float_product ? static_cast<double>(input * weight) : static_cast<double>(input) * weight;
    result.push_back(product / static_cast<double>(output));
  }
  return result;
}

template <class Policy>
Requantization<Policy> requantization(const Layout& layout, bool float_product = false) {
  Requantization<Policy> result;
  using Parameter = typename Policy::Parameter;
  if constexpr (std::is_same_v<Policy, kernels::FloatHalfEven>) {
    const float input = per_tensor(layout.input).scale;
    const float output = per_tensor(layout.output).scale;
    for (const float weight : layout.weight_scales()) {
      result.parameters.push_back(input * weight / output);
    }
  } else if constexpr (std::is_same_v<Policy, kernels::DoubleRoundingByChannel>) {
    // Vectors of eight channels, and channel by channel behind (optimized_ops.h, Quantize).
    const std::vector<double> reals = real_multipliers(layout, float_product);
    for (size_t i = 0; i < reals.size(); ++i) {
      result.parameters.push_back(
          {kernels::quantize_multiplier(reals[i], Policy::max_exponent), i < reals.size() / 8 * 8});
    }
  } else if constexpr (std::is_same_v<Parameter, kernels::Multiplier>) {
    for (const double real : real_multipliers(layout, float_product)) {
      result.parameters.push_back(kernels::quantize_multiplier(real, Policy::max_exponent));
    }
  } else {
    result.parameters = real_multipliers(layout, false);
  }
  const Activation activation = layout.convolution.activation;
  const IntegerRange range = layout.xnnpack ? xnnpack_activation_range(activation, layout.output)
                                            : activation_range(activation, layout.output);
  result.zero_point = per_tensor(layout.output).zero_point;
  result.min = range.min;
  result.max = std::max(range.min, range.max);
  return result;
}

}  // namespace

AnyRequantization requantization_8_bit(const Layout& layout) {
  if (layout.xnnpack) return requantization<kernels::FloatHalfEven>(layout);
  const bool one_scale = layout.filter.quantization.scale.size() == 1;
  switch (layout.convolution.layer) {
    case Layer::depthwise:
      if (layout.reference() || layout.input.dtype == DType::uint8) {
        return requantization<kernels::DoubleRounding>(layout, layout.input.dtype == DType::uint8);
      }
      return requantization<kernels::DoubleRoundingByChannel>(layout);
    case Layer::dense:
      // LiteRT has one kernel of int8 weights that are stored sparse, for all its resolvers.
      if (layout.micro() || layout.filter.sparse_block == kSparseBlock) {
        return requantization<kernels::DoubleRounding>(layout, one_scale && !layout.micro());
      }
      if (layout.reference()) return requantization<kernels::DoubleProduct<int32_t>>(layout);
      return requantization<kernels::DoubleRoundingHalfUp>(layout, one_scale);
    case Layer::transposed:
      if (layout.reference()) return requantization<kernels::DoubleRounding>(layout);
      return requantization<kernels::DoubleRoundingByChannel>(layout);
    case Layer::conv:
      break;
  }
  const bool float_product = layout.input.dtype == DType::uint8;
  if (layout.as_reference()) return requantization<kernels::DoubleRounding>(layout, float_product);
  return requantization<kernels::DoubleRoundingHalfUp>(layout, float_product);
}

// Sums are int64 unless the bias is int32: its own type tells, else the op's attribute.
AnyRequantization requantization_16_bit(const Layout& layout) {
  if (layout.convolution.layer == Layer::transposed) {
    // Only the attribute makes sums narrow.
    if (layout.convolution.quantized_bias_type != DType::int32) {
      return requantization<kernels::WideRounding>(layout);
    }
    if (layout.reference()) return requantization<kernels::DoubleRounding>(layout);
    return requantization<kernels::DoubleRoundingByChannel>(layout);
  }
  const DType attribute = layout.convolution.quantized_bias_type;
  const bool narrow =
      layout.bias != nullptr ? layout.bias->dtype == DType::int32 : attribute == DType::int32;
  if (layout.convolution.layer == Layer::dense) {
    const bool one_scale = layout.filter.quantization.scale.size() == 1;
    // Without a bias and without a word on its type, only the optimized kernel sums in int32.
    const bool unsaid = layout.bias == nullptr && attribute != DType::int64;
    if ((narrow || unsaid) && !layout.reference()) {
      return requantization<kernels::DoubleRoundingHalfUp>(layout, one_scale);
    }
    if (layout.micro()) {
      if (narrow) return requantization<kernels::DoubleRounding>(layout);
      return requantization<kernels::WideRounding>(layout);
    }
    if (narrow) return requantization<kernels::DoubleProduct<int32_t>>(layout);
    return requantization<kernels::DoubleProduct<int64_t>>(layout);
  }
  if (!narrow) return requantization<kernels::WideRounding>(layout);
  if (layout.as_reference() || layout.convolution.layer == Layer::depthwise) {
    return requantization<kernels::DoubleRounding>(layout);
  }
  return requantization<kernels::DoubleRoundingHalfUp>(layout);
}

}  // namespace litesmith::bindings
