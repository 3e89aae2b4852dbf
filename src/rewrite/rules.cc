#include "rewrite/rules.h"

#include <array>

#include "rewrite/rules/rules.h"

namespace litesmith {

std::span<const Rule> all_rules() {
  static constexpr auto kRules = std::to_array<Rule>({
      // Stage 1: what does nothing goes, and each thing is written in one way.
      {"remove-dead", 1, rules::remove_dead},
      {"constant-second", 1, rules::constant_second},
      {"fold-constants", 1, rules::fold_constants},
      {"fold-shape", 1, rules::fold_shape},
      {"reshape-by-count", 1, rules::reshape_by_count},
      {"dense-without-reshape", 1, rules::dense_without_reshape},
      {"dense-keeps-dims", 1, rules::dense_keeps_dims},
      {"squeeze-to-reshape", 1, rules::squeeze_to_reshape},
      {"merge-reshapes", 1, rules::merge_reshapes},
      {"merge-transposes", 1, rules::merge_transposes},
      {"transpose-to-reshape", 1, rules::transpose_to_reshape},
      {"keep-reduced-dims", 1, rules::keep_reduced_dims},
      {"drop-idle", 1, rules::drop_idle},
      {"drop-neutral", 1, rules::drop_neutral},
      {"share-equal-constants", 1, nullptr, rules::share_equal_constants},
      {"share-equal-nodes", 1, nullptr, rules::share_equal_nodes},

      // Stage 2: activations get their names; an op joins the one before it.
      {"relu-from-extremum", 2, rules::relu_from_extremum},
      {"fuse-activation", 2, rules::fuse_activation},
      {"hard-swish", 2, rules::hard_swish},
      {"leaky-relu", 2, rules::leaky_relu},
      {"prelu", 2, rules::prelu},
      {"move-unary-up", 2, rules::move_unary_up},
      {"move-binary-up", 2, rules::move_binary_up},
      {"pad-to-same", 2, rules::pad_to_same},
      {"fold-multiply", 2, rules::fold_multiply},
      {"fold-add", 2, rules::fold_add},
      {"merge-adds", 2, rules::merge_adds},
      {"divide-to-multiply", 2, rules::divide_to_multiply},
      {"drop-zero-bias", 2, rules::drop_zero_bias},

      // Stage 3: what has found nothing to join before it joins what follows.
      {"multiply-into-next", 3, rules::multiply_into_next},
      {"add-into-next", 3, rules::add_into_next},
  });
  return kRules;
}

}  // namespace litesmith
