// Functions of one number: LOGISTIC, TANH, ELU, GELU, EXP, LOG, SQRT, RSQRT, HARD_SWISH, ABS, NEG
// and SQUARE. On quantized tensors most of them are tables.
#include <cmath>
#include <limits>

#include "kernels/int16_sigmoid.h"
#include "kernels/lookup_table.h"
#include "kernels/quantized_activation.h"
#include "kernels/rsqrt.h"
#include "kernels/table_functions.h"
#include "ops/activation_layers.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/element_kernel.h"
#include "runtime/bindings/plain_binary.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

using Function = std::function<float(float)>;

// The function on float tensors; empty when the tensors are of other types.
BoundKernel bind_float(const BindContext& context, kernels::Unary op) {
  if (context.input(0).dtype != context.output().dtype) context.unsupported();
  if (context.output().dtype != DType::float32) return {};
  return float_kernel(context, op);
}

kernels::TableScales table_scales(const BindContext& context) {
  const auto [scale_in, zero_point_in] = per_tensor(context.input(0));
  const auto [scale_out, zero_point_out] = per_tensor(context.output());
  return {scale_in, zero_point_in, scale_out, zero_point_out};
}

// An 8-bit table of T; XNNPACK's where it runs the op, with its own way to compute the function.
template <class T>
BoundKernel bind_byte_table(const BindContext& context, const Function& function,
                            const Function& xnnpack_function) {
  const kernels::TableScales scales = table_scales(context);
  if (runs_on_xnnpack(context)) {
    return table_kernel(context, kernels::xnnpack_table<T>(scales, xnnpack_function));
  }
  return table_kernel(context, kernels::litert_table<T>(scales, function));
}

void want_zero_points_of_zero(const BindContext& context) {
  const kernels::TableScales scales = table_scales(context);
  if (scales.zero_point_in != 0 || scales.zero_point_out != 0) {
    context.unsupported("int16 zero points must be 0");
  }
}

BoundKernel bind_short_table(const BindContext& context, const Function& function) {
  const kernels::TableScales s = table_scales(context);
  const auto table = kernels::litert_short_table<float>(s.scale_in, s.zero_point_in, s.scale_out,
                                                        s.zero_point_out, function);
  return element_kernel<int16_t, int16_t>(context,
                                          [table](const int16_t* in, int16_t* out, int64_t count) {
                                            kernels::look_up(table, in, out, count);
                                          });
}

float logistic_of(float x) { return 1.0f / (1.0f + kernels::correct_exp(-x)); }

float xnnpack_logistic_of(float x) {
  if (x > 100) return 1;
  if (x < -100) return 0;
  const double e = kernels::exp_double(x);
  return static_cast<float>(e / (1 + e));
}

float elu_of(float x) { return x < 0 ? kernels::correct_expm1(x) : x; }

float gelu_of(float x) { return 0.5f * x * kernels::correct_erfc(x * -0x1.6a09e6p-1f); }

float approximate_gelu_of(float x) {
  constexpr float kRoot2OverPi = 0x1.988454p-1f;
  return 0.5f * x * (1.0f + kernels::correct_tanh(kRoot2OverPi * (x + 0.044715f * x * x * x)));
}

// LOGISTIC and TANH of int16 demand the scale of their results, and have two ways.
BoundKernel bind_int16_sigmoid(const BindContext& context, bool is_tanh) {
  want_zero_points_of_zero(context);
  const kernels::Log2 out = kernels::checked_log2(per_tensor(context.output()).scale);
  if (!out.is_power_of_two || out.exponent != -15) {
    context.unsupported("an int16 output needs the scale 1/32768");
  }
  const float scale_in = per_tensor(context.input(0)).scale;
  const kernels::Log2 in = kernels::checked_log2(scale_in);
  const int shift = 12 + in.exponent;
  const bool special = in.is_power_of_two && (shift == 0 || (is_tanh && shift == 1));
  if (special && !context.by_reference()) {
    return element_kernel<int16_t, int16_t>(
        context, [=](const int16_t* from, int16_t* to, int64_t count) {
          if (is_tanh) {
            kernels::tanh_in_fixed_point(shift, from, to, count);
          } else {
            kernels::logistic_in_fixed_point(from, to, count);
          }
        });
  }
  const kernels::SigmoidScale scale =
      special ? kernels::power_of_two_sigmoid(shift) : kernels::prepare_sigmoid(scale_in);
  return element_kernel<int16_t, int16_t>(context,
                                          [=](const int16_t* from, int16_t* to, int64_t count) {
                                            if (is_tanh) {
                                              kernels::tanh_by_table(scale, from, to, count);
                                            } else {
                                              kernels::logistic_by_table(scale, from, to, count);
                                            }
                                          });
}

