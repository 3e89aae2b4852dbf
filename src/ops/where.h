// WHERE: the places of what is not zero.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Makes int64 [n, rank], a row of indices for each of the n elements, in the tensor's order.
struct Where : OpOf<Where> {
  static const OpDef& definition();
};

}  // namespace litesmith
