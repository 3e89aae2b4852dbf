// Which tensors of two versions of a network are the same tensor.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace litesmith {

struct TensorPair {
  ValueId a;
  ValueId b;
};

// Pairs of activations with equal numbers of elements, in the order `a` computes them. Tensors of
// the same name belong together; what is left is matched in order where operators agree (the
// longest common subsequence of operator and shape), so that a quantized graph with its extra
// conversions finds its float original.
std::vector<TensorPair> match_tensors(const Graph& a, const Graph& b);

}  // namespace litesmith
