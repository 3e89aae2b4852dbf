// RELU, RELU6, RELU_N1_TO_1, RELU_0_TO_1, LEAKY_RELU and PRELU.
#include <cmath>
#include <limits>

#include "kernels/element_kernels.h"
#include "kernels/quantized_activation.h"
#include "ops/activation_layers.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/element_kernel.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Fills the zero points and, as the range, all of the output's type.
void fill(const BindContext& context, kernels::Rescale& rescale) {
  rescale.zero_point_in = per_tensor(context.input(0)).zero_point;
  rescale.zero_point_out = per_tensor(context.output()).zero_point;
  const IntegerRange all = range_of(context.output().dtype);
  rescale.min = all.min;
  rescale.max = all.max;
  const bool is_int16 = context.output().dtype == DType::int16;
  if (is_int16 && (rescale.zero_point_in != 0 || rescale.zero_point_out != 0)) {
    context.unsupported("int16 zero points must be 0");
  }
}

float scale_ratio(const BindContext& context) {
  return per_tensor(context.input(0)).scale / per_tensor(context.output()).scale;
}

BoundKernel bind_relu(const BindContext& context, float least, float most, bool takes_int16) {
  if (context.input(0).dtype != context.output().dtype) context.unsupported();
  if (context.output().dtype == DType::float32) {
    return float_kernel(context, kernels::Unary::clamp, least, most);
  }
  if (context.output().dtype == DType::int16 && !takes_int16) context.unsupported();
  return with_quantized_type(context, context.output().dtype, [&]<class T>(T) {
    kernels::Relu relu;
    fill(context, relu);
    relu.multiplier = kernels::quantize_multiplier(scale_ratio(context));
    const float scale = per_tensor(context.output()).scale;
    auto steps = [&](float real) {
      return kernels::round_half_away(real / scale) + relu.zero_point_out;
    };
    relu.min = std::max(relu.min, steps(least));
    if (std::isfinite(most)) relu.max = std::min(relu.max, steps(most));
    return code_kernel<T, T>(context, [relu](const T* in, T* out, int64_t count) {
      kernels::relu(relu, in, out, count);
    });
  });
}

template <class T>
BoundKernel bind_leaky(const BindContext& context, float alpha) {
  const float ratio = scale_ratio(context);
  if constexpr (sizeof(T) == 1) {
    if (runs_on_xnnpack(context)) {
      kernels::XnnpackLeakyRelu leaky;
      fill(context, leaky);
      leaky.positive = kernels::round_half_even(256.0f * ratio);
      leaky.negative = kernels::round_half_even(256.0f * (ratio * alpha));
      return code_kernel<T, T>(context, [leaky](const T* in, T* out, int64_t count) {
        kernels::leaky_relu(leaky, in, out, count);
      });
    }
  }
  kernels::LeakyRelu leaky;
  fill(context, leaky);
  leaky.positive = kernels::quantize_multiplier(ratio);
  leaky.negative = kernels::quantize_multiplier(per_tensor(context.input(0)).scale * alpha /
                                                per_tensor(context.output()).scale);
  leaky.by_magnitude = sizeof(T) == 1 || context.by_reference();
  return code_kernel<T, T>(context, [leaky](const T* in, T* out, int64_t count) {
    kernels::leaky_relu(leaky, in, out, count);
  });
}

template <class T, class Alpha>
BoundKernel bind_prelu(const BindContext& context) {
  const auto [scale_alpha, zero_point_alpha] = per_tensor(context.input(1));
  kernels::Prelu prelu;
  fill(context, prelu);
  prelu.zero_point_alpha = zero_point_alpha;
  const float scale_in = per_tensor(context.input(0)).scale;
  const float scale_out = per_tensor(context.output()).scale;
  // TFLite Micro's ratios of scales are doubles.
  const bool in_double = context.arithmetic == Arithmetic::tflm;
  prelu.positive = kernels::quantize_multiplier(in_double ? double{scale_in} / double{scale_out}
                                                          : double{scale_in / scale_out});
  prelu.negative = kernels::quantize_multiplier(
      in_double ? double{scale_in} * double{scale_alpha} / double{scale_out}
                : double{scale_in * scale_alpha / scale_out});
  return broadcasting_kernel<T, Alpha, T>(
      broadcast_of(context), [prelu](const T* in, int64_t step_in, const Alpha* alpha,
                                     int64_t step_alpha, T* out, int64_t count) {
        kernels::prelu(prelu, in, step_in, alpha, step_alpha, out, count);
      });
}

}  // namespace

BoundKernel relu(const BindContext& context) { return bind_relu(context, 0, kInfinity, true); }
BoundKernel relu6(const BindContext& context) { return bind_relu(context, 0, 6, true); }
BoundKernel relu_n1_to_1(const BindContext& context) { return bind_relu(context, -1, 1, false); }
BoundKernel relu_0_to_1(const BindContext& context) { return bind_relu(context, 0, 1, false); }

BoundKernel leaky_relu(const BindContext& context) {
  const float alpha = context.op<LeakyRelu>().alpha;
  if (context.input(0).dtype != context.output().dtype) context.unsupported();
  if (context.output().dtype == DType::float32) {
    return float_kernel(context, kernels::Unary::leaky_relu, alpha);
  }
  return with_quantized_type(context, context.output().dtype,
                             [&]<class T>(T) { return bind_leaky<T>(context, alpha); });
}

BoundKernel prelu(const BindContext& context) {
  const DType alpha = context.input(1).dtype;
  const DType input = context.input(0).dtype;
  if (input != context.output().dtype) context.unsupported();
  if (input == DType::float32 && alpha == DType::float32) {
    return broadcasting_kernel<float, float, float>(
        broadcast_of(context), [binary = kernels::element_kernels(context.isa).binary](
                                   const float* in, int64_t step_in, const float* slope,
                                   int64_t step_slope, float* out, int64_t count) {
          binary(kernels::Binary::prelu, -kInfinity, kInfinity, in, step_in, slope, step_slope, out,
                 count);
        });
  }
  if (input == DType::int8 && alpha == DType::int8) return bind_prelu<int8_t, int8_t>(context);
  if (input == DType::uint8 && alpha == DType::uint8) return bind_prelu<uint8_t, uint8_t>(context);
  if (input == DType::int16 && alpha == DType::int8) return bind_prelu<int16_t, int8_t>(context);
  context.unsupported();
}

}  // namespace litesmith::bindings
