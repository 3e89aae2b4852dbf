#include "rewrite/rules.h"

#include <array>

#include "rewrite/rules/rules.h"

namespace litesmith {

std::span<const Rule> all_rules() {
  static constexpr auto kRules = std::to_array<Rule>({
      // Stage 1: what does nothing goes.
      {"remove-dead", 1, rules::remove_dead},

      // Stage 2: an op joins the one before it.
      {"fuse-activation", 2, rules::fuse_activation},
      {"fold-multiply", 2, rules::fold_multiply},
      {"fold-add", 2, rules::fold_add},
  });
  return kRules;
}

}  // namespace litesmith
