// Reductions over the axes named by constant operand 1: MEAN, SUM, REDUCE_MAX, REDUCE_MIN,
// REDUCE_ANY, REDUCE_ALL.
#pragma once

#include "ir/graph.h"
#include "ir/op.h"

namespace litesmith {

struct Reduce {
  bool keep_dims = false;

  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "keep_dims", self.keep_dims, false);
  }
};

struct Mean : Reduce, OpOf<Mean> {
  using Reduce::attributes;
  static const OpDef& definition();
};

struct Sum : Reduce, OpOf<Sum> {
  using Reduce::attributes;
  static const OpDef& definition();
};

struct ReduceMax : Reduce, OpOf<ReduceMax> {
  using Reduce::attributes;
  static const OpDef& definition();
};

struct ReduceMin : Reduce, OpOf<ReduceMin> {
  using Reduce::attributes;
  static const OpDef& definition();
};

// Of booleans.
struct ReduceAny : Reduce, OpOf<ReduceAny> {
  using Reduce::attributes;
  static const OpDef& definition();
};

struct ReduceAll : Reduce, OpOf<ReduceAll> {
  using Reduce::attributes;
  static const OpDef& definition();
};

// Which dimensions of the input are reduced; throws when the axes are no constant.
std::vector<bool> reduced_dimensions(const Shape& input, const Value& axes);

}  // namespace litesmith
