// 8-bit codes, element by element, by XNNPACK's formulas: the definitions of quantized_add.h,
// quantized_multiply.h and affine.h again, in loops that vectorize.
#include "kernels/binary_operators.h"
#include "kernels/multi_isa/kernels.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

template <class T>
constexpr int32_t lowest = T(-1) < T(0) ? -128 : 0;
template <class T>
constexpr int32_t highest = T(-1) < T(0) ? 127 : 255;

[[gnu::always_inline]] inline int32_t clamp(int32_t x, int32_t low, int32_t high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

// To the nearest integer, halves to even, of a number within [low, high], integers below 2^22; NaN
// is `low`.
[[gnu::always_inline]] inline int32_t round_within(float x, float low, float high) {
  x = x > low ? x : low;
  x = x < high ? x : high;
  return __builtin_bit_cast(int32_t, x + 0x1.8p23f) - 0x4b400000;
}

// Overflow wraps.
[[gnu::always_inline]] inline uint32_t bits(int32_t x) { return static_cast<uint32_t>(x); }

template <class T>
void add(const XnnpackAddition& p, const T* first, int64_t step_first, const T* second,
         int64_t step_second, T* out, int64_t count) {
  const XnnpackAddition q = p;
  for_each_pair(step_first, step_second, count, [=](int64_t i, int64_t i1, int64_t i2) {
    const uint32_t a = bits(first[i1]) * bits(q.multiplier_first);
    const uint32_t b = bits(second[i2]) * bits(q.multiplier_second);
    const int32_t sum = static_cast<int32_t>(bits(q.bias) + (a + b)) >> q.shift;
    out[i] = static_cast<T>(clamp(sum + q.zero_point_out, q.min, q.max));
  });
}

template <class T>
void multiply(const XnnpackMultiplication& p, const T* first, int64_t step_first, const T* second,
              int64_t step_second, T* out, int64_t count) {
  const XnnpackMultiplication q = p;
  const auto low = static_cast<float>(q.min - q.zero_point_out);
  const auto high = static_cast<float>(q.max - q.zero_point_out);
  for_each_pair(step_first, step_second, count, [=](int64_t i, int64_t i1, int64_t i2) {
    const int32_t product = (first[i1] - q.zero_point_first) * (second[i2] - q.zero_point_second);
    const float steps = static_cast<float>(product) * q.scale;
    out[i] = static_cast<T>(round_within(steps, low, high) + q.zero_point_out);
  });
}

template <class T>
void quantize(const AffineScale& q, const float* in, T* out, int64_t count) {
  const float inverse = 1.0f / q.scale;
  const int32_t zero_point = q.zero_point;
  const auto low = static_cast<float>(lowest<T> - zero_point);
  const auto high = static_cast<float>(highest<T> - zero_point);
  for (int64_t i = 0; i < count; ++i) {
    out[i] = static_cast<T>(round_within(in[i] * inverse, low, high) + zero_point);
  }
}

template <class T>
void dequantize(const AffineScale& q, const T* in, float* out, int64_t count) {
  const auto [scale, zero_point] = q;
  for (int64_t i = 0; i < count; ++i) out[i] = scale * static_cast<float>(in[i] - zero_point);
}

template <class T>
constexpr CodeKernels<T> all_of = {add<T>, multiply<T>, quantize<T>, dequantize<T>};

}  // namespace

const CodeKernels<int8_t> int8_codes = all_of<int8_t>;
const CodeKernels<uint8_t> uint8_codes = all_of<uint8_t>;

}  // namespace litesmith::kernels::LITESMITH_ISA
