#include "benchmark/inputs.h"

#include <cstring>

namespace litesmith {
namespace {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
uint64_t next(uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

std::vector<std::byte> make_input(InputKind kind, size_t bytes, uint64_t seed) {
  std::vector<std::byte> input(bytes);
  uint64_t state = seed;
  if (kind == InputKind::float32) {
    for (size_t i = 0; i + sizeof(float) <= bytes; i += sizeof(float)) {
      const auto value = static_cast<float>(static_cast<double>(next(state) >> 40) / (1 << 23) - 1);
      std::memcpy(input.data() + i, &value, sizeof(value));
    }
  }
  if (kind == InputKind::codes) {
    for (std::byte& byte : input) byte = static_cast<std::byte>(next(state) >> 56);
  }
  return input;
}

}  // namespace litesmith
