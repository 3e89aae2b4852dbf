#include "ir/region.h"

#include <algorithm>

namespace litesmith {

bool IndexSet::contains(int32_t index) const {
  if (all_) return true;
  return index >= 0 && static_cast<size_t>(index) < bits_.size() &&
         bits_[static_cast<size_t>(index)];
}

int64_t IndexSet::count() const {
  if (all_) return size_ < 0 ? 1 : size_;
  return set_bits_;
}

void IndexSet::add(int32_t index) {
  if (all_ || contains(index)) return;
  if (size_ < 0 || size_ > kLargestTracked) {
    *this = all(size_);
    return;
  }
  if (index < 0 || index >= size_) return;
  bits_.resize(static_cast<size_t>(size_), false);
  bits_[static_cast<size_t>(index)] = true;
  if (++set_bits_ == size_) *this = all(size_);
}

void IndexSet::merge(const IndexSet& other) {
  if (all_ || other.is_empty()) return;
  if (other.all_) {
    *this = all(size_);
    return;
  }
  for (int32_t i = 0; i < size_ && !all_; ++i) {
    if (other.contains(i)) add(i);
  }
}

Region Region::none(const Shape& shape) {
  Region region;
  for (const int32_t size : shape) region.dims.push_back(IndexSet::none(size));
  return region;
}

Region Region::all(const Shape& shape) {
  Region region;
  region.nothing = false;
  for (const int32_t size : shape) region.dims.push_back(IndexSet::all(size));
  return region;
}

int64_t Region::count() const {
  if (nothing) return 0;
  int64_t count = 1;
  for (const IndexSet& set : dims) {
    if (__builtin_mul_overflow(count, set.count(), &count)) return INT64_MAX;
  }
  return count;
}

bool Region::is_all() const {
  return !nothing &&
         std::all_of(dims.begin(), dims.end(), [](const IndexSet& set) { return set.is_all(); });
}

void Region::merge(const Region& other) {
  if (other.nothing) return;
  nothing = false;
  for (size_t i = 0; i < dims.size(); ++i) dims[i].merge(other.dims[i]);
}

}  // namespace litesmith
