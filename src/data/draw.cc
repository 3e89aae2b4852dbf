#include "data/draw.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"

namespace litesmith {
namespace {

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
class Generator {
 public:
  explicit Generator(uint64_t seed) : state_(seed) {}

  // Uniform below `bound`: the incomplete last stretch of the 64-bit range is thrown away.
  uint64_t below(uint64_t bound) {
    const uint64_t unusable = (0 - bound) % bound;  // 2^64 mod bound
    uint64_t value = next();
    while (value < unusable) value = next();
    return value % bound;
  }

 private:
  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

}  // namespace

std::vector<size_t> draw_positions(size_t population, size_t count, uint64_t seed) {
  check(count <= population, "more samples drawn than there are");
  // Robert Floyd's algorithm ("A Sample of Brilliance", CACM 30(9), 1987): one draw a sample.
  Generator generator(seed);
  std::unordered_set<size_t> chosen;
  for (size_t j = population - count; j < population; ++j) {
    const size_t candidate = generator.below(j + 1);
    if (!chosen.insert(candidate).second) chosen.insert(j);
  }
  std::vector<size_t> positions(chosen.begin(), chosen.end());
  std::sort(positions.begin(), positions.end());
  return positions;
}

}  // namespace litesmith
