// Seeded numbers for tests, the same on every machine and standard library (SplitMix64, Steele,
// Lea and Flood 2014).
#pragma once

#include <cstdint>
#include <vector>

namespace litesmith {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  int below(int bound) { return static_cast<int>(bits() % static_cast<uint64_t>(bound)); }
  int between(int lowest, int highest) { return lowest + below(highest - lowest + 1); }
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1p-53;
  }

  // `count` integers of the type's whole range.
  template <class T>
  std::vector<T> integers(size_t count) {
    std::vector<T> result(count);
    for (T& each : result) each = static_cast<T>(bits());
    return result;
  }
  std::vector<float> floats(size_t count, double low = -1, double high = 1) {
    std::vector<float> result(count);
    for (float& each : result) each = static_cast<float>(uniform(low, high));
    return result;
  }

 private:
  uint64_t state_;
};

}  // namespace litesmith
