// The global heap: where strings of variable length lie (specification, III.E).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace litesmith::hdf5 {

class GlobalHeap {
 public:
  explicit GlobalHeap(std::span<const std::byte> file) : file_(file) {}

  // Object `index` of the collection at `address`. Collections are read once. All together may
  // hold, and all objects handed out may amount to, no more than the file does: a file whose
  // references overlap to make a little look like much is refused.
  std::span<const std::byte> object(uint64_t address, uint32_t index);

 private:
  using Collection = std::map<uint16_t, std::span<const std::byte>>;
  const Collection& collection(uint64_t address);
  void spend(uint64_t& budget_used, uint64_t bytes) const;

  std::span<const std::byte> file_;
  std::map<uint64_t, Collection> collections_;
  uint64_t collection_bytes_ = 0;
  uint64_t object_bytes_ = 0;
};

}  // namespace litesmith::hdf5
