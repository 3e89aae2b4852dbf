// SEGMENT_SUM: the sums of runs of slices along the first dimension.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 is the data [n, ...], 1 the number of each slice's segment, int32 [n]: from 0, in
// order, none left out. Makes [segments, ...].
struct SegmentSum : OpOf<SegmentSum> {
  static const OpDef& definition();
};

}  // namespace litesmith
