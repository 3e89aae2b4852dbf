// The operators of elementwise.h on two operands, for its integers and, once for each instruction
// set, its floats. Internal linkage: see multi_isa/simd.h.
#pragma once

#include <cstdint>

#include "kernels/elementwise.h"

namespace litesmith::kernels {

// What integers are computed in, so that they wrap: unsigned, at least 32 bits. Floats as they are.
template <class T>
struct Wrapping {
  using Type = uint32_t;
};
template <>
struct Wrapping<int64_t> {
  using Type = uint64_t;
};
template <>
struct Wrapping<float> {
  using Type = float;
};

// Calls body with a function object for the operator.
template <class T, class Body>
static inline void with_operator(Binary op, Body&& body) {
  using U = typename Wrapping<T>::Type;
  switch (op) {
    case Binary::add:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) + static_cast<U>(b)); });
    case Binary::subtract:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) - static_cast<U>(b)); });
    case Binary::multiply:
      return body([](T a, T b) { return static_cast<T>(static_cast<U>(a) * static_cast<U>(b)); });
    case Binary::divide:
      return body([](T a, T b) {
        if constexpr (static_cast<T>(0.5f) == 0) {  // an integer
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

// Calls body(i, index of the first operand, index of the second) for i < count, in loops of their
// own for operands that repeat (a step of 0).
template <class Body>
static inline void for_each_pair(int64_t step_first, int64_t step_second, int64_t count,
                                 Body&& body) {
  if (step_first == 1 && step_second == 1) {
    for (int64_t i = 0; i < count; ++i) body(i, i, i);
  } else if (step_first == 1) {
    for (int64_t i = 0; i < count; ++i) body(i, i, int64_t{0});
  } else {
    for (int64_t i = 0; i < count; ++i) body(i, int64_t{0}, i * step_second);
  }
}

template <class T>
static inline void binary_loop(Binary op, T min, T max, const T* first, int64_t step_first,
                               const T* second, int64_t step_second, T* out, int64_t count) {
  with_operator<T>(op, [=](auto function) {
    for_each_pair(step_first, step_second, count, [=](int64_t i, int64_t i1, int64_t i2) {
      // NaN is neither below nor above.
      T x = function(first[i1], second[i2]);
      x = x < min ? min : x;
      out[i] = max < x ? max : x;
    });
  });
}

}  // namespace litesmith::kernels
