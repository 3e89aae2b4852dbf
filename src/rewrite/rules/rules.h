// The rules, one a file of this folder; rewrite/rules.cc lists them in the order they are tried.
// Each returns true when it changed the graph at `node`.
#pragma once

#include <cstddef>

#include "rewrite/editor.h"

namespace litesmith::rules {

bool fold_add(Editor& edit, size_t node);
bool fold_multiply(Editor& edit, size_t node);
bool fuse_activation(Editor& edit, size_t node);
bool remove_dead(Editor& edit, size_t node);

}  // namespace litesmith::rules
