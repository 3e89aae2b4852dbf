// SOFTMAX and LOG_SOFTMAX over the last dimension.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Softmax : OpOf<Softmax> {
  float beta = 1.0f;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "beta", self.beta, 0.0f);
  }
};

struct LogSoftmax : OpOf<LogSoftmax> {
  static const OpDef& definition();
};

}  // namespace litesmith
