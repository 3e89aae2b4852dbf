// QUANTIZE and DEQUANTIZE.
#include "base/half.h"
#include "kernels/affine.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/element_kernel.h"
#include "runtime/bindings/operands.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

kernels::AffineScale affine_scale(const Value& value) {
  const Affine affine = per_tensor(value);
  return {affine.scale, affine.zero_point};
}

// The scales of `quantized`, whose shape is [outer, channel, inner].
kernels::Channels channels_of(const BindContext& context, const Value& quantized) {
  const Quantization& quantization = quantized.quantization;
  const auto dimension = static_cast<size_t>(quantization.dimension);
  const Shape& shape = quantized.shape;
  if (quantization.dimension < 0 || dimension >= shape.size() ||
      static_cast<size_t>(shape[dimension]) != quantization.scale.size()) {
    context.unsupported("scales that do not fit the tensor's channels");
  }
  const IntegerRange range = range_of(quantized.dtype);
  kernels::Channels channels;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i < dimension) channels.outer *= shape[i];
    if (i > dimension) channels.inner *= shape[i];
  }
  for (size_t i = 0; i < quantization.scale.size(); ++i) {
    const std::vector<int64_t>& all = quantization.zero_point;
    const int64_t zero_point =
        all.empty() ? 0 : all[all.size() == quantization.scale.size() ? i : 0];
    if (zero_point < range.min || zero_point > range.max) {
      context.unsupported("a zero point outside its type");
    }
    channels.scales.push_back({quantization.scale[i], static_cast<int32_t>(zero_point)});
  }
  return channels;
}

template <class T>
BoundKernel bind_from_float(const BindContext& context) {
  if (context.output().quantization.per_channel()) {
    return {[channels = channels_of(context, context.output())](const StepMemory& memory) {
      kernels::quantize(channels, memory.in<float>(0), memory.out<T>());
    }};
  }
  const kernels::AffineScale scale = affine_scale(context.output());
  if constexpr (sizeof(T) == 1) {
    if (runs_on_xnnpack(context)) {
      const auto quantize = kernels::element_kernels(context.isa).codes<T>().quantize;
      return element_kernel<float, T>(context, [=](const float* in, T* out, int64_t count) {
        quantize(scale, in, out, count);
      });
    }
  }
  const auto rounding =
      context.by_reference() ? kernels::FloatRounding::reference : kernels::FloatRounding::vector;
  return element_kernel<float, T>(context, [=](const float* in, T* out, int64_t count) {
    kernels::quantize(rounding, scale, in, out, count);
  });
}

// int32 tensors may have any zero point.
Affine affine_of(const Value& value) {
  if (value.dtype != DType::int32) return per_tensor(value);
  const Quantization& quantization = value.quantization;
  if (quantization.scale.size() != 1) {
    throw Error(ErrorCode::unsupported, "tensor '" + value.name + "' needs one scale");
  }
  const int64_t zero_point = quantization.zero_point.empty() ? 0 : quantization.zero_point[0];
  return {quantization.scale[0], static_cast<int32_t>(zero_point)};
}

template <class In, class Out>
BoundKernel bind_requantize(const BindContext& context) {
  const Affine in = affine_of(context.input(0));
  const Affine out = affine_of(context.output());
  if constexpr (std::is_same_v<In, Out> && sizeof(In) == 1) {
    if (runs_on_xnnpack(context)) {
      const kernels::XnnpackRequantization p = {
          kernels::round_half_even(256.0f * (in.scale / out.scale)), in.zero_point, out.zero_point};
      return code_kernel<In, Out>(context, [p](const In* from, Out* to, int64_t count) {
        kernels::requantize(p, from, to, count);
      });
    }
  }
  if (sizeof(In) == 2 && sizeof(Out) == 2 && (in.zero_point != 0 || out.zero_point != 0)) {
    context.unsupported("int16 zero points must be 0");
  }
  kernels::CodeRequantization p;
  p.multiplier =
      kernels::quantize_multiplier(static_cast<double>(in.scale) / static_cast<double>(out.scale));
  p.zero_point_in = in.zero_point;
  p.zero_point_out = out.zero_point;
  // Only these have vector code.
  if (!context.by_reference() && sizeof(In) == 1 && sizeof(Out) == 1) {
    p.half_up_group = 16;
  }
  auto body = [p](const In* from, Out* to, int64_t count) {
    kernels::requantize(p, from, to, count);
  };
  if constexpr (sizeof(In) == 1 && sizeof(Out) == 1) {
    // Where the groups round as their rest does, a code's place does not matter.
    const bool everywhere_alike = table_of<In, Out>(body, true) == table_of<In, Out>(body, false);
    if (!everywhere_alike) return element_kernel<In, Out>(context, body);
  }
  return code_kernel<In, Out>(context, body);
}

