// exp, the reciprocal, logistic, tanh, log and 1/sqrt in fixed point, as LiteRT's integer kernels
// compute them (gemmlowp, fixedpoint/fixedpoint.h; LiteRT, kernels/internal/common.h).
//
// A value of `Raw` (int16_t or int32_t) with k integer bits stands for raw / 2^(bits - 1 - k); "Q0"
// means k = 0, numbers in [-1, 1).
#pragma once

#include <cstdint>

namespace litesmith::kernels {

// e^a in Q0 for a <= 0 with `integer_bits` of them (7 at most). Zero gives the largest Q0.
template <class Raw>
Raw exp_of_negative(Raw a, int integer_bits);

// 1 / (1 + x) and (1 - x) / (1 + x), in Q0, for x in [0, 1) in Q0.
template <class Raw>
Raw reciprocal_of_one_plus(Raw x);
template <class Raw>
Raw one_minus_over_one_plus(Raw x);

// tanh(a) in Q0 for a with `integer_bits` of them (6 at most).
int16_t tanh_q0(int16_t a, int integer_bits);

// logistic(a) and tanh(a) in Q0 for a in Q3.12.
int16_t logistic_q3(int16_t a);
int16_t tanh_q3(int16_t a);

// ln x in Q5.26 for x >= 1 in Q12.19.
int32_t log_q12_to_q5(int32_t x);

// 1 / x, for x > 0 with `integer_bits`, as a Q0 number to be shifted right by the other result.
struct Reciprocal {
  int32_t q0;
  int shift;
};
Reciprocal reciprocal(int32_t x, int integer_bits);

}  // namespace litesmith::kernels
