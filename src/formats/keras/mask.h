// Which steps of a sequence count, as Keras hands it from layer to layer beside a tensor.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "ir/graph.h"

namespace litesmith::keras {

// Booleans over a tensor's first dimensions, [batch, steps] as a rule, true for what counts. Most
// layers hand a mask on without looking at it: its operators are built when one first asks.
class LazyMask {
 public:
  // `depth` is how many masks are built one inside the other to build this one.
  explicit LazyMask(std::function<ValueId()> build, int depth = 0)
      : build_(std::move(build)), depth_(depth) {}

  int depth() const { return made_.valid() ? 0 : depth_; }
  ValueId value() {
    if (!made_.valid()) {
      made_ = build_();
      build_ = nullptr;  // and with it the masks that this one was built of
    }
    return made_;
  }

 private:
  std::function<ValueId()> build_;
  int depth_;
  ValueId made_;
};
using Mask = std::shared_ptr<LazyMask>;  // null: everything counts

// What layers hand on.
struct Tensor {
  ValueId value;
  Mask mask = nullptr;
};

}  // namespace litesmith::keras