constexpr int pair(DType from, DType to) {
  return static_cast<int>(from) * kDTypeCount + static_cast<int>(to);
}

template <class T>
BoundKernel bind_to_float(const BindContext& context) {
  const bool by_channel = context.arithmetic != Arithmetic::tflm;
  if (by_channel && context.input(0).quantization.per_channel()) {
    if constexpr (sizeof(T) == 1) {
      return {[channels = channels_of(context, context.input(0))](const StepMemory& memory) {
        kernels::dequantize(channels, memory.in<T>(0), memory.out<float>());
      }};
    } else {
      context.unsupported("int16 with a scale for each channel");
    }
  }
  const Affine affine = only_scale(context, context.input(0));
  const kernels::AffineScale scale = {affine.scale, affine.zero_point};
  if (sizeof(T) == 2 && scale.zero_point != 0) context.unsupported("int16 zero points must be 0");
  const bool moves = !context.by_reference() && !runs_on_xnnpack(context);
  if constexpr (sizeof(T) == 1) {
    if (!moves) {
      const auto dequantize = kernels::element_kernels(context.isa).codes<T>().dequantize;
      return element_kernel<T, float>(context, [=](const T* in, float* out, int64_t count) {
        dequantize(scale, in, out, count);
      });
    }
  }
  const auto way = moves ? kernels::Dequantization::moved : kernels::Dequantization::product;
  return element_kernel<T, float>(context, [=](const T* in, float* out, int64_t count) {
    kernels::dequantize(way, scale, in, out, count);
  });
}

// Constants of int2 and int4, unpacked, by the kernel of int8. XNNPACK does not take them.
BoundKernel bind_narrow_to_float(const BindContext& context) {
  const Value& narrow = context.input(0);
  if (!narrow.is_constant()) context.unsupported("its codes are computed when the model runs");
  if (narrow.block_scales) context.unsupported("its scales are by blocks");
  const Value wide = widened_integers(narrow);
  const Arithmetic arithmetic =
      context.arithmetic == Arithmetic::litert ? Arithmetic::builtin : context.arithmetic;
  const BoundKernel inner = bind_to_float<int8_t>(
      {{context.node.op, {&wide}, context.node.outputs}, arithmetic, context.isa});
  return {.run =
              [run = inner.run, codes = *wide.data](const StepMemory& memory) {
                const std::byte* const input = codes.bytes().data();
                run({.inputs = {&input, 1}, .outputs = memory.outputs, .scratch = memory.scratch});
              },
          .scratch_bytes = inner.scratch_bytes};
}

}  // namespace

BoundKernel quantize(const BindContext& context) {
  switch (pair(context.input(0).dtype, context.output().dtype)) {
    case pair(DType::float32, DType::int8):
      return bind_from_float<int8_t>(context);
    case pair(DType::float32, DType::uint8):
      return bind_from_float<uint8_t>(context);
    case pair(DType::float32, DType::int16):
      return bind_from_float<int16_t>(context);
    case pair(DType::int8, DType::int8):
      return bind_requantize<int8_t, int8_t>(context);
    case pair(DType::int8, DType::uint8):
      return bind_requantize<int8_t, uint8_t>(context);
    case pair(DType::int8, DType::int16):
      return bind_requantize<int8_t, int16_t>(context);
    case pair(DType::uint8, DType::int8):
      return bind_requantize<uint8_t, int8_t>(context);
    case pair(DType::uint8, DType::uint8):
      return bind_requantize<uint8_t, uint8_t>(context);
    case pair(DType::uint8, DType::int16):
      return bind_requantize<uint8_t, int16_t>(context);
    case pair(DType::int16, DType::int8):
      return bind_requantize<int16_t, int8_t>(context);
    case pair(DType::int16, DType::int16):
      return bind_requantize<int16_t, int16_t>(context);
    case pair(DType::int16, DType::int32):
      return bind_requantize<int16_t, int32_t>(context);
    case pair(DType::int32, DType::int8):
      return bind_requantize<int32_t, int8_t>(context);
    case pair(DType::int32, DType::int16):
      return bind_requantize<int32_t, int16_t>(context);
    default:
      context.unsupported();
  }
}

BoundKernel dequantize(const BindContext& context) {
  if (context.output().dtype != DType::float32) context.unsupported();
  if (context.input(0).dtype == DType::float16) {
    return element_kernel<uint16_t, float>(context,
                                           [](const uint16_t* in, float* out, int64_t count) {
                                             for (int64_t i = 0; i < count; ++i)
                                               out[i] = half_to_float(in[i]);
                                           });
  }
  if (context.input(0).dtype == DType::int4 || context.input(0).dtype == DType::int2) {
    return bind_narrow_to_float(context);
  }
  return with_quantized_type(context, context.input(0).dtype,
                             [&]<class T>(T) { return bind_to_float<T>(context); });
}

}  // namespace litesmith::bindings
