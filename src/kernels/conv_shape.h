// The sizes of a convolution over NHWC images, in plain numbers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/window.h"

namespace litesmith::kernels {

// A dense layer is a convolution too: one window of one tap, an image of one row.
struct ConvShape {
  int32_t batches = 1;
  Window rows = {};  // over the height
  Window columns = {};
  int32_t input_channels = 1;
  int32_t output_channels = 1;
  // Channels are convolved in this many groups that do not mix; depthwise when it is
  // input_channels.
  int32_t groups = 1;

  int32_t group_inputs() const { return input_channels / groups; }
  int32_t group_outputs() const { return output_channels / groups; }
  size_t input_size() const {  // of one image
    return static_cast<size_t>(rows.input) * static_cast<size_t>(columns.input) *
           static_cast<size_t>(input_channels);
  }
  size_t output_pixels() const {  // of one image
    return static_cast<size_t>(rows.output) * static_cast<size_t>(columns.output);
  }
  size_t taps() const { return static_cast<size_t>(rows.taps) * static_cast<size_t>(columns.taps); }
  // Each output pixel sees just the input pixel at its place.
  bool is_pointwise() const {
    return taps() == 1 && rows.stride == 1 && columns.stride == 1 && rows.padding_before == 0 &&
           columns.padding_before == 0 && rows.output == rows.input &&
           columns.output == columns.input;
  }
};

// Max pooling right behind a convolution: of each window over its outputs only the largest is kept.
// No window reaches beyond the outputs.
struct PooledOutputs {
  int32_t output_rows = 1;  // positions of the window
  int32_t output_columns = 1;
  int32_t rows = 1;  // of the window
  int32_t columns = 1;
  int32_t row_stride = 1;
  int32_t column_stride = 1;

  size_t output_pixels() const {
    return static_cast<size_t>(output_rows) * static_cast<size_t>(output_columns);
  }
  // Without pooling: each output by itself.
  static PooledOutputs none(const ConvShape& shape) {
    return {.output_rows = shape.rows.output, .output_columns = shape.columns.output};
  }
  bool pools() const { return rows != 1 || columns != 1 || row_stride != 1 || column_stride != 1; }
};

// A dense layer of `outputs` units on `count` rows of `inputs` numbers.
inline ConvShape dense_shape(int32_t count, int32_t inputs, int32_t outputs) {
  return {.columns = {.input = count, .output = count},
          .input_channels = inputs,
          .output_channels = outputs};
}

}  // namespace litesmith::kernels
