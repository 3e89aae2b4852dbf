#include "kernels/softmax.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "kernels/convert.h"
#include "kernels/fixed_point_functions.h"
#include "kernels/table_functions.h"

namespace litesmith::kernels {
namespace {

constexpr int kInputBits = 5;         // of what exp is taken of: Q5.26
constexpr int kAccumulatorBits = 12;  // of their sum: Q12.19

template <class T>
T largest(const T* row, int64_t length) {
  T result = std::numeric_limits<T>::lowest();
  for (int64_t i = 0; i < length; ++i) result = std::max(result, row[i]);
  return result;
}

// to_int32_as_x86(std::round(y)) of what is not negative, without a call of the library.
int32_t rounded_as_x86(float y) {
  const int32_t below = to_int32_as_x86(y);
  const float rest = y - static_cast<float>(below);
  return below + (rest >= 0.5f && rest < 1.0f ? 1 : 0);
}

// The sum of e^x over a row, in Q12.19.
template <class T>
int32_t sum_of_exponentials(const FixedSoftmax& p, const T* row, int64_t length, int32_t max) {
  int32_t sum = 0;
  for (int64_t i = 0; i < length; ++i) {
    const int32_t e = p.exponentials[static_cast<size_t>(max - row[i])];
    sum = wrapping_add(sum, rounding_divide_by_power_of_two(e, kAccumulatorBits));
  }
  return sum;
}

}  // namespace

FixedSoftmax prepare_fixed_softmax(float beta, float scale_in) {
  const double real =
      std::min(static_cast<double>(beta) * static_cast<double>(scale_in) * (1 << (31 - kInputBits)),
               0x1p31 - 1.0);
  if (!(real > 1)) {
    throw Error(ErrorCode::unsupported, "a softmax of steps of " + std::to_string(beta * scale_in) +
                                            ", too fine for LiteRT's reference kernel");
  }
  FixedSoftmax p;
  p.input = quantize_multiplier(real, 31);
  p.least_difference = -static_cast<int32_t>(std::floor(
      ((1 << kInputBits) - 1) * 0x1p26 / static_cast<double>(int64_t{1} << p.input.exponent)));
  for (int32_t difference = 0; difference >= std::max(p.least_difference, -255); --difference) {
    p.exponentials[static_cast<size_t>(-difference)] =
        exp_of_negative<int32_t>(DoubleRounding::apply(difference, p.input), kInputBits);
  }
  return p;
}

template <class In, class Out>
void softmax(Rows rows, const FixedSoftmax& p, const In* in, Out* out) {
  constexpr int32_t kMin = std::numeric_limits<Out>::min();
  constexpr int32_t kMax = std::numeric_limits<Out>::max();
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const int32_t max = largest(in, length);
    const Reciprocal inverse =
        reciprocal(sum_of_exponentials(p, in, length, max), kAccumulatorBits);
    const int shift = std::clamp(inverse.shift + 31 - 8 * static_cast<int>(sizeof(Out)), 0, 31);
    for (int64_t i = 0; i < length; ++i) {
      const int32_t e = p.exponentials[static_cast<size_t>(max - in[i])];
      const int32_t y = rounding_divide_by_power_of_two(
          saturating_rounding_doubling_high_mul(inverse.q0, e), shift);
      out[i] = static_cast<Out>(std::clamp(wrapping_add(y, kMin), kMin, kMax));
    }
  }
}

template void softmax(Rows, const FixedSoftmax&, const int8_t*, int8_t*);
template void softmax(Rows, const FixedSoftmax&, const int8_t*, int16_t*);
template void softmax(Rows, const FixedSoftmax&, const uint8_t*, uint8_t*);

FixedLogSoftmax prepare_fixed_log_softmax(float scale_in) {
  FixedLogSoftmax p{prepare_fixed_softmax(1.0f, scale_in), {}};
  const double reverse = static_cast<double>(int64_t{1} << (31 - p.input.exponent)) /
                         static_cast<double>(p.input.significand);
  if (!(reverse < 1)) {
    throw Error(ErrorCode::unsupported, "a log softmax of steps of " + std::to_string(scale_in) +
                                            ", too fine for LiteRT's reference kernel");
  }
  p.reverse = quantize_multiplier(reverse);
  return p;
}

template <class T>
void log_softmax(Rows rows, const FixedLogSoftmax& p, const T* in, T* out) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  constexpr int kOutputBits = 4;
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const int32_t max = largest(in, length);
    const int32_t log_sum = log_q12_to_q5(sum_of_exponentials(p, in, length, max));
    const int32_t least =
        std::max(p.least_difference - 1,
                 DoubleRounding::apply(wrapping_add(log_sum, std::numeric_limits<int32_t>::min()),
                                       p.reverse));
    for (int64_t i = 0; i < length; ++i) {
      const int32_t difference = in[i] - max;
      if (difference <= least) {
        out[i] = static_cast<T>(kMin);
        continue;
      }
      const int32_t x = DoubleRounding::apply(difference, p.input);
      const int32_t y =
          rounding_divide_by_power_of_two(wrapping_add(x, -log_sum), 31 - kInputBits - kOutputBits);
      out[i] = static_cast<T>(std::clamp(y + kMax, kMin, kMax));
    }
  }
}

