// BATCH_MATMUL: [..., rows, depth] times [..., depth, columns]; leading dimensions broadcast.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct BatchMatMul : OpOf<BatchMatMul> {
  bool adj_x = false;  // the left matrices lie transposed
  bool adj_y = false;  // the right ones do
  bool asymmetric_quantize_inputs = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "adj_x", self.adj_x, false);
    visit(1, "adj_y", self.adj_y, false);
    visit(2, "asymmetric_quantize_inputs", self.asymmetric_quantize_inputs, false);
  }
};

}  // namespace litesmith
