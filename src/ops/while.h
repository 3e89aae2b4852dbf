// WHILE: a subgraph again and again, as long as another one says so.
#pragma once

#include "ir/op.h"

namespace litesmith {

// The operands are what goes into the first round, the outputs what comes out of the last one; both
// subgraphs take them all, `cond` gives one bool, `body` gives them all again.
struct While : OpOf<While> {
  SubgraphIndex cond_subgraph_index;
  SubgraphIndex body_subgraph_index;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "cond_subgraph_index", self.cond_subgraph_index, SubgraphIndex{});
    visit(1, "body_subgraph_index", self.body_subgraph_index, SubgraphIndex{});
  }
};

}  // namespace litesmith
