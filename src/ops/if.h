// IF: one of two subgraphs, by a condition.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 is the condition, one bool; the others go to the subgraph, whose outputs are the op's.
struct If : OpOf<If> {
  SubgraphIndex then_subgraph_index;
  SubgraphIndex else_subgraph_index;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "then_subgraph_index", self.then_subgraph_index, SubgraphIndex{});
    visit(1, "else_subgraph_index", self.else_subgraph_index, SubgraphIndex{});
  }
};

}  // namespace litesmith
