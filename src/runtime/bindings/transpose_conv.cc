#include "ops/transpose_conv.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/arena.h"
#include "kernels/dynamic_quantization.h"
#include "kernels/kernel_set.h"
#include "kernels/matrix_product.h"
#include "kernels/transposed_convolution.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
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

// The filter packed, where it is constant.
template <class Weight>
std::vector<Weight> packed_constant(const BindContext& context,
                                    const kernels::TransposedShape& shape) {
  const Value& filter = context.input(kFilter);
  if (!filter.is_constant()) return {};
  std::vector<Weight> packed(shape.filter_size());
  kernels::pack_filter(shape, filter.elements<Weight>().data(), packed.data());
  return packed;
}

float clamped(float x, FloatRange range) {
  const float at_least = x < range.min ? range.min : x;
  return range.max < at_least ? range.max : at_least;
}

// Runs the layer: `add` as in kernels::spread, finish(sum, channel) makes the output.
template <class In, class Weight, class Bias, class Sum, class Out, class Add, class Finish>
BoundKernel bind_sums(const BindContext& context, Add add, Finish finish) {
  const kernels::TransposedShape shape = shape_of(context);
  const bool has_bias = context.optional_input(kBias) != nullptr;
  std::vector<Weight> packed = packed_constant<Weight>(context, shape);
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
      [range](float sum, size_t) { return clamped(sum, range); });
}

// One image of a layer with float activations and int8 weights.
struct HybridImage {
  const int8_t* quantized;
  kernels::DynamicAffine affine;
  const int8_t* filter;  // packed
  const float* weight_scales;
  const float* bias;  // null: zeros
  FloatRange range;

  float bias_of(size_t channel) const { return bias == nullptr ? 0.0f : bias[channel]; }
};

// LiteRT's own kernel takes each product to float before it is added, and adds the bias last
// (reference/transpose_conv.h, HybridTransposeConv; its optimized kernel is the same).
void add_real_products(const kernels::TransposedShape& shape, const HybridImage& image,
                       float* output) {
  const auto channels = static_cast<size_t>(shape.output_channels);
  std::fill_n(output, shape.output_size(), 0.0f);
  kernels::spread(shape, image.quantized, image.filter, output,
                  [&](int8_t x, const int8_t* weights, float* sums) {
                    const int32_t above = x - image.affine.zero_point;
                    for (size_t o = 0; o < channels; ++o) {
                      const auto product = static_cast<float>(above * weights[o]);
                      sums[o] += product * image.weight_scales[o] * image.affine.scale;
                    }
                  });
  for (size_t i = 0; i < shape.output_size(); ++i) {
    output[i] = clamped(output[i] + image.bias_of(i % channels), image.range);
  }
}

// XNNPACK ("qd8") adds in integers.
void add_integer_products(const kernels::TransposedShape& shape, const HybridImage& image,
                          int32_t* sums, float* output) {
  const auto channels = static_cast<size_t>(shape.output_channels);
  std::fill_n(sums, shape.output_size(), 0);
  kernels::spread(shape, image.quantized, image.filter, sums,
                  [&](int8_t x, const int8_t* weights, int32_t* to) {
                    kernels::add_integer_products(x - image.affine.zero_point, weights, to,
                                                  shape.output_channels);
                  });
  for (size_t i = 0; i < shape.output_size(); ++i) {
    const size_t channel = i % channels;
    const float real =
        kernels::to_real(kernels::ScaleOrder::fused, sums[i], image.weight_scales[channel],
                         image.affine.scale, image.bias_of(channel));
    output[i] = clamped(real, image.range);
  }
}

BoundKernel bind_hybrid(const BindContext& context) {
  const Value& filter = context.input(kFilter);
  const Value* bias = context.optional_input(kBias);
  if (!filter.is_constant()) context.unsupported("weights of a hybrid layer must be constant");
  if (bias != nullptr && bias->dtype != DType::float32) context.unsupported();
  const kernels::TransposedShape shape = shape_of(context);
  const FloatRange range = activation_range(context.op<TransposeConv>().activation);
  const bool xnnpack = runs_on_xnnpack(context);
  const kernels::DynamicLoops* loops = kernels::kernel_set(context.isa).dynamic;
  const size_t quantized_bytes = round_up(shape.input_size());
  return {
      .run =
          [=, has_bias = bias != nullptr, packed = packed_constant<int8_t>(context, shape),
           scales = channel_scales(filter, shape.output_channels, 0)](const StepMemory& memory) {
            auto* quantized = reinterpret_cast<int8_t*>(memory.scratch);
            auto* sums = reinterpret_cast<int32_t*>(memory.scratch + quantized_bytes);
            const float* input = memory.in<float>(kInput);
            float* output = memory.out<float>();
            HybridImage image = {.quantized = quantized,
                                 .affine = {},
                                 .filter = packed.data(),
                                 .weight_scales = scales.data(),
                                 .bias = has_bias ? memory.in<float>(kBias) : nullptr,
                                 .range = range};
            for (int32_t b = 0; b < shape.batches; ++b) {
              image.affine = kernels::quantize_dynamically(
                  *loops,
                  xnnpack ? kernels::DynamicScheme::xnnpack : kernels::DynamicScheme::asymmetric,
                  {input, shape.input_size()}, quantized);
              if (xnnpack) {
                add_integer_products(shape, image, sums, output);
              } else {
                add_real_products(shape, image, output);
              }
              input += shape.input_size();
              output += shape.output_size();
            }
          },
      .scratch_bytes = quantized_bytes + (xnnpack ? shape.output_size() * sizeof(int32_t) : 0)};
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
  if (input == DType::float32 && filter == DType::int8) return bind_hybrid(context);
  if (input == DType::int8 && filter == DType::int8) return bind_quantized<int8_t>(context);
  if (input == DType::int16 && filter == DType::int8) return bind_quantized<int16_t>(context);
  context.unsupported();
}

}  // namespace litesmith::bindings
