// Operators that take part of a tensor: SLICE, STRIDED_SLICE, SPLIT, SPLIT_V, GATHER.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operands: input, begin, size (-1: to the end).
struct Slice : OpOf<Slice> {
  static const OpDef& definition();
};

// Operands: input, begin, end, strides; masks are bit sets by dimension, as in NumPy's slicing.
struct StridedSlice : OpOf<StridedSlice> {
  int32_t begin_mask = 0;
  int32_t end_mask = 0;
  int32_t ellipsis_mask = 0;
  int32_t new_axis_mask = 0;
  int32_t shrink_axis_mask = 0;
  bool offset = false;  // `end` counts from `begin`

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "begin_mask", self.begin_mask, 0);
    visit(1, "end_mask", self.end_mask, 0);
    visit(2, "ellipsis_mask", self.ellipsis_mask, 0);
    visit(3, "new_axis_mask", self.new_axis_mask, 0);
    visit(4, "shrink_axis_mask", self.shrink_axis_mask, 0);
    visit(5, "offset", self.offset, false);
  }
};

// One dimension of a resolved slice: elements start, start + stride, ... `count` of them.
struct SliceRange {
  int32_t start;
  int32_t stride;
  int32_t count;
  bool shrink = false;    // the dimension is dropped from the output
  bool new_axis = false;  // a dimension of 1 in the output that the input does not have
};

// The ranges a STRIDED_SLICE takes from an input of this static shape, in the order of its
// dimensions, with new axes between them.
std::vector<SliceRange> strided_slice_ranges(const StridedSlice& op, const Shape& input,
                                             std::span<const int32_t> begin,
                                             std::span<const int32_t> end,
                                             std::span<const int32_t> strides);

// Operands: axis (scalar), input; equal parts.
struct Split : OpOf<Split> {
  int32_t num_splits = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "num_splits", self.num_splits, 0);
  }
};

// Operands: input, sizes (one may be -1), axis (scalar).
struct SplitV : OpOf<SplitV> {
  int32_t num_splits = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "num_splits", self.num_splits, 0);
  }
};

// Operands: params, indices.
struct Gather : OpOf<Gather> {
  int32_t axis = 0;
  int32_t batch_dims = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "axis", self.axis, 0);
    visit(1, "batch_dims", self.batch_dims, 0);
  }
};

}  // namespace litesmith
