#include "runtime/bindings/convolution.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "kernels/conv.h"
#include "kernels/depthwise.h"
#include "kernels/keeps_order.h"
#include "kernels/narrow_dense.h"
#include "kernels/planar_conv.h"
#include "kernels/reference/convolution.h"
#include "kernels/split_conv.h"
#include "kernels/winograd.h"
#include "ops/geometry.h"
#include "runtime/bindings/convolution_layout.h"
#include "runtime/bindings/convolution_requantization.h"
#include "runtime/bindings/operands.h"
#include "runtime/bindings/quantization.h"
#include "runtime/xnnpack_takes.h"

namespace litesmith::bindings {
namespace {

using kernels::AnyRequantization;
using kernels::ConvShape;
using kernels::DynamicScheme;
using kernels::KernelSet;
using kernels::Requantization;
using kernels::ScaleOrder;
using kernels::ScaleOrders;
using kernels::reference::TapOrder;

// A bound kernel that keeps a prepared layer from kernels/conv.h or depthwise.h.
template <class Prepared, class In, class Out, class... Arguments>
BoundKernel keep(Arguments&&... arguments) {
  auto prepared = std::make_shared<const Prepared>(std::forward<Arguments>(arguments)...);
  return {.run =
              [prepared](const StepMemory& memory) {
                prepared->run(memory.in<In>(0), memory.out<Out>(), memory.scratch);
              },
          .scratch_bytes = prepared->scratch_bytes()};
}

ConvShape with_channels(ConvShape shape, int32_t channels) {
  shape.output_channels = channels;
  return shape;
}

float clamped(float x, FloatRange range) {
  const float at_least = x < range.min ? range.min : x;
  return range.max < at_least ? range.max : at_least;
}

// Runs the definition on a filter that is known only when the model runs. `start(memory, channel)`
// and `finish(acc, channel)` as in reference::convolve; `order` is that of depthwise layers.
template <class In, class Weight, class Out, class Products, class Start, class Finish>
BoundKernel run_definition(const Convolution& convolution, Products products, Start start,
                           Finish finish, TapOrder order = TapOrder::by_column) {
  return {.run = [shape = convolution.shape, layer = convolution.layer, products, start, finish,
                  order](const StepMemory& memory) {
    const auto from = [&](int32_t channel) { return start(memory, channel); };
    const auto store = [&](size_t index, auto acc, int32_t channel, int32_t) {
      memory.out<Out>()[index] = finish(acc, channel);
    };
    const Weight* const filter = memory.in<Weight>(1);
    if (layer == Layer::depthwise) {
      kernels::reference::convolve(shape, memory.in<In>(0), products, order, from,
                                   kernels::reference::filter_by_tap(shape, filter), store);
    } else {
      kernels::reference::convolve(shape, memory.in<In>(0), products, TapOrder::by_row, from,
                                   kernels::reference::filter_by_output(shape, filter), store);
    }
  }};
}

// LiteRT's own depthwise kernels for float, to the bit: a network in dynamic range quantizes what
// they give, and a last bit becomes a step there. The reference kernel adds the bias at the end.
BoundKernel bind_separate_depthwise(const Layout& layout, FloatRange range) {
  std::vector<float> bias(static_cast<size_t>(layout.convolution.shape.output_channels));
  if (layout.bias != nullptr) {
    const auto given = elements<float>(*layout.bias);
    std::copy(given.begin(), given.end(), bias.begin());
  }
  const bool last = layout.reference();
  return run_definition<float, float, float>(
      layout.convolution, kernels::reference::SeparateProducts{},
      [bias, last](const StepMemory&, int32_t channel) {
        return last ? 0.0f : bias[static_cast<size_t>(channel)];
      },
      [bias, last, range](float acc, int32_t channel) {
        return clamped(last ? acc + bias[static_cast<size_t>(channel)] : acc, range);
      },
      TapOrder::by_row);
}

// The last `rest` channels in a part of their own.
BoundKernel bind_split_float(const Layout& layout, int32_t rest, std::span<const float> filter,
                             std::span<const float> bias, FloatRange range) {
  const ConvShape& shape = layout.convolution.shape;
  const int32_t all = shape.output_channels;
  const int32_t first = all - rest;
  const auto split = filter.size() / static_cast<size_t>(all) * static_cast<size_t>(first);
  const auto bias_split = bias.empty() ? 0 : static_cast<size_t>(first);
  const KernelSet& set = layout.kernel_set();
  const ConvShape rest_shape = with_channels(shape, rest);
  const auto most = [&] {
    return kernels::FloatConv(set, with_channels(shape, first), layout.pooled, filter.first(split),
                              bias.first(bias_split), range.min, range.max, all);
  };
  const auto behind = [&]<class Conv>(const KernelSet& of_rest) {
    const auto make = [&] {
      return Conv(of_rest, rest_shape, layout.pooled, filter.subspan(split),
                  bias.subspan(bias_split), range.min, range.max, all);
    };
    return keep<kernels::SplitConv<kernels::FloatConv, Conv>, float, float>(first, most, make);
  };
  if (kernels::PlanarConv::fits(set, rest_shape, layout.pooled)) {
    return behind.template operator()<kernels::PlanarConv>(set);
  }
  return behind.template operator()<kernels::FloatConv>(
      kernels::kernel_set_for(layout.context.isa, rest));
}

BoundKernel bind_float(const Layout& layout) {
  const Convolution& convolution = layout.convolution;
  const FloatRange range = activation_range(convolution.activation);
  if (convolution.layer == Layer::depthwise && layout.constant() &&
      layout.context.arithmetic != Arithmetic::litert) {
    return bind_separate_depthwise(layout, range);
  }
  if (!layout.constant()) {
    const bool has_bias = layout.bias != nullptr;
    return run_definition<float, float, float>(
        convolution, kernels::reference::FloatProducts{},
        [has_bias](const StepMemory& memory, int32_t channel) {
          return has_bias ? memory.in<float>(2)[channel] : 0.0f;
        },
        [range](float acc, int32_t) { return clamped(acc, range); });
  }
  const KernelSet& set = layout.kernel_set();
  const auto filter = elements<float>(layout.filter);
  const auto bias =
      layout.bias == nullptr ? std::span<const float>() : elements<float>(*layout.bias);
  if (convolution.layer == Layer::depthwise) {
    return keep<kernels::FloatDepthwise, float, float>(set, convolution.shape, filter, bias,
                                                       range.min, range.max);
  }
  const KernelSet& by_outputs = layout.set_for_outputs();
  const ConvShape& shape = convolution.shape;
  if (layout.context.reorders && convolution.layer == Layer::dense &&
      kernels::NarrowDense::fits(shape.input_channels, shape.output_channels)) {
    return keep<kernels::NarrowDense, float, float>(set, shape.columns.output, shape.input_channels,
                                                    shape.output_channels, filter, bias, range.min,
                                                    range.max);
  }
  if (layout.context.reorders && kernels::WinogradConv::fits(convolution.shape, layout.pooled)) {
    return keep<kernels::WinogradConv, float, float>(by_outputs, convolution.shape, layout.pooled,
                                                     filter, bias, range.min, range.max);
  }
  if (kernels::PlanarConv::fits(set, shape, layout.pooled)) {
    return keep<kernels::PlanarConv, float, float>(set, shape, layout.pooled, filter, bias,
                                                   range.min, range.max);
  }
  if (const int32_t rest = layout.few_behind(set.float_packing.group); rest > 0) {
    return bind_split_float(layout, rest, filter, bias, range);
  }
  return keep<kernels::FloatConv, float, float>(by_outputs, convolution.shape, layout.pooled,
                                                filter, bias, range.min, range.max);
}

// How a hybrid layer quantizes its input and in which order it scales (litert.md 3.12, the orders
// as ai-edge-litert 2.3.0 has them on x86-64).
struct HybridFormula {
  DynamicScheme scheme;
  ScaleOrders orders;
};

HybridFormula hybrid_formula(const Layout& layout) {
  constexpr ScaleOrders scales_first = {ScaleOrder::scales_first};
  constexpr ScaleOrders weights_first = {ScaleOrder::weights_first};
  if (layout.xnnpack) return {DynamicScheme::xnnpack, {ScaleOrder::fused}};
  const ConvShape& shape = layout.convolution.shape;
  switch (layout.convolution.layer) {
    case Layer::dense:
      return {layout.convolution.asymmetric_inputs ? DynamicScheme::asymmetric
                                                   : DynamicScheme::symmetric,
              scales_first};
    case Layer::depthwise:
      if (layout.reference()) return {DynamicScheme::asymmetric, scales_first};
      // Vectors of four channels, and another order for those behind.
      return {DynamicScheme::asymmetric,
              {ScaleOrder::weights_first, ScaleOrder::input_first, shape.output_channels / 4 * 4}};
    case Layer::transposed:
    case Layer::conv:
      break;
  }
  const std::vector<float>& scales = layout.filter.quantization.scale;
  const bool one_scale = std::all_of(scales.begin(), scales.end(),
                                     [&](float scale) { return scale == scales.front(); });
  if (one_scale && shape.groups == 1) return {DynamicScheme::symmetric, scales_first};
  return {DynamicScheme::asymmetric, layout.as_reference() ? weights_first : scales_first};
}

// Dense layers quantize each row by itself, convolutions each image; XNNPACK makes a pointwise
// convolution a dense layer (subgraph/convolution-2d.c).
bool quantizes_rows(const Layout& layout) {
  const ConvShape& shape = layout.convolution.shape;
  if (layout.convolution.layer == Layer::dense) return true;
  return layout.xnnpack && shape.is_pointwise() && shape.groups == 1 &&
         shape.input_channels + shape.output_channels > 2;
}

BoundKernel bind_hybrid(const Layout& layout) {
  const Convolution& convolution = layout.convolution;
  if (!layout.constant()) {
    layout.context.unsupported("weights of a hybrid layer must be constant");
  }
  if (layout.bias != nullptr && layout.bias->dtype != DType::float32) layout.context.unsupported();
  const KernelSet& set = layout.kernel_set();
  const auto filter = elements<int8_t>(layout.filter);
  const auto bias =
      layout.bias == nullptr ? std::span<const float>() : elements<float>(*layout.bias);
  const std::vector<float> scales = layout.weight_scales();
  const HybridFormula formula = hybrid_formula(layout);
  const FloatRange range = activation_range(convolution.activation);
  if (convolution.layer == Layer::depthwise) {
    return keep<kernels::HybridDepthwise, float, float>(set, convolution.shape, filter, scales,
                                                        bias, formula.scheme, formula.orders,
                                                        range.min, range.max);
  }
  return keep<kernels::HybridConv, float, float>(
      layout.set_for_outputs(), convolution.shape, layout.pooled, filter, scales, bias,
      formula.scheme, formula.orders, quantizes_rows(layout), range.min, range.max);
}

std::vector<int64_t> integer_bias(const Layout& layout) {
  std::vector<int64_t> result;
  if (layout.bias == nullptr) return result;
  if (layout.bias->dtype == DType::int64) {
    const auto values = elements<int64_t>(*layout.bias);
    result.assign(values.begin(), values.end());
  } else {
    const auto values = elements<int32_t>(*layout.bias);
    result.assign(values.begin(), values.end());
  }
  return result;
}

template <class Weight>
std::vector<int16_t> above_zero_point(const Value& filter, int32_t zero_point) {
  std::vector<int16_t> result;
  result.reserve(static_cast<size_t>(element_count(filter.shape)));
  for (const Weight weight : elements<Weight>(filter)) {
    result.push_back(static_cast<int16_t>(weight - zero_point));
  }
  return result;
}

template <class In, class Weight, class Bias>
BoundKernel integer_definition(const Layout& layout, int32_t weight_zero_point,
                               const AnyRequantization& any) {
  const bool has_bias = layout.bias != nullptr;
  return std::visit(
      [&]<class Policy>(const Requantization<Policy>& requantization) {
        using Acc = typename Policy::Accumulator;
        return run_definition<In, Weight, In>(
            layout.convolution,
            kernels::reference::IntegerProducts<Acc>{per_tensor(layout.input).zero_point,
                                                     weight_zero_point},
            [has_bias](const StepMemory& memory, int32_t channel) {
              return has_bias ? static_cast<Acc>(memory.in<Bias>(2)[channel]) : Acc{0};
            },
            [requantization](Acc acc, int32_t channel) {
              return static_cast<In>(requantization.apply(acc, static_cast<size_t>(channel)));
            });
      },
      any);
}

// In and out of type In, weights of type Weight.
template <class In, class Weight>
BoundKernel bind_integer(const Layout& layout) {
  if (layout.bias != nullptr && layout.bias->dtype != DType::int32 &&
      !(sizeof(In) == 2 && layout.bias->dtype == DType::int64)) {
    layout.context.unsupported();
  }
  // One a channel is symmetric by definition; one a tensor may have a zero point in a dense layer
  // or an old uint8 file.
  const bool one_scale = layout.filter.quantization.scale.size() == 1;
  const int32_t weight_zero_point = one_scale ? per_tensor(layout.filter).zero_point : 0;
  const AnyRequantization requantization =
      sizeof(In) == 2 ? requantization_16_bit(layout) : requantization_8_bit(layout);
  if (!layout.constant()) {
    if (layout.bias != nullptr && layout.bias->dtype == DType::int64) {
      return integer_definition<In, Weight, int64_t>(layout, weight_zero_point, requantization);
    }
    return integer_definition<In, Weight, int32_t>(layout, weight_zero_point, requantization);
  }
  const KernelSet& set = layout.kernel_set();
  const std::vector<int16_t> filter = above_zero_point<Weight>(layout.filter, weight_zero_point);
  const std::vector<int64_t> bias = integer_bias(layout);
  const int32_t zero_point = per_tensor(layout.input).zero_point;
  if (layout.convolution.layer == Layer::depthwise) {
    return keep<kernels::IntegerDepthwise<In>, In, In>(set, layout.convolution.shape, zero_point,
                                                       filter, bias, requantization);
  }
  if constexpr (std::is_same_v<In, int8_t>) {
    if (layout.convolution.layer == Layer::dense &&
        kernels::NarrowIntegerDense::fits(set, layout.convolution.shape, filter, requantization)) {
      return keep<kernels::NarrowIntegerDense, In, In>(set, layout.convolution.shape, zero_point,
                                                       filter, bias, requantization);
    }
  }
  if (const int32_t rest = layout.few_behind(set.dot_packing.group); rest > 0) {
    const ConvShape& shape = layout.convolution.shape;
    const int32_t first = shape.output_channels - rest;
    const size_t terms = filter.size() / static_cast<size_t>(shape.output_channels);
    const auto part = [&](int32_t begin, int32_t channels) {
      const auto from = static_cast<size_t>(begin);
      const auto count = static_cast<size_t>(channels);
      return kernels::IntegerConv<In>(
          kernels::kernel_set_for(layout.context.isa, channels), with_channels(shape, channels),
          layout.pooled, zero_point, std::span(filter).subspan(from * terms, count * terms),
          bias.empty() ? std::span<const int64_t>() : std::span(bias).subspan(from, count),
          kernels::part_of(requantization, from, count), shape.output_channels);
    };
    using Conv = kernels::IntegerConv<In>;
    return keep<kernels::SplitConv<Conv, Conv>, In, In>(
        first, [&] { return part(0, first); }, [&] { return part(first, rest); });
  }
  return keep<kernels::IntegerConv<In>, In, In>(layout.set_for_outputs(), layout.convolution.shape,
                                                layout.pooled, zero_point, filter, bias,
                                                requantization);
}

template <class Weight>
bool integer_sums_keep_order(const Layout& layout) {
  const bool one_scale = layout.filter.quantization.scale.size() == 1;
  const int32_t weight_zero_point = one_scale ? per_tensor(layout.filter).zero_point : 0;
  const bool wide_input = layout.input.dtype == DType::int16;
  return kernels::keeps_order(
      wide_input ? requantization_16_bit(layout) : requantization_8_bit(layout),
      above_zero_point<Weight>(layout.filter, weight_zero_point), integer_bias(layout),
      wide_input ? 1 << 15 : 255);
}

// Whether the largest of some outputs is the output of the largest sum.
bool sums_keep_order(const Layout& layout) {
  if (!layout.constant()) return false;
  switch (layout.input.dtype) {
    case DType::float32: {
      if (layout.filter.dtype == DType::float32) return true;
      const std::vector<float> scales = layout.weight_scales();
      return !quantizes_rows(layout) &&
             std::all_of(scales.begin(), scales.end(), [](float scale) { return scale >= 0; });
    }
    case DType::uint8:
      return integer_sums_keep_order<uint8_t>(layout);
    default:
      return integer_sums_keep_order<int8_t>(layout);
  }
}

// int4 weights as int8, which is how most kernels run them; other weights as they are. LiteRT has
// no depthwise kernel for them but that of int8.
std::optional<Value> widened_filter(const BindContext& context, const Convolution& convolution) {
  const Value& filter = context.input(1);
  if (filter.dtype != DType::int4) return std::nullopt;
  if (!filter.is_constant()) context.unsupported("int4 weights must be constant");
  if (convolution.layer == Layer::depthwise && context.input(0).dtype != DType::int8) {
    context.unsupported();
  }
  return widened_integers(filter);
}

Layout layout_of(const BindContext& context, const Convolution& convolution,
                 const kernels::PooledOutputs& pooled, const std::optional<Value>& widened) {
  return {.context = context,
          .convolution = convolution,
          .xnnpack = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node),
          .input = context.input(0),
          .filter = widened ? *widened : context.input(1),
          .bias = context.optional_input(2),
          .output = context.output(),
          .pooled = pooled};
}

BoundKernel bind(const Layout& layout) {
  const BindContext& context = layout.context;
  if (layout.output.dtype != layout.input.dtype) context.unsupported();
  if (element_count(layout.output.shape) == 0) return {.run = [](const StepMemory&) {}};
  switch (layout.input.dtype) {
    case DType::float32:
      if (layout.filter.dtype == DType::int8) return bind_hybrid(layout);
      if (layout.filter.dtype == DType::float32 &&
          (layout.bias == nullptr || layout.bias->dtype == DType::float32)) {
        return bind_float(layout);
      }
      break;
    case DType::int8:
      if (layout.filter.dtype == DType::int8) return bind_integer<int8_t, int8_t>(layout);
      break;
    case DType::uint8:
      if (layout.filter.dtype == DType::uint8) return bind_integer<uint8_t, uint8_t>(layout);
      break;
    case DType::int16:
      if (layout.filter.dtype == DType::int8) return bind_integer<int16_t, int8_t>(layout);
      break;
    default:
      break;
  }
  context.unsupported();
}

}  // namespace

