// Does a sample of data fit what a model takes?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ir/shape.h"

namespace litesmith {

struct ShapeFit {
  Shape shape;  // `wanted` with its dynamic dimensions filled in
  bool exact;   // false: dimensions of size 1 were added or dropped
};

// `wanted` may have dynamic dimensions. Nothing when the shapes differ by more than dimensions of
// size 1.
std::optional<ShapeFit> fit_sample_shape(std::span<const int64_t> sample, const Shape& wanted);

// True when both hold the same sizes in another order: a transposition would help.
bool same_sizes_in_another_order(std::span<const int64_t> sample, const Shape& wanted);

}  // namespace litesmith
