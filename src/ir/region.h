// Which elements of a tensor something depends on: a set of indices for each dimension; the region
// is their product.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/shape.h"

namespace litesmith {

// A set of indices in [0, size). Whole and empty sets hold no bits, so that a dimension of any size
// costs nothing until part of it is needed. A dimension of unknown size is whole or empty.
class IndexSet {
 public:
  // A dimension beyond this is never tracked in part: adding one index makes it whole.
  static constexpr int32_t kLargestTracked = 1 << 16;

  IndexSet() = default;
  static IndexSet none(int32_t size) { return IndexSet(size, false); }
  static IndexSet all(int32_t size) { return IndexSet(size, true); }

  int32_t size() const { return size_; }
  bool is_all() const { return all_; }
  bool is_empty() const { return !all_ && bits_.empty(); }
  bool contains(int32_t index) const;
  // Indices in it; 1 for a whole dimension of unknown size.
  int64_t count() const;

  void add(int32_t index);
  void merge(const IndexSet& other);

  friend bool operator==(const IndexSet&, const IndexSet&) = default;

 private:
  IndexSet(int32_t size, bool all) : size_(size), all_(all) {}
  int32_t size_ = 0;  // negative: unknown
  bool all_ = false;
  std::vector<bool> bits_;  // empty when whole or empty
  int32_t set_bits_ = 0;
};

struct Region {
  std::vector<IndexSet> dims;
  bool nothing = true;  // also of a scalar, which has no dimension to say it

  static Region none(const Shape& shape);
  static Region all(const Shape& shape);

  // Its number of elements, a dimension of unknown size counting as 1.
  int64_t count() const;
  bool is_all() const;
  // The smallest region that holds both.
  void merge(const Region& other);

  friend bool operator==(const Region&, const Region&) = default;
};

}  // namespace litesmith