kernels::Window window(int32_t input, int32_t output, int32_t taps, int32_t stride,
                       int32_t dilation, Padding padding) {
  return {.input = input,
          .output = output,
          .taps = taps,
          .stride = stride,
          .dilation = dilation,
          .padding_before = padding == Padding::same
                                ? window_padding_before(input, output, taps, stride, dilation)
                                : 0};
}

AnyRequantization layer_requantization(const BindContext& context, const Convolution& convolution,
                                       const Value& input, const Value& filter, const Value* bias) {
  const Layout layout{
      .context = context,
      .convolution = convolution,
      .xnnpack = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node),
      .input = input,
      .filter = filter,
      .bias = bias,
      .output = context.output(),
      .pooled = {}};
  return input.dtype == DType::int16 ? requantization_16_bit(layout) : requantization_8_bit(layout);
}

BoundKernel bind_convolution(const BindContext& context, const Convolution& convolution) {
  const std::optional<Value> widened = widened_filter(context, convolution);
  return bind(
      layout_of(context, convolution, kernels::PooledOutputs::none(convolution.shape), widened));
}

std::optional<BoundKernel> bind_pooled_convolution(const BindContext& context,
                                                   const Convolution& convolution,
                                                   const kernels::PooledOutputs& pooled) {
  const std::optional<Value> widened = widened_filter(context, convolution);
  const Layout layout = layout_of(context, convolution, pooled, widened);
  if (element_count(layout.output.shape) == 0 || !sums_keep_order(layout)) return std::nullopt;
  return bind(layout);
}

}  // namespace litesmith::bindings
