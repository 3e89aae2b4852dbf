// A tensor apart from any plan's memory: how values travel where only a run can tell their shapes,
// and between a graph and the subgraphs it calls.
#pragma once

#include "ir/buffer.h"
#include "ir/dtype.h"
#include "ir/shape.h"

namespace litesmith {

struct Tensor {
  DType dtype = DType::float32;
  Shape shape = {};
  Buffer data = {};
};

}  // namespace litesmith
