// What a convolution is: the plain definition that every fast kernel must equal bit for bit, in
// whatever numbers. Also run where weights are known only when the model runs.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/conv_shape.h"

namespace litesmith::kernels::reference {

// Float products: one fused multiply-add a term, so that each output has one value on every
// machine. Padding is zeros, and zeros count as terms (they may turn a -0 into a +0).
struct FloatProducts {
  using Accumulator = float;
  float padding = 0;
  float add(float acc, float x, float w) const { return std::fma(x, w, acc); }
};

// The same with each product rounded before it is added, as LiteRT's own kernels have it.
struct SeparateProducts {
  using Accumulator = float;
  float padding = 0;
  float add(float acc, float x, float w) const { return acc + x * w; }
};

// Integer products of what stands above the zero points. Sums wrap.
template <class Acc>
struct IntegerProducts {
  using Accumulator = Acc;
  int32_t padding = 0;  // the zero point of the input
  int32_t weight_zero_point = 0;
  Acc add(Acc acc, int32_t x, int32_t w) const {
    using Unsigned = std::make_unsigned_t<Acc>;
    const int64_t product = int64_t{x - padding} * (w - weight_zero_point);
    return static_cast<Acc>(static_cast<Unsigned>(acc) + static_cast<Unsigned>(product));
  }
};

// The order in which a window's taps are summed. Depthwise layers go column by column, as XNNPACK
// does, so that their floats have the bits of LiteRT's default; integer sums have no order.
enum class TapOrder { by_row, by_column };

// Calls store(output index, accumulator, output channel, batch) for every output. `start(channel)`
// is what the accumulator begins with (the bias); terms follow tap by tap in `order`, and within a
// tap by input channel. `tap_weight(channel, tap, input channel within the group)` reads the
// filter; taps are numbered row by row.
template <class In, class Products, class Start, class TapWeight, class Store>
void convolve(const ConvShape& shape, const In* input, const Products& products, TapOrder order,
              Start start, TapWeight tap_weight, Store store) {
  size_t index = 0;
  for (int32_t batch = 0; batch < shape.batches; ++batch) {
    const In* image = input + static_cast<size_t>(batch) * shape.input_size();
    for (int32_t out_y = 0; out_y < shape.rows.output; ++out_y) {
      for (int32_t out_x = 0; out_x < shape.columns.output; ++out_x) {
        for (int32_t channel = 0; channel < shape.output_channels; ++channel) {
          const int32_t first_input = channel / shape.group_outputs() * shape.group_inputs();
          typename Products::Accumulator acc = start(channel);
          const auto taps = static_cast<int32_t>(shape.taps());
          for (int32_t i = 0; i < taps; ++i) {
            const bool by_row = order == TapOrder::by_row;
            const int32_t tap_y = by_row ? i / shape.columns.taps : i % shape.rows.taps;
            const int32_t tap_x = by_row ? i % shape.columns.taps : i / shape.rows.taps;
            const int64_t y = shape.rows.origin(out_y) + int64_t{tap_y} * shape.rows.dilation;
            const int64_t x = shape.columns.origin(out_x) + int64_t{tap_x} * shape.columns.dilation;
            const bool inside = y >= 0 && y < shape.rows.input && x >= 0 && x < shape.columns.input;
            const In* pixel =
                image + (inside ? (y * shape.columns.input + x) : 0) * shape.input_channels;
            const int32_t tap = tap_y * shape.columns.taps + tap_x;
            for (int32_t c = 0; c < shape.group_inputs(); ++c) {
              const auto value =
                  inside ? pixel[first_input + c] : static_cast<In>(products.padding);
              acc = products.add(acc, value, tap_weight(channel, tap, c));
            }
          }
          store(index++, acc, channel, batch);
        }
      }
    }
  }
}

// Reads a filter of the layout [output channel, tap row, tap column, input channel].
template <class Weight>
auto filter_by_output(const ConvShape& shape, const Weight* filter) {
  const auto taps = static_cast<size_t>(shape.taps());
  const auto inputs = static_cast<size_t>(shape.group_inputs());
  return [=](int32_t channel, int32_t tap, int32_t c) {
    const size_t row = static_cast<size_t>(channel) * taps + static_cast<size_t>(tap);
    return filter[row * inputs + static_cast<size_t>(c)];
  };
}

// Reads a depthwise filter, [1, tap row, tap column, output channel].
template <class Weight>
auto filter_by_tap(const ConvShape& shape, const Weight* filter) {
  const auto outputs = static_cast<size_t>(shape.output_channels);
  return [=](int32_t channel, int32_t tap, int32_t) {
    return filter[static_cast<size_t>(tap) * outputs + static_cast<size_t>(channel)];
  };
}

}  // namespace litesmith::kernels::reference