template <class T>
BoundKernel plain_magnitude(const BindContext& context) {
  return element_kernel<T, T>(
      context, [](const T* in, T* out, int64_t count) { kernels::magnitude(in, out, count); });
}

template <class T>
BoundKernel plain_negation(const BindContext& context) {
  return element_kernel<T, T>(
      context, [](const T* in, T* out, int64_t count) { kernels::negate(in, out, count); });
}

}  // namespace

BoundKernel logistic(const BindContext& context) {
  BoundKernel plain =
      bind_float(context, context.by_reference() ? kernels::Unary::logistic_in_pieces
                                                 : kernels::Unary::logistic);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype == DType::int16) {
    if (per_tensor(context.output()).scale != 1.0f / 32768) {
      context.unsupported("an int16 output needs the scale 1/32768");
    }
    return bind_int16_sigmoid(context, false);
  }
  if (dtype != DType::int8 && dtype != DType::uint8) context.unsupported();
  if (!runs_on_xnnpack(context) && per_tensor(context.output()).scale != 1.0f / 256) {
    context.unsupported("an 8-bit output needs the scale 1/256");
  }
  if (dtype == DType::int8) {
    return bind_byte_table<int8_t>(context, logistic_of, xnnpack_logistic_of);
  }
  return bind_byte_table<uint8_t>(context, logistic_of, xnnpack_logistic_of);
}

BoundKernel tanh(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::tanh);
  if (plain.run) return plain;
  switch (context.output().dtype) {
    case DType::int8:
      return bind_byte_table<int8_t>(context, kernels::correct_tanh, kernels::correct_tanh);
    case DType::uint8:
      return bind_byte_table<uint8_t>(context, kernels::correct_tanh, kernels::correct_tanh);
    case DType::int16:
      return bind_int16_sigmoid(context, true);
    default:
      context.unsupported();
  }
}

BoundKernel elu(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::elu);
  if (plain.run) return plain;
  if (context.output().dtype != DType::int8) context.unsupported();
  return bind_byte_table<int8_t>(context, elu_of, elu_of);
}

BoundKernel gelu(const BindContext& context) {
  const bool approximate = context.op<Gelu>().approximate;
  BoundKernel plain =
      bind_float(context, approximate ? kernels::Unary::approximate_gelu : kernels::Unary::gelu);
  if (plain.run) return plain;
  const Function function = approximate ? approximate_gelu_of : gelu_of;
  switch (context.output().dtype) {
    case DType::int8:
      return bind_byte_table<int8_t>(context, function, function);
    case DType::uint8:
      return bind_byte_table<uint8_t>(context, function, function);
    case DType::int16:
      return bind_short_table(context, function);
    default:
      context.unsupported();
  }
}

BoundKernel exp(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::exp);
  if (plain.run) return plain;
  switch (context.output().dtype) {
    case DType::int8:
      return bind_byte_table<int8_t>(context, kernels::correct_exp, kernels::correct_exp);
    case DType::int16:
      want_zero_points_of_zero(context);
      return bind_short_table(context, kernels::correct_exp);
    default:
      context.unsupported();
  }
}

BoundKernel log(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::log);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype != DType::int8 && dtype != DType::int16) context.unsupported();
  const kernels::TableScales s = table_scales(context);
  // What has no logarithm gives the least output.
  const float least = static_cast<float>(range_of(dtype).min - s.zero_point_out) * s.scale_out;
  const Function function = [least](float x) {
    return x <= 0.0f ? least : kernels::correct_log(x);
  };
  if (dtype == DType::int8) return bind_byte_table<int8_t>(context, function, function);
  want_zero_points_of_zero(context);
  return bind_short_table(context, function);
}

