#include "kernels/elementwise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels/math.h"

namespace litesmith::kernels {
namespace {

// Calls body with a function object for the operator, on T without overflow.
template <class T, class Body>
void with_operator(Binary op, Body&& body) {
  // Integer arithmetic is done unsigned, and in at least 32 bits.
  using U = std::conditional_t<std::is_integral_v<T>,
                               std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>, T>;
  switch (op) {
    case Binary::add:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) + static_cast<U>(b)); });
    case Binary::subtract:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) - static_cast<U>(b)); });
    case Binary::multiply:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) * static_cast<U>(b)); });
    case Binary::divide:
      return body([](T a, T b) {
        if constexpr (std::is_integral_v<T>) {
          if (b == 0) return T{0};
          if (b == -1) return static_cast<T>(U{0} - static_cast<U>(a));
        }
        return static_cast<T>(a / b);
      });
    case Binary::maximum:
      return body([](T a, T b) { return a > b ? a : b; });
    case Binary::minimum:
      return body([](T a, T b) { return a < b ? a : b; });
    case Binary::squared_difference:
      return body([](T a, T b) {
        const auto d = static_cast<U>(static_cast<U>(a) - static_cast<U>(b));
        return static_cast<T>(d * d);
      });
    case Binary::prelu:
      return body([](T a, T b) {
        return a >= T{0} ? a : static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
      });
  }
}

template <class Function>
void map(const float* in, float* out, int64_t count, Function function) {
  for (int64_t i = 0; i < count; ++i) out[i] = function(in[i]);
}

}  // namespace

template <class T>
void binary(Binary op, T min, T max, const T* first, int64_t step_first, const T* second,
            int64_t step_second, T* out, int64_t count) {
  with_operator<T>(op, [&](auto function) {
    // NaN is neither below nor above.
    auto bounded = [&](T x) {
      x = x < min ? min : x;
      return max < x ? max : x;
    };
    if (step_first == 1 && step_second == 1) {
      for (int64_t i = 0; i < count; ++i) out[i] = bounded(function(first[i], second[i]));
    } else if (step_first == 1) {
      const T b = *second;
      for (int64_t i = 0; i < count; ++i) out[i] = bounded(function(first[i], b));
    } else {
      const T a = *first;
      for (int64_t i = 0; i < count; ++i) out[i] = bounded(function(a, second[i]));
    }
  });
}

template void binary(Binary, float, float, const float*, int64_t, const float*, int64_t, float*,
                     int64_t);
template void binary(Binary, int64_t, int64_t, const int64_t*, int64_t, const int64_t*, int64_t,
                     int64_t*, int64_t);
template void binary(Binary, int32_t, int32_t, const int32_t*, int64_t, const int32_t*, int64_t,
                     int32_t*, int64_t);
template void binary(Binary, int16_t, int16_t, const int16_t*, int64_t, const int16_t*, int64_t,
                     int16_t*, int64_t);
template void binary(Binary, int8_t, int8_t, const int8_t*, int64_t, const int8_t*, int64_t,
                     int8_t*, int64_t);
template void binary(Binary, uint8_t, uint8_t, const uint8_t*, int64_t, const uint8_t*, int64_t,
                     uint8_t*, int64_t);

void unary(Unary op, float a, float b, const float* in, float* out, int64_t count) {
  switch (op) {
    case Unary::clamp:
      return map(in, out, count, [=](float x) {
        x = x < a ? a : x;
        return b < x ? b : x;
      });
    case Unary::leaky_relu:
      return map(in, out, count, [=](float x) { return x > 0 ? x : x * a; });
    case Unary::elu:
      return map(in, out, count, [](float x) {
        const float below = expm1_float(x < 0 ? x : 0.0f);
        return x < 0 ? below : x;
      });
    case Unary::gelu:
      return map(in, out, count,
                 [](float x) { return 0.5f * x * (1.0f + erf_float(x * 0x1.6a09e6p-1f)); });
    case Unary::approximate_gelu:
      return map(in, out, count, [](float x) {
        constexpr float kRoot2OverPi = 0x1.988454p-1f;
        const float inner = kRoot2OverPi * (x + 0.044715f * x * x * x);
        return 0.5f * x * (1.0f + tanh_float(inner));
      });
    case Unary::hard_swish:
      return map(in, out, count, [](float x) {
        float weight = x + 3.0f;
        weight = weight < 0.0f ? 0.0f : weight;
        weight = weight > 6.0f ? 6.0f : weight;
        return x * weight * (1.0f / 6.0f);
      });
    case Unary::logistic:
      return map(in, out, count, [](float x) { return logistic_float(x); });
    case Unary::logistic_in_pieces:
      return map(in, out, count, [](float x) {
        const float low = exp_float(x);
        const float high = 1.0f / (1.0f + exp_float(-x));
        return x < -9.0f ? low : high;
      });
    case Unary::tanh:
      return map(in, out, count, [](float x) { return tanh_float(x); });
    case Unary::exp:
      return map(in, out, count, [](float x) { return exp_float(x); });
    case Unary::log:
      return map(in, out, count, [](float x) { return log_float(x); });
    case Unary::sqrt:
      return map(in, out, count, [](float x) { return std::sqrt(x); });
    case Unary::rsqrt:
      // Rounded once: batch norms are folded with this.
      return map(in, out, count,
                 [](float x) { return static_cast<float>(1.0 / std::sqrt(double{x})); });
    case Unary::magnitude:
      return map(in, out, count, [](float x) { return std::fabs(x); });
    case Unary::negate:
      return map(in, out, count, [](float x) { return -x; });
    case Unary::square:
      return map(in, out, count, [](float x) { return x * x; });
  }
}

template <class T>
void negate(const T* in, T* out, int64_t count) {
  using U = std::make_unsigned_t<T>;
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(U{0} - static_cast<U>(in[i]));
}

template void negate(const int8_t*, int8_t*, int64_t);
template void negate(const int16_t*, int16_t*, int64_t);
template void negate(const int32_t*, int32_t*, int64_t);
template void negate(const int64_t*, int64_t*, int64_t);

template <class T>
void magnitude(const T* in, T* out, int64_t count) {
  using U = std::make_unsigned_t<T>;
  for (int64_t i = 0; i < count; ++i) {
    out[i] = in[i] < 0 ? static_cast<T>(U{0} - static_cast<U>(in[i])) : in[i];
  }
}

template void magnitude(const int16_t*, int16_t*, int64_t);
template void magnitude(const int32_t*, int32_t*, int64_t);

}  // namespace litesmith::kernels
