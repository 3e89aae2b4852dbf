// Constants of less than eight bits an element, and scales by blocks of them.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/buffer.h"

namespace litesmith {

struct Value;

// One scale for each `size` neighbours along the last dimension (LiteRT's BlockwiseQuantization);
// zero points are 0. Not part of Quantization: what asks for a scale a tensor or a channel finds
// none.
struct BlockScales {
  int32_t size = 0;
  Buffer scale = {};  // float16, in the order of the elements
};

// The integer at a place of a byte that holds several of `width` bits, the first in the lowest.
constexpr int8_t narrow_integer(uint8_t byte, int place, int width) {
  // To the top of the byte, and back with the sign.
  const auto top = static_cast<int8_t>(byte << (8 - width * (place + 1)));
  return static_cast<int8_t>(top >> (8 - width));
}

// The elements of an int2 or int4 constant.
std::vector<int8_t> unpacked_integers(const Value& value);

// The scales of a value by blocks, as floats.
std::vector<float> block_scales(const Value& value);

// What an int2 or int4 constant stands for, with the scales of its tensor, channels or blocks.
std::vector<float> real_elements(const Value& value);

}  // namespace litesmith
