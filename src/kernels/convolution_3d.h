// Convolution over depth, height and width, and its transpose (LiteRT reference/conv3d.h). LiteRT's
// filters have the output channels last, so that a tap's products are a row of them; each sum
// begins with the bias and takes its terms tap by tap, the input channels innermost.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/matrix_product.h"
#include "kernels/window.h"

namespace litesmith::kernels {

struct Convolution3DShape {
  int32_t batches = 1;
  Window depth = {};
  Window rows = {};
  Window columns = {};
  int32_t input_channels = 1;
  int32_t output_channels = 1;
};

// Calls `visit(place, tap)` for each tap of the window at one place of the output that lies inside
// of the input, both counted along columns, rows and depth.
template <class Visit>
void for_each_tap(const Convolution3DShape& shape, int32_t d, int32_t y, int32_t x, Visit visit) {
  const Window::Range taps_d = shape.depth.inside(d);
  const Window::Range taps_y = shape.rows.inside(y);
  const Window::Range taps_x = shape.columns.inside(x);
  for (int32_t i = taps_d.begin; i < taps_d.end; ++i) {
    const int64_t plane = shape.depth.origin(d) + int64_t{i} * shape.depth.dilation;
    for (int32_t j = taps_y.begin; j < taps_y.end; ++j) {
      const int64_t row = shape.rows.origin(y) + int64_t{j} * shape.rows.dilation;
      for (int32_t k = taps_x.begin; k < taps_x.end; ++k) {
        const int64_t column = shape.columns.origin(x) + int64_t{k} * shape.columns.dilation;
        visit((plane * shape.rows.input + row) * shape.columns.input + column,
              (int64_t{i} * shape.rows.taps + j) * shape.columns.taps + k);
      }
    }
  }
}

// out[0, output_channels): the sums at one place of the output. `volume` is one batch's input.
inline void convolve_3d_at(const Convolution3DShape& shape, int32_t d, int32_t y, int32_t x,
                           const float* volume, const float* filter, FloatMultiplyAdd multiply_add,
                           float* out) {
  const int64_t inputs = shape.input_channels;
  const int64_t outputs = shape.output_channels;
  for_each_tap(shape, d, y, x, [&](int64_t place, int64_t tap) {
    for (int64_t c = 0; c < inputs; ++c) {
      multiply_add(volume[place * inputs + c], filter + (tap * inputs + c) * outputs, out, outputs);
    }
  });
}

// The whole output. `bias` may be null; results are clamped to [least, most].
inline void convolve_3d(const Convolution3DShape& shape, const float* input, const float* filter,
                        const float* bias, float least, float most, FloatMultiplyAdd multiply_add,
                        float* out) {
  const int64_t volume =
      int64_t{shape.depth.input} * shape.rows.input * shape.columns.input * shape.input_channels;
  for (int32_t b = 0; b < shape.batches; ++b, input += volume) {
    for (int32_t d = 0; d < shape.depth.output; ++d) {
      for (int32_t y = 0; y < shape.rows.output; ++y) {
        for (int32_t x = 0; x < shape.columns.output; ++x, out += shape.output_channels) {
          if (bias != nullptr) {
            std::copy_n(bias, shape.output_channels, out);
          } else {
            std::fill_n(out, shape.output_channels, 0.0f);
          }
          convolve_3d_at(shape, d, y, x, input, filter, multiply_add, out);
          for (int32_t c = 0; c < shape.output_channels; ++c) {
            const float at_least = out[c] < least ? least : out[c];
            out[c] = most < at_least ? most : at_least;
          }
        }
      }
    }
  }
}

// The transposed convolution (LiteRT reference/conv3d_transpose.h). `shape` is that of the
// convolution which it turns around: its inputs are what is made here. `filter` is [d, h, w, in,
// out] of what is read and made; the bias is added last.
inline void transpose_convolve_3d(const Convolution3DShape& shape, const float* input,
                                  const float* filter, const float* bias, float least, float most,
                                  FloatMultiplyAdd multiply_add, float* out) {
  const int64_t made = shape.input_channels;
  const int64_t read = shape.output_channels;
  const int64_t places = int64_t{shape.depth.input} * shape.rows.input * shape.columns.input;
  for (int32_t b = 0; b < shape.batches; ++b, out += places * made) {
    std::fill_n(out, places * made, 0.0f);
    for (int32_t d = 0; d < shape.depth.output; ++d) {
      for (int32_t y = 0; y < shape.rows.output; ++y) {
        for (int32_t x = 0; x < shape.columns.output; ++x, input += read) {
          const auto spread = [&](int64_t place, int64_t tap) {
            for (int64_t c = 0; c < read; ++c) {
              multiply_add(input[c], filter + (tap * read + c) * made, out + place * made, made);
            }
          };
          for_each_tap(shape, d, y, x, spread);
        }
      }
    }
    for (int64_t i = 0; i < places * made; ++i) {
      const float sum = bias == nullptr ? out[i] : out[i] + bias[i % made];
      const float at_least = sum < least ? least : sum;
      out[i] = most < at_least ? most : at_least;
    }
  }
}

}  // namespace litesmith::kernels