template void log_softmax(Rows, const FixedLogSoftmax&, const int8_t*, int8_t*);
template void log_softmax(Rows, const FixedLogSoftmax&, const uint8_t*, uint8_t*);

TableSoftmax prepare_table_softmax(float beta, float scale_in, float scale_out,
                                   int32_t zero_point_out) {
  TableSoftmax p{{}, scale_in, scale_out, zero_point_out};
  const float scale = -scale_in * beta;
  for (int32_t difference = 0; difference < 256; ++difference) {
    p.table[static_cast<size_t>(255 - difference)] =
        correct_exp(scale * static_cast<float>(difference));
  }
  return p;
}

template <class In, class Out>
void softmax(Rows rows, const TableSoftmax& p, const In* in, Out* out) {
  constexpr int32_t kMin = std::numeric_limits<Out>::min();
  constexpr int32_t kMax = std::numeric_limits<Out>::max();
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const int32_t max = largest(in, length);
    float sum = 0;
    for (int64_t i = 0; i < length; ++i) sum += p.table[static_cast<size_t>(255 - max + in[i])];
    const float inverse = 1.0f / (sum * p.scale_out);
    for (int64_t i = 0; i < length; ++i) {
      const float y = p.table[static_cast<size_t>(255 - max + in[i])] * inverse;
      int32_t code = 0;
      if constexpr (std::numeric_limits<Out>::is_signed) {
        code = wrapping_add(rounded_as_x86(y), p.zero_point_out);
      } else {
        code = to_int32_as_x86(y + 0.5f);
      }
      out[i] = static_cast<Out>(std::clamp(code, kMin, kMax));
    }
  }
}

template void softmax(Rows, const TableSoftmax&, const int8_t*, int8_t*);
template void softmax(Rows, const TableSoftmax&, const int8_t*, int16_t*);
template void softmax(Rows, const TableSoftmax&, const uint8_t*, uint8_t*);

template <class T>
void log_softmax(Rows rows, const TableSoftmax& p, const T* in, T* out) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const int32_t max = largest(in, length);
    float sum = 0;
    for (int64_t i = 0; i < length; ++i) sum += p.table[static_cast<size_t>(255 - max + in[i])];
    const float scale = p.scale_in / p.scale_out;
    const float offset = (p.scale_in * static_cast<float>(max) + correct_log(sum)) / p.scale_out;
    for (int64_t i = 0; i < length; ++i) {
      const float steps = std::nearbyint(scale * static_cast<float>(in[i]) - offset) +
                          static_cast<float>(p.zero_point_out);
      out[i] = static_cast<T>(std::clamp(to_int32_as_x86(steps), kMin, kMax));
    }
  }
}

template void log_softmax(Rows, const TableSoftmax&, const int8_t*, int8_t*);
template void log_softmax(Rows, const TableSoftmax&, const uint8_t*, uint8_t*);

Int16Softmax prepare_int16_softmax(float beta, float scale_in) {
  return {quantize_multiplier(static_cast<double>(scale_in * beta) / (10.0 / 65535.0)),
          litert_short_table<double>(10.0 / 65535, 32767, 2.0 / 65535, 0, exp_double),
          litert_short_table<double>(1.0 / 65535, -32768, 2.0 / 65535, 0,
                                     [](double x) { return 1.0 / (1.0 + x); })};
}

void softmax(Rows rows, const Int16Softmax& p, const int16_t* in, int16_t* out) {
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const int32_t max = largest(in, length);
    int32_t sum = 0;
    for (int64_t i = 0; i < length; ++i) {
      const int32_t x = wrapping_add(DoubleRounding::apply(in[i] - max, p.input), 32767);
      out[i] = look_up(p.exponential, static_cast<int16_t>(std::clamp(x, -32768, 32767)));
      sum = wrapping_add(sum, int32_t{out[i]});
    }
    const int headroom = std::countl_zero(static_cast<uint32_t>(sum));
    const auto shifted = static_cast<int32_t>(
        ((static_cast<int64_t>(sum) << std::max(headroom - 1, 0)) + (1 << 13)) >> 14);
    const int32_t at = std::clamp(shifted - (1 << 15) - (1 << 16), -32768, 32767);
    const int64_t scale = look_up(p.inverse, static_cast<int16_t>(at));
    const int shift = std::clamp(31 - headroom, 1, 31);
    for (int64_t i = 0; i < length; ++i) {
      const auto y = static_cast<int32_t>((out[i] * scale + (int64_t{1} << (shift - 1))) >> shift);
      out[i] = static_cast<int16_t>(std::clamp(y, 0, 32767));
    }
  }
}

}  // namespace litesmith::kernels
