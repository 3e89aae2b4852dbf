// RESIZE_BILINEAR: each output pixel is a mean of the four input pixels around where it falls,
// weighted by nearness. The integer forms differ in how a weight is rounded (docs/numerics.md).
#pragma once

#include <cstdint>
#include <vector>

namespace litesmith::kernels {

// How output positions fall between input positions.
struct ResizeRule {
  bool align_corners = false;       // the corner pixels' centres fall on each other
  bool half_pixel_centers = false;  // pixels are squares, not points
};

// For each output position along one axis: the two input positions around it, and the weight of the
// second one.
template <class Weight>
struct Taps {
  std::vector<int32_t> low;
  std::vector<int32_t> high;
  std::vector<Weight> weight;
};

// Weights as fractions, as LiteRT's float kernels compute them (ComputeInterpolationValues).
Taps<float> float_taps(int32_t input, int32_t output, ResizeRule rule);
// In 1/1024, from a scale in 1/1024: LiteRT's integer kernels (ComputeInterpolationValuesInteger).
// A weight is negative before the first input position, where both taps are the same pixel.
Taps<int32_t> tenth_bit_taps(int32_t input, int32_t output, ResizeRule rule);
// In 1/2048, rounded half to even from a float: XNNPACK (indirection.c, ..._hwc_q11).
Taps<int32_t> eleventh_bit_taps(int32_t input, int32_t output, ResizeRule rule);

struct ImageSize {
  int64_t batch;
  int64_t height;
  int64_t width;
  int64_t channels;
};

// `input` is the size of the input; the taps tell that of the output.
void resize_bilinear(const ImageSize& input, const Taps<float>& rows, const Taps<float>& columns,
                     const float* in, float* out);
// The sum of four products of 20 fraction bits, halves away from zero. T is int8_t or int16_t.
template <class T>
void resize_bilinear_20_bits(const ImageSize& input, const Taps<int32_t>& rows,
                             const Taps<int32_t>& columns, const T* in, T* out);
// Interpolated along rows, then along columns, halves up. T is int8_t or uint8_t.
template <class T>
void resize_bilinear_22_bits(const ImageSize& input, const Taps<int32_t>& rows,
                             const Taps<int32_t>& columns, const T* in, T* out);

// uint8 in float, truncated after adding a half. LiteRT's reference kernel multiplies each pixel by
// one weight after the other, its optimized one by the product of both.
enum class WeightOrder { one_by_one, product };
void resize_bilinear_uint8(const ImageSize& input, const Taps<float>& rows,
                           const Taps<float>& columns, WeightOrder order, const uint8_t* in,
                           uint8_t* out);

}  // namespace litesmith::kernels