BoundKernel sqrt(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::sqrt);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype != DType::int8 && dtype != DType::int16) context.unsupported();
  const kernels::TableScales s = table_scales(context);
  const kernels::SquareRoot root = {s.scale_in, s.zero_point_in, s.scale_out, s.zero_point_out};
  return with_quantized_type(context, dtype, [&]<class T>(T) -> BoundKernel {
    if constexpr (std::is_signed_v<T>) {
      return element_kernel<T, T>(context, [root](const T* in, T* out, int64_t count) {
        kernels::square_root(root, in, out, count);
      });
    } else {
      context.unsupported();
    }
  });
}

BoundKernel rsqrt(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::rsqrt);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype != DType::int8 && dtype != DType::int16) context.unsupported();
  const kernels::TableScales s = table_scales(context);
  if (dtype == DType::int16) want_zero_points_of_zero(context);
  if (dtype == DType::int16 && context.arithmetic != Arithmetic::tflm) {
    return bind_short_table(
        context, [s](float x) { return x <= 0.0f ? 32767.0f * s.scale_out : 1.0f / std::sqrt(x); });
  }
  const kernels::InverseRoot root = {
      kernels::quantize_multiplier(1.0 / static_cast<double>(std::sqrt(s.scale_in) * s.scale_out)),
      s.zero_point_in, s.zero_point_out};
  return with_quantized_type(context, dtype, [&]<class T>(T) -> BoundKernel {
    if constexpr (std::is_signed_v<T>) {
      return code_kernel<T, T>(context, [root](const T* in, T* out, int64_t count) {
        for (int64_t i = 0; i < count; ++i) out[i] = kernels::inverse_root(root, in[i]);
      });
    } else {
      context.unsupported();
    }
  });
}

BoundKernel hard_swish(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::hard_swish);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype != DType::int8 && dtype != DType::uint8) context.unsupported();
  const kernels::TableScales s = table_scales(context);
  kernels::HardSwish swish = kernels::prepare_hard_swish(s.scale_in, s.scale_out);
  swish.zero_point_in = s.zero_point_in;
  swish.zero_point_out = s.zero_point_out;
  swish.min = range_of(dtype).min;
  swish.max = range_of(dtype).max;
  return with_quantized_type(context, dtype, [&]<class T>(T) -> BoundKernel {
    if constexpr (sizeof(T) == 1) {
      return code_kernel<T, T>(context, [swish](const T* in, T* out, int64_t count) {
        kernels::hard_swish(swish, in, out, count);
      });
    } else {
      context.unsupported();
    }
  });
}

BoundKernel abs(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::magnitude);
  if (plain.run) return plain;
  const DType dtype = context.output().dtype;
  if (dtype == DType::int32) {
    return plain_magnitude<int32_t>(context);
  }
  if (dtype == DType::int16 && !is_quantized(context.input(0))) {
    return plain_magnitude<int16_t>(context);
  }
  if (dtype != DType::int8 && dtype != DType::int16) context.unsupported();
  const kernels::TableScales s = table_scales(context);
  if (dtype == DType::int16) want_zero_points_of_zero(context);
  kernels::Magnitude magnitude;
  magnitude.zero_point_in = s.zero_point_in;
  magnitude.zero_point_out = s.zero_point_out;
  magnitude.min = range_of(dtype).min;
  magnitude.max = range_of(dtype).max;
  magnitude.rescales = s.scale_in != s.scale_out;
  if (magnitude.rescales) {
    magnitude.multiplier = kernels::quantize_multiplier(s.scale_in / s.scale_out);
  }
  return with_quantized_type(context, dtype, [&]<class T>(T) -> BoundKernel {
    if constexpr (std::is_signed_v<T>) {
      return code_kernel<T, T>(context, [magnitude](const T* in, T* out, int64_t count) {
        kernels::magnitude(magnitude, in, out, count);
      });
    } else {
      context.unsupported();
    }
  });
}

// Quantized tensors are negated as plain integers, as LiteRT does.
BoundKernel neg(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::negate);
  if (plain.run) return plain;
  switch (context.output().dtype) {
    case DType::int8:
      return plain_negation<int8_t>(context);
    case DType::int16:
      return plain_negation<int16_t>(context);
    case DType::int32:
      return plain_negation<int32_t>(context);
    case DType::int64:
      return plain_negation<int64_t>(context);
    default:
      context.unsupported();
  }
}

BoundKernel square(const BindContext& context) {
  BoundKernel plain = bind_float(context, kernels::Unary::square);
  if (plain.run) return plain;
  context.unsupported();
}

}  // namespace litesmith::bindings
