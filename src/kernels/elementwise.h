// Element by element on numbers as they are: float tensors, whose loops element_kernels.h has for
// each instruction set, and the plain integers that shapes are computed with. Integers wrap.
#pragma once

#include <cstdint>

namespace litesmith::kernels {

enum class Binary {
  add,
  subtract,
  multiply,
  divide,  // an integer by zero gives zero, where LiteRT refuses
  maximum,
  minimum,
  squared_difference,
  prelu,  // the second operand is the slope below zero
};

// out[i] = first[i * step_first] op second[i * step_second], for steps of 0 or 1, within [min,
// max]. T is int64_t, int32_t or int16_t; maximum and minimum also have int8_t and uint8_t.
template <class T>
void binary(Binary op, T min, T max, const T* first, int64_t step_first, const T* second,
            int64_t step_second, T* out, int64_t count);

enum class Unary {
  clamp,       // to [a, b]
  leaky_relu,  // slope a below zero
  elu,
  gelu,
  approximate_gelu,
  hard_swish,
  logistic,
  logistic_in_pieces,  // e^x below -9, which is more by a 10,000th at most: LiteRT's reference
  tanh,
  exp,
  log,
  sqrt,
  rsqrt,
  magnitude,
  negate,
  square,
};

template <class T>
void negate(const T* in, T* out, int64_t count);
template <class T>
void magnitude(const T* in, T* out, int64_t count);

}  // namespace litesmith::kernels
