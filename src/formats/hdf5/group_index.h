// The members of an old-style group: a B-tree of symbol-table nodes, names in a local heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace litesmith::hdf5 {

using GroupMembers = std::map<std::string, uint64_t, std::less<>>;  // name to header address

// `symbol_table` is the group's symbol table message. Soft links are refused: Keras writes none,
// and they can lead anywhere.
GroupMembers read_group_members(std::span<const std::byte> file,
                                std::span<const std::byte> symbol_table);

}  // namespace litesmith::hdf5
