// SVDF: a dense layer over a window of time, its matrix a product of a feature and a time filter.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operands: the input [batch, inputs], feature weights [filters, inputs], time weights [filters,
// memory], optional bias [units], and the state [batch, filters * memory], a variable tensor. A
// unit is the sum of `rank` filters. (Nakkiran et al., "Compressing deep neural networks using a
// rank-constrained topology", Interspeech 2015.)
struct Svdf : OpOf<Svdf> {
  int32_t rank = 0;
  Activation activation = Activation::none;
  bool asymmetric_quantize_inputs = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "rank", self.rank, int32_t{0});
    visit(1, "fused_activation_function", self.activation, Activation::none);
    visit(2, "asymmetric_quantize_inputs", self.asymmetric_quantize_inputs, false);
  }
};

}  // namespace litesmith
