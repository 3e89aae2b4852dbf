// LSTM: one step of a long short-term memory.
#pragma once

#include <span>
#include <string_view>

#include "ir/op.h"

namespace litesmith {

// `full` has the operands of lstm_operands.h; `basic` is an older kernel with all weights in one.
enum class LstmKernel : int8_t { full = 0, basic = 1 };
std::span<const std::string_view> enum_names(LstmKernel);

struct Lstm : OpOf<Lstm> {
  Activation activation = Activation::none;  // of the cell gate and of the output: TANH
  float cell_clip = 0;                       // 0: none, also below
  float proj_clip = 0;
  LstmKernel kernel_type = LstmKernel::full;
  bool asymmetric_quantize_inputs = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
    visit(1, "cell_clip", self.cell_clip, 0.0f);
    visit(2, "proj_clip", self.proj_clip, 0.0f);
    visit(3, "kernel_type", self.kernel_type, LstmKernel::full);
    visit(4, "asymmetric_quantize_inputs", self.asymmetric_quantize_inputs, false);
  }
};

}  // namespace litesmith
