// Transposed convolution: every input pixel spreads the filter, times its values, over the output
// around its place (LiteRT reference/transpose_conv.h). Sums are made in a scratch image; the order
// of the terms of each is that of the input pixels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/window.h"

namespace litesmith::kernels {

struct TransposedShape {
  int32_t batches = 1;
  // Of the convolution that this one transposes: its input is our output.
  Window rows = {};
  Window columns = {};
  int32_t input_channels = 1;
  int32_t output_channels = 1;

  size_t input_size() const {  // of one image
    return static_cast<size_t>(rows.output) * static_cast<size_t>(columns.output) *
           static_cast<size_t>(input_channels);
  }
  size_t output_size() const {
    return static_cast<size_t>(rows.input) * static_cast<size_t>(columns.input) *
           static_cast<size_t>(output_channels);
  }
  size_t filter_size() const {
    return static_cast<size_t>(rows.taps) * static_cast<size_t>(columns.taps) *
           static_cast<size_t>(input_channels) * static_cast<size_t>(output_channels);
  }
};

// A filter [output channel, tap row, tap column, input channel] with the output channels last.
template <class T>
void pack_filter(const TransposedShape& shape, const T* filter, T* packed) {
  const auto outputs = static_cast<size_t>(shape.output_channels);
  const size_t rest = shape.filter_size() / std::max<size_t>(outputs, 1);
  for (size_t o = 0; o < outputs; ++o) {
    for (size_t i = 0; i < rest; ++i) packed[i * outputs + o] = filter[o * rest + i];
  }
}

// Adds to `sums`, which hold an image's bias. `add(x, weights, sums)` takes one input element to
// the row of output channels.
template <class In, class Weight, class Sum, class Add>
void spread(const TransposedShape& shape, const In* image, const Weight* packed, Sum* sums,
            Add add) {
  const int64_t outputs = shape.output_channels;
  for (int32_t y = 0; y < shape.rows.output; ++y) {
    const Window::Range taps_y = shape.rows.inside(y);
    for (int32_t x = 0; x < shape.columns.output; ++x, image += shape.input_channels) {
      const Window::Range taps_x = shape.columns.inside(x);
      for (int32_t tap_y = taps_y.begin; tap_y < taps_y.end; ++tap_y) {
        const int64_t out_y = shape.rows.origin(y) + tap_y;
        for (int32_t tap_x = taps_x.begin; tap_x < taps_x.end; ++tap_x) {
          const int64_t out_x = shape.columns.origin(x) + tap_x;
          const int64_t tap = int64_t{tap_y} * shape.columns.taps + tap_x;
          const Weight* weights = packed + tap * shape.input_channels * outputs;
          Sum* to = sums + (out_y * shape.columns.input + out_x) * outputs;
          for (int32_t c = 0; c < shape.input_channels; ++c)
            add(image[c], weights + c * outputs, to);
        }
      }
    }
  }
}

// to[o] += x * weights[o], wrapping.
template <class Weight, class Sum>
void add_integer_products(int32_t x, const Weight* weights, Sum* to, int64_t count) {
  using Unsigned = std::make_unsigned_t<Sum>;
  if (x == 0) return;
  for (int64_t o = 0; o < count; ++o) {
    const int64_t product = int64_t{x} * weights[o];
    to[o] = static_cast<Sum>(static_cast<Unsigned>(to[o]) + static_cast<Unsigned>(product));
  }
}

}  // namespace litesmith::kernels
