// Arithmetic on sizes that come from files: a result that does not fit is an error, never a wrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "base/error.h"

namespace litesmith {

inline size_t checked_mul(size_t a, size_t b) {
  size_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) {
    throw Error(ErrorCode::format, "a size in the file is too large to exist");
  }
  return result;
}

// The product of counts; the values are not negative.
inline int64_t checked_product(std::initializer_list<int64_t> factors) {
  int64_t result = 1;
  for (const int64_t factor : factors) {
    if (__builtin_mul_overflow(result, factor, &result)) {
      throw Error(ErrorCode::format, "a size in the file is too large to exist");
    }
  }
  return result;
}

inline size_t checked_add(size_t a, size_t b) {
  size_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) {
    throw Error(ErrorCode::format, "a size in the file is too large to exist");
  }
  return result;
}

}  // namespace litesmith
