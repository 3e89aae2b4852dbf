// How an operator is run: a binding looks at a node once, checks and prepares everything, and
// returns the kernel that a plan's step calls.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "base/cpu_features.h"
#include "ir/graph.h"
#include "litesmith/arithmetic.h"

namespace litesmith {

// One node with all that is known before it runs. Every value has its concrete shape.
struct BindContext {
  NodeView node;  // shapes have no dynamic dimension; constants carry their data
  Arithmetic arithmetic;
  Isa isa;  // what kernels are chosen for; results do not depend on it
  // Sums of floats may be taken in another order than the definition's, one that the shapes choose.
  bool reorders = false;

  // By LiteRT's reference kernels, which TFLite Micro shares but for what it prepares in double.
  bool by_reference() const {
    return arithmetic == Arithmetic::reference || arithmetic == Arithmetic::tflm;
  }

  template <class T>
  const T& op() const {
    return node.as<T>();
  }
  const Value& input(size_t i) const { return node.input(i); }
  const Value* optional_input(size_t i) const { return node.optional_input(i); }
  const Value& output(size_t i = 0) const { return *node.outputs.at(i); }

  // Throws Error(unsupported) naming the op and its operand types.
  [[noreturn]] void unsupported(std::string_view why = "no kernel takes these types") const;
};

// What a kernel gets to work on. Pointers of absent optional inputs are null. Tensor memory is
// 64-byte aligned; constants are aligned for their elements.
struct StepMemory {
  std::span<const std::byte* const> inputs;
  std::span<std::byte* const> outputs;
  std::byte* scratch;  // scratch_bytes of the kernel, 64-byte aligned
  // Of the node's intermediate values, by place: where to leave the smallest and largest element of
  // this run; null where nobody asks, empty where nobody asks for any.
  std::span<float* const> ranges = {};

  template <class T>
  const T* in(size_t i) const {
    return reinterpret_cast<const T*>(inputs[i]);
  }
  template <class T>
  T* out(size_t i = 0) const {
    return reinterpret_cast<T*>(outputs[i]);
  }
};

// A prepared kernel. `run` captures packed weights and parameters, is called from several threads
// at once, allocates nothing and does not fail; only where an operand's values may be wrong (GATHER
// of an index outside) it throws Error(data).
struct BoundKernel {
  std::function<void(const StepMemory&)> run;
  size_t scratch_bytes = 0;
};

// A plan that observes all notes the range of such an intermediate value of a node: as its two
// elements, the smallest and the largest.
void observe_inside(Value& value);
bool is_observed_inside(const Value& value);

using Binding = BoundKernel (*)(const BindContext&);

// The binding of an op; null when litesmith can read but not run it.
Binding find_binding(const OpDef& def);

}  // namespace litesmith
