#include "kernels/affine.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/convert.h"

namespace litesmith::kernels {
namespace {

template <class T>
T clamped(int32_t x) {
  if constexpr (sizeof(T) == 4) {
    return x;
  } else {
    return static_cast<T>(
        std::clamp<int32_t>(x, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
}

template <class T>
T by_quotient(float x, AffineScale q) {
  return clamped<T>(wrapping_add(to_int32_as_x86(std::round(x / q.scale)), q.zero_point));
}

template <class T>
T by_double_quotient(float x, AffineScale q) {
  const double steps = std::round(static_cast<double>(x) / static_cast<double>(q.scale));
  return clamped<T>(wrapping_add(to_int32_as_x86(steps), q.zero_point));
}

}  // namespace

template <class T>
void quantize(FloatRounding rounding, const AffineScale& q, const float* in, T* out,
              int64_t count) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  switch (rounding) {
    case FloatRounding::reference:
      for (int64_t i = 0; i < count; ++i) out[i] = by_quotient<T>(in[i], q);
      return;
    case FloatRounding::vector: {
      const auto inverse = static_cast<float>(1.0 / static_cast<double>(q.scale));
      const int64_t whole = count - count % 8;
      for (int64_t i = 0; i < whole; ++i) {
        const int32_t steps = to_int32_as_x86(std::nearbyint(in[i] * inverse));
        out[i] = clamped<T>(wrapping_add(steps, q.zero_point));
      }
      for (int64_t i = whole; i < count; ++i) out[i] = by_double_quotient<T>(in[i], q);
      return;
    }
    case FloatRounding::xnnpack: {
      const float inverse = 1.0f / q.scale;
      const auto least = static_cast<float>(kMin - q.zero_point);
      const auto most = static_cast<float>(kMax - q.zero_point);
      for (int64_t i = 0; i < count; ++i) {
        const float steps = in[i] * inverse;
        // NaN becomes the least.
        const float bounded = steps > least ? (steps < most ? steps : most) : least;
        out[i] = static_cast<T>(static_cast<int32_t>(std::nearbyint(bounded)) + q.zero_point);
      }
      return;
    }
  }
}

template void quantize(FloatRounding, const AffineScale&, const float*, int8_t*, int64_t);
template void quantize(FloatRounding, const AffineScale&, const float*, uint8_t*, int64_t);
template void quantize(FloatRounding, const AffineScale&, const float*, int16_t*, int64_t);

template <class T>
void quantize(const Channels& channels, const float* in, T* out) {
  for (int64_t o = 0; o < channels.outer; ++o) {
    for (const AffineScale& q : channels.scales) {
      for (int64_t i = 0; i < channels.inner; ++i) *out++ = by_quotient<T>(*in++, q);
    }
  }
}

template void quantize(const Channels&, const float*, int8_t*);
template void quantize(const Channels&, const float*, uint8_t*);
template void quantize(const Channels&, const float*, int16_t*);

template <class T>
void dequantize(Dequantization way, const AffineScale& q, const T* in, float* out, int64_t count) {
  const int64_t whole = way == Dequantization::moved ? count - count % 8 : 0;
  const auto offset = static_cast<float>(-q.zero_point * static_cast<double>(q.scale));
  for (int64_t i = 0; i < whole; ++i) out[i] = static_cast<float>(in[i]) * q.scale + offset;
  for (int64_t i = whole; i < count; ++i) {
    out[i] = q.scale * static_cast<float>(in[i] - q.zero_point);
  }
}

template void dequantize(Dequantization, const AffineScale&, const int8_t*, float*, int64_t);
template void dequantize(Dequantization, const AffineScale&, const uint8_t*, float*, int64_t);
template void dequantize(Dequantization, const AffineScale&, const int16_t*, float*, int64_t);

template <class T>
void dequantize(const Channels& channels, const T* in, float* out) {
  for (int64_t o = 0; o < channels.outer; ++o) {
    for (const auto& [scale, zero_point] : channels.scales) {
      for (int64_t i = 0; i < channels.inner; ++i) {
        *out++ = scale * static_cast<float>(*in++ - zero_point);
      }
    }
  }
}

template void dequantize(const Channels&, const int8_t*, float*);
template void dequantize(const Channels&, const uint8_t*, float*);

template <class In, class Out>
void requantize(const CodeRequantization& p, const In* in, Out* out, int64_t count) {
  const int64_t whole = p.half_up_group > 0 ? count - count % p.half_up_group : 0;
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = wrapping_add<int32_t>(in[i], -p.zero_point_in);
    const int32_t y = i < whole ? DoubleRoundingHalfUp::apply(x, p.multiplier)
                                : DoubleRounding::apply(x, p.multiplier);
    out[i] = clamped<Out>(wrapping_add(y, p.zero_point_out));
  }
}

template void requantize(const CodeRequantization&, const int8_t*, int8_t*, int64_t);
template void requantize(const CodeRequantization&, const int8_t*, uint8_t*, int64_t);
template void requantize(const CodeRequantization&, const int8_t*, int16_t*, int64_t);
template void requantize(const CodeRequantization&, const uint8_t*, int8_t*, int64_t);
template void requantize(const CodeRequantization&, const uint8_t*, uint8_t*, int64_t);
template void requantize(const CodeRequantization&, const uint8_t*, int16_t*, int64_t);
template void requantize(const CodeRequantization&, const int16_t*, int8_t*, int64_t);
template void requantize(const CodeRequantization&, const int16_t*, int16_t*, int64_t);
template void requantize(const CodeRequantization&, const int16_t*, int32_t*, int64_t);
template void requantize(const CodeRequantization&, const int32_t*, int8_t*, int64_t);
template void requantize(const CodeRequantization&, const int32_t*, int16_t*, int64_t);

template <class T>
void requantize(const XnnpackRequantization& p, const T* in, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = (in[i] - p.zero_point_in) * p.multiplier;
    out[i] = clamped<T>((x + 0x80 + (p.zero_point_out << 8)) >> 8);
  }
}

template void requantize(const XnnpackRequantization&, const int8_t*, int8_t*, int64_t);
template void requantize(const XnnpackRequantization&, const uint8_t*, uint8_t*, int64_t);

}  // namespace litesmith::kernels
