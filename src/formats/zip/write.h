// Writing zip archives: members stored as they are, by Debian's minizip.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace litesmith {

struct ZipMember {
  std::string name;
  // The contents, in order; kept apart so that a header and what follows need not be joined.
  std::vector<std::span<const std::byte>> pieces;
};

// The bytes of an archive with the given members, without dates: the same members give the same
// bytes.
std::string zip_of(std::span<const ZipMember> members);

}  // namespace litesmith
