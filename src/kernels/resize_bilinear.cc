#include "kernels/resize_bilinear.h"

#include <algorithm>
#include <cmath>

namespace litesmith::kernels {
namespace {

float scale_of(int32_t input, int32_t output, ResizeRule rule) {
  if (rule.align_corners && output > 1) {
    return static_cast<float>(input - 1) / static_cast<float>(output - 1);
  }
  return static_cast<float>(input) / static_cast<float>(output);
}

// The four pixels around each output pixel, as visit(top left, top right, bottom left, bottom
// right, row, column, out): pointers to their channels.
template <class T, class Weight, class Visit>
void each_pixel(const ImageSize& input, const Taps<Weight>& rows, const Taps<Weight>& columns,
                const T* in, T* out, Visit visit) {
  const int64_t row_stride = input.width * input.channels;
  for (int64_t b = 0; b < input.batch; ++b) {
    for (size_t y = 0; y < rows.low.size(); ++y) {
      const T* top = in + rows.low[y] * row_stride;
      const T* bottom = in + rows.high[y] * row_stride;
      for (size_t x = 0; x < columns.low.size(); ++x) {
        const int64_t left = columns.low[x] * input.channels;
        const int64_t right = columns.high[x] * input.channels;
        visit(top + left, top + right, bottom + left, bottom + right, rows.weight[y],
              columns.weight[x], out);
        out += input.channels;
      }
    }
    in += input.height * row_stride;
  }
}

}  // namespace

Taps<float> float_taps(int32_t input, int32_t output, ResizeRule rule) {
  const float scale = scale_of(input, output, rule);
  Taps<float> taps;
  for (int32_t i = 0; i < output; ++i) {
    const auto value = static_cast<float>(i);
    const float place = rule.half_pixel_centers ? (value + 0.5f) * scale - 0.5f : value * scale;
    const auto low = std::clamp(static_cast<int32_t>(std::floor(place)), 0, input - 1);
    taps.low.push_back(low);
    taps.high.push_back(std::clamp(static_cast<int32_t>(std::ceil(place)), low, input - 1));
    taps.weight.push_back(place - static_cast<float>(low));
  }
  return taps;
}

Taps<int32_t> tenth_bit_taps(int32_t input, int32_t output, ResizeRule rule) {
  const int64_t less = rule.align_corners && output > 1 ? 1 : 0;
  const int64_t steps = output - less;
  const int64_t scale = ((input - less) * 1024 + steps / 2) / steps;
  Taps<int32_t> taps;
  for (int64_t i = 0; i < output; ++i) {
    const int64_t place = rule.half_pixel_centers ? i * scale + scale / 2 - 512 : i * scale;
    // Divisions towards zero, as LiteRT's; the scale is rounded up by so little that only images of
    // thousands of pixels can fall beyond the last one, which LiteRT does not look after.
    const auto low = std::clamp<int64_t>(place / 1024, 0, input - 1);
    taps.low.push_back(static_cast<int32_t>(low));
    taps.high.push_back(
        static_cast<int32_t>(std::clamp<int64_t>((place + 1023) / 1024, low, input - 1)));
    taps.weight.push_back(static_cast<int32_t>(place - 1024 * low));
  }
  return taps;
}

Taps<int32_t> eleventh_bit_taps(int32_t input, int32_t output, ResizeRule rule) {
  const float scale = scale_of(input, output, rule);
  const bool squares = rule.half_pixel_centers && !rule.align_corners;
  const float offset = squares ? 0.5f * scale - 0.5f : 0.0f;
  const auto last = static_cast<float>(input - 1);
  Taps<int32_t> taps;
  for (int32_t i = 0; i < output; ++i) {
    const float place = std::clamp(static_cast<float>(i) * scale + offset, 0.0f, last);
    const auto low = static_cast<int32_t>(place);
    taps.low.push_back(low);
    taps.high.push_back(std::min(low + 1, input - 1));
    const float weight = place - static_cast<float>(low);
    taps.weight.push_back(static_cast<int32_t>(std::nearbyint(weight * 0x1p11f)));
  }
  return taps;
}

void resize_bilinear(const ImageSize& input, const Taps<float>& rows, const Taps<float>& columns,
                     const float* in, float* out) {
  each_pixel(input, rows, columns, in, out,
             [&](const float* top_left, const float* top_right, const float* bottom_left,
                 const float* bottom_right, float row, float column, float* pixel) {
               for (int64_t c = 0; c < input.channels; ++c) {
                 const float top = std::fma(top_right[c] - top_left[c], column, top_left[c]);
                 const float bottom =
                     std::fma(bottom_right[c] - bottom_left[c], column, bottom_left[c]);
                 pixel[c] = std::fma(bottom - top, row, top);
               }
             });
}

template <class T>
void resize_bilinear_20_bits(const ImageSize& input, const Taps<int32_t>& rows,
                             const Taps<int32_t>& columns, const T* in, T* out) {
  each_pixel(input, rows, columns, in, out,
             [&](const T* top_left, const T* top_right, const T* bottom_left, const T* bottom_right,
                 int32_t row, int32_t column, T* pixel) {
               const int64_t w00 = int64_t{1024 - row} * (1024 - column);
               const int64_t w01 = int64_t{1024 - row} * column;
               const int64_t w10 = int64_t{row} * (1024 - column);
               const int64_t w11 = int64_t{row} * column;
               for (int64_t c = 0; c < input.channels; ++c) {
                 const int64_t sum = top_left[c] * w00 + top_right[c] * w01 + bottom_left[c] * w10 +
                                     bottom_right[c] * w11;
                 const int64_t half = sum > 0 ? 1 << 19 : -(1 << 19);
                 pixel[c] = static_cast<T>((sum + half) / (1 << 20));
               }
             });
}
template void resize_bilinear_20_bits(const ImageSize&, const Taps<int32_t>&, const Taps<int32_t>&,
                                      const int8_t*, int8_t*);
template void resize_bilinear_20_bits(const ImageSize&, const Taps<int32_t>&, const Taps<int32_t>&,
                                      const int16_t*, int16_t*);

template <class T>
void resize_bilinear_22_bits(const ImageSize& input, const Taps<int32_t>& rows,
                             const Taps<int32_t>& columns, const T* in, T* out) {
  each_pixel(input, rows, columns, in, out,
             [&](const T* top_left, const T* top_right, const T* bottom_left, const T* bottom_right,
                 int32_t row, int32_t column, T* pixel) {
               for (int64_t c = 0; c < input.channels; ++c) {
                 const int32_t top =
                     top_left[c] * 2048 + (int32_t{top_right[c]} - top_left[c]) * column;
                 const int32_t bottom =
                     bottom_left[c] * 2048 + (int32_t{bottom_right[c]} - bottom_left[c]) * column;
                 const int32_t sum = top * 2048 + (bottom - top) * row;
                 pixel[c] = static_cast<T>((sum + (1 << 21)) >> 22);
               }
             });
}
template void resize_bilinear_22_bits(const ImageSize&, const Taps<int32_t>&, const Taps<int32_t>&,
                                      const int8_t*, int8_t*);
template void resize_bilinear_22_bits(const ImageSize&, const Taps<int32_t>&, const Taps<int32_t>&,
                                      const uint8_t*, uint8_t*);

void resize_bilinear_uint8(const ImageSize& input, const Taps<float>& rows,
                           const Taps<float>& columns, WeightOrder order, const uint8_t* in,
                           uint8_t* out) {
  each_pixel(input, rows, columns, in, out,
             [&](const uint8_t* top_left, const uint8_t* top_right, const uint8_t* bottom_left,
                 const uint8_t* bottom_right, float row, float column, uint8_t* pixel) {
               for (int64_t c = 0; c < input.channels; ++c) {
                 const auto p00 = static_cast<float>(top_left[c]);
                 const auto p01 = static_cast<float>(top_right[c]);
                 const auto p10 = static_cast<float>(bottom_left[c]);
                 const auto p11 = static_cast<float>(bottom_right[c]);
                 const float sum =
                     order == WeightOrder::one_by_one
                         ? p00 * (1 - row) * (1 - column) + p10 * row * (1 - column) +
                               p01 * (1 - row) * column + p11 * row * column + 0.5f
                         : p00 * ((1 - row) * (1 - column)) + p01 * ((1 - row) * column) +
                               p10 * (row * (1 - column)) + p11 * (row * column) + 0.5f;
                 pixel[c] = static_cast<uint8_t>(std::clamp(sum, 0.0f, 255.0f));
               }
             });
}

}  // namespace litesmith::kernels
