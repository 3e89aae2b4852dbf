// What pooling is: the plain definition that the fast kernels must equal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/conv_shape.h"

namespace litesmith::kernels::reference {

// Calls store(output index, accumulator, number of terms) for every output; `add` takes the values
// of the image under the window in order, `start` is what the accumulator begins with. The shape's
// channels are the input's; padding has no values.
template <class In, class Acc, class Add, class Store>
void pool(const ConvShape& shape, const In* input, Acc start, Add add, Store store) {
  size_t index = 0;
  for (int32_t batch = 0; batch < shape.batches; ++batch) {
    const In* image = input + static_cast<size_t>(batch) * shape.input_size();
    for (int32_t out_y = 0; out_y < shape.rows.output; ++out_y) {
      const Window::Range taps_y = shape.rows.inside(out_y);
      for (int32_t out_x = 0; out_x < shape.columns.output; ++out_x) {
        const Window::Range taps_x = shape.columns.inside(out_x);
        for (int32_t channel = 0; channel < shape.input_channels; ++channel) {
          Acc acc = start;
          for (int32_t tap_y = taps_y.begin; tap_y < taps_y.end; ++tap_y) {
            const int64_t y = shape.rows.origin(out_y) + tap_y;
            for (int32_t tap_x = taps_x.begin; tap_x < taps_x.end; ++tap_x) {
              const int64_t x = shape.columns.origin(out_x) + tap_x;
              acc = add(acc, image[(y * shape.columns.input + x) * shape.input_channels + channel]);
            }
          }
          store(index++, acc, int64_t{taps_y.count()} * taps_x.count());
        }
      }
    }
  }
}

// The larger of two; the first when either is no number.
template <class T>
T larger(T a, T b) {
  return a < b ? b : a;
}

// The average of `count` integers that sum to `sum`, halves away from zero; zero for none.
inline int64_t rounded_average(int64_t sum, int64_t count) {
  if (count == 0) return 0;
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

}  // namespace litesmith::kernels::reference
