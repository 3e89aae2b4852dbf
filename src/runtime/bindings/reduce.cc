// MEAN, SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_ANY and REDUCE_ALL.
#include "kernels/reduce.h"

#include <limits>
#include <utility>

#include "ops/reduce.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

kernels::Reduction reduction_of(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  return kernels::Reduction(shape, reduced_dimensions(shape, context.input(1)));
}

// A kernel that takes the sums of T in scratch memory and hands them to finish(sums, out, count).
template <class T, class Sum, class Out, class Finish>
BoundKernel summing_kernel(const kernels::Reduction& reduction, Finish finish) {
  BoundKernel kernel;
  kernel.scratch_bytes = static_cast<size_t>(reduction.outputs()) * sizeof(Sum);
  kernel.run = [=](const StepMemory& memory) {
    auto* sums = reinterpret_cast<Sum*>(memory.scratch);
    kernels::sum(reduction, memory.in<T>(0), sums);
    finish(sums, memory.out<Out>(), reduction.outputs());
  };
  return kernel;
}

template <class T, class Parameters>
BoundKernel quantized_kernel(const kernels::Reduction& reduction, const Parameters& parameters) {
  return summing_kernel<T, int32_t, T>(reduction, [=](const int32_t* sums, T* out, int64_t count) {
    kernels::finish(parameters, sums, out, count);
  });
}

// Means over height and width of images, which the optimized kernels do apart.
bool is_spatial(const BindContext& context, bool keeps_dims) {
  const Shape& shape = context.input(0).shape;
  return keeps_dims && shape.size() == 4 &&
         reduced_dimensions(shape, context.input(1)) == std::vector<bool>{false, true, true, false};
}

template <class T>
kernels::ScaledSum scaled_sum(const BindContext& context, const kernels::Reduction& reduction,
                              bool mean) {
  const Affine in = per_tensor(context.input(0));
  const Affine out = per_tensor(context.output());
  kernels::ScaledSum scaled;
  scaled.multiplier =
      kernels::quantize_multiplier(static_cast<double>(in.scale) / static_cast<double>(out.scale));
  if (mean) scaled.multiplier = kernels::mean_multiplier(scaled.multiplier, reduction.terms());
  scaled.offset = in.zero_point * reduction.terms();
  scaled.zero_point_out = out.zero_point;
  return scaled;
}

template <class T>
BoundKernel bind_quantized(const BindContext& context, bool mean, bool keeps_dims) {
  const kernels::Reduction reduction = reduction_of(context);
  const Affine in = per_tensor(context.input(0));
  const Affine out = per_tensor(context.output());
  const int64_t terms = reduction.terms();
  if constexpr (sizeof(T) == 1) {
    if (runs_on_xnnpack(context)) {
      return quantized_kernel<T>(reduction,
                                 kernels::prepare_xnnpack_sum(in.scale, in.zero_point, out.scale,
                                                              out.zero_point, terms, mean));
    }
    if (!context.by_reference() && mean && is_spatial(context, keeps_dims)) {
      const auto spatial =
          kernels::prepare_spatial_mean(in.scale, in.zero_point, out.scale, out.zero_point, terms);
      const int64_t channels = context.input(0).shape.back();
      return summing_kernel<T, int32_t, T>(
          reduction, [=](const int32_t* sums, T* result, int64_t count) {
            kernels::finish(spatial, sums, result, count, channels);
          });
    }
  } else {
    if (in.zero_point != 0 || out.zero_point != 0)
      context.unsupported("int16 zero points must be 0");
  }
  if (!mean && !context.by_reference()) {
    return quantized_kernel<T>(
        reduction,
        kernels::prepare_float_sum(in.scale, in.zero_point, out.scale, out.zero_point, terms));
  }
  return quantized_kernel<T>(reduction, scaled_sum<T>(context, reduction, mean));
}

