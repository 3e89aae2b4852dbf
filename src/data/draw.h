// A seeded choice of samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace litesmith {

// `count` different numbers below `population`, ascending; every such set is equally likely.
std::vector<size_t> draw_positions(size_t population, size_t count, uint64_t seed);

}  // namespace litesmith
