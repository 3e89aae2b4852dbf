// What can be told of a small vector of integers before the graph runs: shapes, computed from the
// shape of a tensor with an open dimension.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rewrite/editor.h"

namespace litesmith {

// Each element, where it is known. Nothing for tensors of more than one dimension or many elements,
// and for ops that are not looked through.
std::optional<std::vector<std::optional<int32_t>>> known_elements(const Editor& edit, ValueId id);

}  // namespace litesmith
