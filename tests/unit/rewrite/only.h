// Applying single rules in tests.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "rewrite/rewrite.h"
#include "rewrite/rules.h"
#include "testing/graph_builder.h"

namespace litesmith::testing {

// The graph after the named rules alone, each step verified.
inline Graph after(const Model& model, std::initializer_list<std::string_view> rules,
                   Evaluator evaluate = {}) {
  RewriteOptions options{.evaluate = std::move(evaluate), .verify = true};
  for (const Rule& rule : all_rules()) {
    if (std::find(rules.begin(), rules.end(), rule.name) == rules.end()) {
      options.without.emplace_back(rule.name);
    }
  }
  check(options.without.size() + rules.size() == all_rules().size(), "a rule's name is wrong");
  return rewrite(model, options).graph;
}

}  // namespace litesmith::testing
