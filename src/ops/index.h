// Slices found by tuples of indices, and positions found by value: GATHER_ND, SCATTER_ND,
// DYNAMIC_UPDATE_SLICE, EMBEDDING_LOOKUP, ARG_MAX, ARG_MIN, TOPK_V2.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 holds slices, operand 1 a tuple of leading indices for each slice of the output.
struct GatherNd : OpOf<GatherNd> {
  static const OpDef& definition();
};

// Adds the slices of operand 1 into zeros of the shape in operand 2, at the tuples of operand 0.
struct ScatterNd : OpOf<ScatterNd> {
  static const OpDef& definition();
};

// Operand 0 with operand 1 written over it from the position in operand 2, moved inside.
struct DynamicUpdateSlice : OpOf<DynamicUpdateSlice> {
  static const OpDef& definition();
};

// The rows of operand 1 that the indices of operand 0 name.
struct EmbeddingLookup : OpOf<EmbeddingLookup> {
  static const OpDef& definition();
};

struct ArgExtremum {
  DType output_type = DType::float32;  // int32 or int64

  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "output_type", self.output_type, DType::float32);
  }
};

// Operand 1 is the axis.
struct ArgMax : ArgExtremum, OpOf<ArgMax> {
  using ArgExtremum::attributes;
  static const OpDef& definition();
};
struct ArgMin : ArgExtremum, OpOf<ArgMin> {
  using ArgExtremum::attributes;
  static const OpDef& definition();
};

// The largest elements of each row, operand 1 of them, and where they stand.
struct TopK : OpOf<TopK> {
  static const OpDef& definition();
};

}  // namespace litesmith
