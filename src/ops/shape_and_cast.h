// SHAPE (a tensor's dimensions as a tensor) and CAST (element type by element type).
#pragma once

#include "ir/op.h"

namespace litesmith {

struct ShapeOf : OpOf<ShapeOf> {
  DType out_type = DType::int32;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "out_type", self.out_type, DType::float32);
  }
};

struct Cast : OpOf<Cast> {
  DType in_data_type = DType::float32;
  DType out_data_type = DType::float32;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "in_data_type", self.in_data_type, DType::float32);
    visit(1, "out_data_type", self.out_data_type, DType::float32);
  }
};

}  // namespace litesmith
