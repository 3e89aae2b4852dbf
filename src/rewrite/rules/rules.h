// The rules, one a file of this folder; rewrite/rules.cc lists them in the order they are tried.
#pragma once

#include <cstddef>

#include "rewrite/editor.h"

namespace litesmith::rules {

// At one node: true when the graph has changed.
bool add_into_next(Editor& edit, size_t node);
bool constant_second(Editor& edit, size_t node);
bool dense_keeps_dims(Editor& edit, size_t node);
bool dense_without_reshape(Editor& edit, size_t node);
bool divide_to_multiply(Editor& edit, size_t node);
bool drop_idle(Editor& edit, size_t node);
bool drop_neutral(Editor& edit, size_t node);
bool drop_zero_bias(Editor& edit, size_t node);
bool fold_add(Editor& edit, size_t node);
bool fold_constants(Editor& edit, size_t node);
bool fold_multiply(Editor& edit, size_t node);
bool fold_shape(Editor& edit, size_t node);
bool fuse_activation(Editor& edit, size_t node);
bool hard_swish(Editor& edit, size_t node);
bool keep_reduced_dims(Editor& edit, size_t node);
bool leaky_relu(Editor& edit, size_t node);
bool merge_adds(Editor& edit, size_t node);
bool merge_reshapes(Editor& edit, size_t node);
bool merge_transposes(Editor& edit, size_t node);
bool move_binary_up(Editor& edit, size_t node);
bool move_unary_up(Editor& edit, size_t node);
bool multiply_into_next(Editor& edit, size_t node);
bool pad_to_same(Editor& edit, size_t node);
bool prelu(Editor& edit, size_t node);
bool relu_from_extremum(Editor& edit, size_t node);
bool remove_dead(Editor& edit, size_t node);
bool reshape_by_count(Editor& edit, size_t node);
bool squeeze_to_reshape(Editor& edit, size_t node);
bool transpose_to_reshape(Editor& edit, size_t node);

// All over the graph: how often something changed.
int share_equal_constants(Editor& edit);
int share_equal_nodes(Editor& edit);

}  // namespace litesmith::rules
