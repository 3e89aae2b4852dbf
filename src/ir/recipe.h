// Constants that are made when they are read, so that large weights which a reader turns and a
// rewrite scales are never held beside the file they lie in.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace litesmith {

class Recipe {
 public:
  virtual ~Recipe() = default;
  Recipe(const Recipe&) = delete;
  Recipe& operator=(const Recipe&) = delete;

  size_t size() const { return size_; }  // in bytes
  // How many recipes follow on each other, this one included.
  int depth() const { return depth_; }

  // Fills `out`, aligned for 8-byte elements, with the bytes from `first` on, which may be neither
  // before nor beyond whole elements. Gives the same bytes each time, also to several threads.
  virtual void make(size_t first, std::span<std::byte> out) const = 0;
  // Where the bytes lie without being made, at any alignment; nothing where they have to be.
  virtual std::optional<std::span<const std::byte>> lies_at() const { return std::nullopt; }
  // Says that the bytes are hardly made again: what they are made of may leave memory.
  virtual void let_go() const = 0;
  // No element, a float32, is larger or smaller than this with its sign; infinity when not known.
  virtual float largest_magnitude() const { return std::numeric_limits<float>::infinity(); }

  // All the bytes, made once and kept as long as the recipe.
  std::span<const std::byte> whole() const;
  // The first bytes, kBeginning of them where there are as many. They are made once.
  static constexpr size_t kBeginning = 16;
  std::span<const std::byte> beginning() const;

 protected:
  // `depth`: of the recipes that this one's sources are made by, 0 when there are none.
  Recipe(size_t size, int depth) : size_(size), depth_(depth + 1) {}

 private:
  size_t size_;
  int depth_;
  mutable std::once_flag whole_made_;
  mutable std::vector<uint64_t> whole_;
  mutable std::once_flag beginning_made_;
  alignas(8) mutable std::array<std::byte, kBeginning> beginning_{};
};

}  // namespace litesmith
