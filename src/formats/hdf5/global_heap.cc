#include "formats/hdf5/global_heap.h"

#include <algorithm>
#include <string>

#include "base/byte_cursor.h"
#include "base/error.h"

namespace litesmith::hdf5 {

std::span<const std::byte> GlobalHeap::object(uint64_t address, uint32_t index) {
  const Collection& objects = collection(address);
  const auto found =
      index <= UINT16_MAX ? objects.find(static_cast<uint16_t>(index)) : objects.end();
  if (found == objects.end()) {
    throw Error(ErrorCode::format, "an HDF5 string lies at entry " + std::to_string(index) +
                                       " of a heap that has none");
  }
  spend(object_bytes_, found->second.size());
  return found->second;
}

const GlobalHeap::Collection& GlobalHeap::collection(uint64_t address) {
  const auto found = collections_.find(address);
  if (found != collections_.end()) return found->second;
  ByteCursor header(file_, address, "an HDF5 global heap");
  if (header.text(4) != "GCOL") {
    throw Error(ErrorCode::format, "an HDF5 string points to no heap");
  }
  header.skip(4);  // version, reserved
  constexpr size_t kHeaderSize = 16;
  const auto size = header.read<uint64_t>();
  spend(collection_bytes_, size);
  ByteCursor cursor(ByteCursor(file_, address, "an HDF5 global heap").take(size), 0,
                    "an HDF5 global heap");
  cursor.skip(kHeaderSize);
  Collection objects;
  while (cursor.remaining() >= kHeaderSize) {
    const auto index = cursor.read<uint16_t>();
    cursor.skip(6);  // reference count, reserved
    const auto object_size = cursor.read<uint64_t>();
    constexpr uint16_t kFreeSpace = 0;
    if (index == kFreeSpace) break;
    objects[index] = cursor.take(object_size);
    const size_t padding = (8 - object_size % 8) % 8;
    cursor.skip(std::min(padding, cursor.remaining()));
  }
  return collections_.emplace(address, std::move(objects)).first->second;
}

void GlobalHeap::spend(uint64_t& budget_used, uint64_t bytes) const {
  if (bytes > file_.size() || budget_used > file_.size() - bytes) {
    throw Error(ErrorCode::format, "the file's strings add up to more than the file");
  }
  budget_used += bytes;
}

}  // namespace litesmith::hdf5