// LiteRT's reference SUM reads every quantized type as uint8: right for uint8, odd for int8, and
// not to be reproduced for int16, of which it reads half.
BoundKernel bind_reference_sum(const BindContext& context) {
  if (context.input(0).dtype == DType::int16) {
    context.unsupported("LiteRT's reference kernel reads int16 as bytes");
  }
  const kernels::Reduction reduction = reduction_of(context);
  return quantized_kernel<uint8_t>(reduction, scaled_sum<uint8_t>(context, reduction, false));
}

template <class T, class Sum>
BoundKernel bind_plain(const BindContext& context, bool mean) {
  const kernels::Reduction reduction = reduction_of(context);
  const int64_t terms = mean ? reduction.terms() : 1;
  return summing_kernel<T, Sum, T>(reduction, [terms](const Sum* sums, T* out, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      // A mean of nothing is no number; LiteRT's integers are then 0.
      if (terms == 0) {
        out[i] = std::numeric_limits<T>::quiet_NaN();
      } else {
        out[i] = static_cast<T>(sums[i] / static_cast<Sum>(terms));
      }
    }
  });
}

BoundKernel bind_sum(const BindContext& context, bool mean, bool keeps_dims) {
  if (context.input(0).dtype != context.output().dtype) context.unsupported();
  switch (context.input(0).dtype) {
    case DType::float32:
      return bind_plain<float, float>(context, mean);
    case DType::int32:
      // LiteRT sums int32 in int64 for a mean only.
      return mean ? bind_plain<int32_t, int64_t>(context, mean)
                  : bind_plain<int32_t, int32_t>(context, mean);
    case DType::int64:
      return bind_plain<int64_t, int64_t>(context, mean);
    default:
      break;
  }
  if (!mean && context.by_reference()) return bind_reference_sum(context);
  return with_quantized_type(context, context.input(0).dtype, [&]<class T>(T) {
    return bind_quantized<T>(context, mean, keeps_dims);
  });
}

template <class T>
BoundKernel extremum_kernel(const BindContext& context, bool largest) {
  const kernels::Reduction reduction = reduction_of(context);
  return {[=](const StepMemory& memory) {
    if (largest) {
      kernels::largest(reduction, memory.in<T>(0), memory.out<T>());
    } else {
      kernels::smallest(reduction, memory.in<T>(0), memory.out<T>());
    }
  }};
}

BoundKernel bind_extremum(const BindContext& context, bool largest) {
  const Value& in = context.input(0);
  if (in.dtype != context.output().dtype) context.unsupported();
  switch (in.dtype) {
    case DType::float32:
      return extremum_kernel<float>(context, largest);
    case DType::int32:
      return extremum_kernel<int32_t>(context, largest);
    case DType::int64:
      return extremum_kernel<int64_t>(context, largest);
    default:
      break;
  }
  if (!(in.quantization == context.output().quantization)) {
    context.unsupported("input and output must have the same scale and zero point");
  }
  return with_quantized_type(context, in.dtype,
                             [&]<class T>(T) { return extremum_kernel<T>(context, largest); });
}

// Booleans are bytes: any is the largest, all the smallest, of which there may be none.
BoundKernel bind_booleans(const BindContext& context, bool any) {
  if (context.input(0).dtype != DType::boolean) context.unsupported();
  BoundKernel extremum = extremum_kernel<uint8_t>(context, any);
  const int64_t count = element_count(context.output().shape);
  return {[=, run = std::move(extremum.run)](const StepMemory& memory) {
    run(memory);
    auto* out = memory.out<uint8_t>();
    for (int64_t i = 0; i < count; ++i) out[i] = out[i] != 0;
  }};
}

}  // namespace

BoundKernel mean(const BindContext& context) {
  return bind_sum(context, true, context.op<Mean>().keep_dims);
}

BoundKernel sum(const BindContext& context) {
  return bind_sum(context, false, context.op<Sum>().keep_dims);
}

BoundKernel reduce_max(const BindContext& context) { return bind_extremum(context, true); }
BoundKernel reduce_min(const BindContext& context) { return bind_extremum(context, false); }

BoundKernel reduce_any(const BindContext& context) { return bind_booleans(context, true); }
BoundKernel reduce_all(const BindContext& context) { return bind_booleans(context, false); }

}  // namespace litesmith::bindings
