// What a rewrite rule is, and the ordered list of them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "rewrite/editor.h"

namespace litesmith {

struct Rule {
  std::string_view name;
  // Rules of an earlier stage are applied until none fits before a later stage joins them.
  int stage;
  // Tries the rule at one node; true when it changed the graph. Null for a rule of the whole graph.
  bool (*at)(Editor& edit, size_t node);
  // Tries the rule all over the graph; how often it changed something.
  int (*everywhere)(Editor& edit) = nullptr;
};

std::span<const Rule> all_rules();

}  // namespace litesmith
