// Whether a constant's floats are finite numbers, and how large they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "ir/buffer.h"

namespace litesmith {

struct Magnitude {
  float largest = 0;  // of finite elements
  // The first element that is no finite number, "NaN at element 5" or "infinity at element 5".
  std::optional<std::string> not_finite;
};

// Of float32 elements, read once, part by part.
Magnitude magnitude_of(const Buffer& data);

}  // namespace litesmith
