#include "formats/hdf5/group_index.h"

#include <set>
#include <string_view>
#include <vector>

#include "base/byte_cursor.h"
#include "base/error.h"

namespace litesmith::hdf5 {
namespace {

void expect_signature(ByteCursor& cursor, std::string_view signature) {
  if (cursor.text(signature.size()) != signature) {
    throw Error(ErrorCode::format,
                "an HDF5 group is damaged: no '" + std::string(signature) + "' where one must be");
  }
}

// The names' bytes (specification, III.D).
std::span<const std::byte> read_local_heap(std::span<const std::byte> file, uint64_t address) {
  ByteCursor cursor(file, address, "an HDF5 local heap");
  expect_signature(cursor, "HEAP");
  cursor.skip(4);  // version, reserved
  const auto size = cursor.read<uint64_t>();
  cursor.skip(8);  // free list
  const auto data = cursor.read<uint64_t>();
  return ByteCursor(file, data, "an HDF5 local heap").take(size);
}

class GroupReader {
 public:
  explicit GroupReader(std::span<const std::byte> file) : file_(file) {}

  GroupMembers read(uint64_t tree, uint64_t heap) {
    names_ = read_local_heap(file_, heap);
    // A tree walked with a list instead of recursion. No node is visited twice, so the work is
    // bounded by the file's size whatever the pointers say.
    todo_ = {tree};
    while (!todo_.empty()) {
      const uint64_t address = todo_.back();
      todo_.pop_back();
      if (!seen_.insert(address).second) {
        throw Error(ErrorCode::format, "an HDF5 group's index leads in a circle");
      }
      read_node(address);
    }
    return std::move(members_);
  }

 private:
  void read_node(uint64_t address) {
    ByteCursor cursor(file_, address, "an HDF5 group's index");
    if (ByteCursor(cursor).text(4) == "SNOD") return read_symbols(cursor);
    expect_signature(cursor, "TREE");
    constexpr uint8_t kGroupTree = 0;
    if (cursor.read<uint8_t>() != kGroupTree) {
      throw Error(ErrorCode::format, "an HDF5 group's index is no index of names");
    }
    cursor.skip(1);  // level: the children's signature says what they are
    const auto children = cursor.read<uint16_t>();
    cursor.skip(16);  // siblings
    for (uint16_t i = 0; i < children; ++i) {
      cursor.skip(8);  // key
      todo_.push_back(cursor.read<uint64_t>());
    }
  }

  void read_symbols(ByteCursor& cursor) {
    expect_signature(cursor, "SNOD");
    cursor.skip(2);  // version, reserved
    const auto count = cursor.read<uint16_t>();
    for (uint16_t i = 0; i < count; ++i) {
      const auto name_offset = cursor.read<uint64_t>();
      const auto header = cursor.read<uint64_t>();
      const auto cache_type = cursor.read<uint32_t>();
      cursor.skip(20);  // reserved, cached addresses
      std::string name = name_at(name_offset);
      constexpr uint32_t kSymbolicLink = 2;
      if (cache_type == kSymbolicLink) {
        throw Error(ErrorCode::unsupported,
                    "the file holds a soft link, '" + name + "'; such files are refused");
      }
      if (!members_.emplace(name, header).second) {
        throw Error(ErrorCode::format, "an HDF5 group holds '" + name + "' twice");
      }
    }
  }

  std::string name_at(uint64_t offset) {
    if (offset >= names_.size()) {
      throw Error(ErrorCode::format, "an HDF5 group has a name outside its heap");
    }
    const auto rest = names_.subspan(offset);
    const std::string_view text(reinterpret_cast<const char*>(rest.data()), rest.size());
    const size_t length = text.find('\0');
    if (length == text.npos || length == 0) {
      throw Error(ErrorCode::format, "an HDF5 group has a name without an end");
    }
    // Writers store each name once; names that overlap would make a small file hold huge ones.
    if (length > names_.size() - name_bytes_) {
      throw Error(ErrorCode::format, "an HDF5 group's names add up to more than their heap");
    }
    name_bytes_ += length;
    return std::string(text.substr(0, length));
  }

  std::span<const std::byte> file_;
  std::span<const std::byte> names_;
  size_t name_bytes_ = 0;
  std::vector<uint64_t> todo_;
  std::set<uint64_t> seen_;
  GroupMembers members_;
};

}  // namespace

GroupMembers read_group_members(std::span<const std::byte> file,
                                std::span<const std::byte> symbol_table) {
  ByteCursor cursor(symbol_table, 0, "a symbol table message");
  const auto tree = cursor.read<uint64_t>();
  const auto heap = cursor.read<uint64_t>();
  return GroupReader(file).read(tree, heap);
}

}  // namespace litesmith::hdf5
