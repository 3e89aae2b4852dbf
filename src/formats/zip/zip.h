// Reading zip archives (.keras, .npz): stored and deflated members, by Debian's minizip.
//
// Everything comes from the central directory. Archives that could harm whoever unpacks them are
// refused when opened: names that are absolute or climb with "..", links, members that overlap,
// the same name twice. Members that claim to be far larger than what they are stored as are
// refused when read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_bytes.h"

namespace litesmith {

class ZipArchive {
 public:
  struct Member {
    std::string name;
    uint64_t size = 0;  // as the directory states it
    uint64_t stored_size = 0;
    uint32_t crc = 0;
    uint16_t method = 0;  // 0 stored, 8 deflated
    bool encrypted = false;
    uint64_t directory_position = 0;  // of its entry, for minizip
  };

  // `name` is what messages call the archive.
  ZipArchive(SharedBytes bytes, std::string name);
  static ZipArchive open(const std::filesystem::path& path);
  // True when the bytes start as a zip archive does.
  static bool looks_like_zip(std::span<const std::byte> bytes);

  // Files only, in the directory's order.
  const std::vector<Member>& members() const { return members_; }
  // Null when there is none of that name.
  const Member* find(std::string_view member_name) const;

  // The member's contents, checked against its checksum. A stored member is a view of the archive,
  // no copy. Throws Error(format) when it is damaged, Error(unsupported) when it is encrypted,
  // packed by another method, or larger than `limit` bytes.
  SharedBytes read(const Member& member, uint64_t limit) const;

 private:
  SharedBytes bytes_;
  std::string name_;
  std::vector<Member> members_;
};

}  // namespace litesmith
