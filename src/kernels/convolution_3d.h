// Convolution over depth, height and width (LiteRT reference/conv3d.h). LiteRT's filters have the
// output channels last, so that a tap's products are a row of them; each sum begins with the bias
// and takes its terms tap by tap, the input channels innermost.
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

// out[0, output_channels): the sums at one place of the output. `volume` is one batch's input.
inline void convolve_3d_at(const Convolution3DShape& shape, int32_t d, int32_t y, int32_t x,
                           const float* volume, const float* filter, FloatMultiplyAdd multiply_add,
                           float* out) {
  const Window::Range taps_d = shape.depth.inside(d);
  const Window::Range taps_y = shape.rows.inside(y);
  const Window::Range taps_x = shape.columns.inside(x);
  const int64_t outputs = shape.output_channels;
  for (int32_t i = taps_d.begin; i < taps_d.end; ++i) {
    const int64_t plane = shape.depth.origin(d) + int64_t{i} * shape.depth.dilation;
    for (int32_t j = taps_y.begin; j < taps_y.end; ++j) {
      const int64_t row = shape.rows.origin(y) + int64_t{j} * shape.rows.dilation;
      for (int32_t k = taps_x.begin; k < taps_x.end; ++k) {
        const int64_t column = shape.columns.origin(x) + int64_t{k} * shape.columns.dilation;
        const float* in =
            volume + ((plane * shape.rows.input + row) * shape.columns.input + column) *
                         shape.input_channels;
        const int64_t tap = (int64_t{i} * shape.rows.taps + j) * shape.columns.taps + k;
        const float* weights = filter + tap * shape.input_channels * outputs;
        for (int32_t c = 0; c < shape.input_channels; ++c) {
          multiply_add(in[c], weights + c * outputs, out, outputs);
        }
      }
    }
  }
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

}  // namespace litesmith::kernels
