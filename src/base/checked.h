// Arithmetic on sizes that come from files: a result that does not fit is an error, never a wrap.
#pragma once

#include <cstddef>

#include "base/error.h"

namespace litesmith {

inline size_t checked_mul(size_t a, size_t b) {
  size_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) {
    throw Error(ErrorCode::format, "a size in the file is too large to exist");
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
