// QUANTIZE (float to integer, or one integer scale to another) and DEQUANTIZE (to float).
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Quantize : OpOf<Quantize> {
  static const OpDef& definition();
};

struct Dequantize : OpOf<Dequantize> {
  static const OpDef& definition();
};

}  // namespace litesmith
