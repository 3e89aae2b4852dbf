// A fingerprint of results that must have the same bits on every machine: FNV-1a, 64 bits.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace litesmith {

class Fnv1a {
 public:
  void add(uint64_t unit) { hash_ = (hash_ ^ unit) * 0x100000001b3u; }
  void add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) add(static_cast<uint64_t>(byte));
  }
  // Its bits as one unit; all that is no number counts as the same.
  void add(float x) { add(uint64_t{std::isnan(x) ? 0x7fc00000u : std::bit_cast<uint32_t>(x)}); }

  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace litesmith
