#include "ops/transpose_conv.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "kernels/matrix_product.h"
#include "kernels/transposed_convolution.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/convolution.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

constexpr size_t kFilter = 1;
constexpr size_t kInput = 2;
constexpr size_t kBias = 3;

kernels::TransposedShape shape_of(const BindContext& context) {
  const auto& op = context.op<TransposeConv>();
  const Shape& filter = context.input(kFilter).shape;
  const Shape& input = context.input(kInput).shape;
  const Shape& output = context.output().shape;
  return {.batches = input[0],
          .rows = window(output[1], input[1], filter[1], op.stride_h, 1, op.padding),
          .columns = window(output[2], input[2], filter[2], op.stride_w, 1, op.padding),
          .input_channels = input[3],
          .output_channels = filter[0]};
}

// Runs the layer: `add` as in kernels::spread, finish(sum, channel) makes the output.
template <class In, class Weight, class Bias, class Sum, class Out, class Add, class Finish>
BoundKernel bind_sums(const BindContext& context, Add add, Finish finish) {
  const kernels::TransposedShape shape = shape_of(context);
  const bool has_bias = context.optional_input(kBias) != nullptr;
  const Value& filter = context.input(kFilter);
  std::vector<Weight> packed;
  if (filter.is_constant()) {
    packed.resize(shape.filter_size());
    kernels::pack_filter(shape, filter.elements<Weight>().data(), packed.data());
  }
  const size_t sums_bytes = shape.output_size() * sizeof(Sum);
  const size_t filter_bytes = packed.empty() ? shape.filter_size() * sizeof(Weight) : 0;
  return {.run =
              [=, packed = std::move(packed)](const StepMemory& memory) {
                auto* sums = reinterpret_cast<Sum*>(memory.scratch);
                const Weight* weights = packed.data();
                if (packed.empty()) {
                  auto* room = reinterpret_cast<Weight*>(memory.scratch + sums_bytes);
                  kernels::pack_filter(shape, memory.in<Weight>(kFilter), room);
                  weights = room;
                }
                const auto channels = static_cast<size_t>(shape.output_channels);
                Out* out = memory.out<Out>();
                for (int32_t b = 0; b < shape.batches; ++b) {
                  for (size_t i = 0; i < shape.output_size(); ++i) {
                    sums[i] =
                        has_bias ? static_cast<Sum>(memory.in<Bias>(kBias)[i % channels]) : Sum{0};
                  }
                  kernels::spread(
                      shape, memory.in<In>(kInput) + static_cast<size_t>(b) * shape.input_size(),
                      weights, sums, add);
                  for (size_t i = 0; i < shape.output_size(); ++i) {
                    *out++ = finish(sums[i], i % channels);
                  }
                }
              },
          .scratch_bytes = sums_bytes + filter_bytes};
}

BoundKernel bind_float(const BindContext& context) {
  const FloatRange range = activation_range(context.op<TransposeConv>().activation);
  const int64_t channels = context.output().shape[3];
  const auto multiply_add = kernels::float_multiply_add(context.isa);
  return bind_sums<float, float, float, float, float>(
      context,
      [=](float x, const float* weights, float* sums) { multiply_add(x, weights, sums, channels); },
      [range](float sum, size_t) {
        const float at_least = sum < range.min ? range.min : sum;
        return range.max < at_least ? range.max : at_least;
      });
}

template <class In, class Bias, class Policy>
BoundKernel bind_integer(const BindContext& context,
                         const kernels::Requantization<Policy>& requantization) {
  using Sum = typename Policy::Accumulator;
  const int32_t zero_point = per_tensor(context.input(kInput)).zero_point;
  const int64_t channels = context.output().shape[3];
  return bind_sums<In, int8_t, Bias, Sum, In>(
      context,
      [=](In x, const int8_t* weights, Sum* sums) {
        kernels::add_integer_products(x - zero_point, weights, sums, channels);
      },
      [requantization](Sum sum, size_t channel) {
        return static_cast<In>(requantization.apply(sum, channel));
      });
}

template <class In>
BoundKernel bind_quantized(const BindContext& context) {
  const auto& op = context.op<TransposeConv>();
  const Value* bias = context.optional_input(kBias);
  const bool wide = sizeof(In) == 2 && op.quantized_bias_type != DType::int32;
  if (bias != nullptr && bias->dtype != (wide ? DType::int64 : DType::int32)) {
    context.unsupported("the bias is of another type than the sums");
  }
  const Convolution convolution = {.layer = Layer::transposed,
                                   .shape = {.output_channels = context.output().shape[3]},
                                   .activation = op.activation,
                                   .quantized_bias_type = op.quantized_bias_type};
  const kernels::AnyRequantization any = layer_requantization(
      context, convolution, context.input(kInput), context.input(kFilter), bias);
  return std::visit(
      [&]<class Policy>(const kernels::Requantization<Policy>& requantization) {
        if constexpr (sizeof(typename Policy::Accumulator) == 8) {
          return bind_integer<In, int64_t>(context, requantization);
        } else {
          return bind_integer<In, int32_t>(context, requantization);
        }
      },
      any);
}

}  // namespace

BoundKernel transpose_conv(const BindContext& context) {
  const DType input = context.input(kInput).dtype;
  const DType filter = context.input(kFilter).dtype;
  if (context.output().dtype != input) context.unsupported();
  if (element_count(context.output().shape) == 0) return {.run = [](const StepMemory&) {}};
  if (input == DType::float32 && filter == DType::float32) return bind_float(context);
  if (input == DType::int8 && filter == DType::int8) return bind_quantized<int8_t>(context);
  if (input == DType::int16 && filter == DType::int8) return bind_quantized<int16_t>(context);
  context.unsupported();
}

}  // namespace litesmith::bindings
