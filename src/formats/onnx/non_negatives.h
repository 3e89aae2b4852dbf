// Which values of a graph under construction hold nothing below zero, as their operators say.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace litesmith::onnx {

// Looks at each node once, whatever is asked. Nodes may be appended to the graph meanwhile.
class NonNegatives {
 public:
  explicit NonNegatives(const Graph& graph) : graph_(graph) {}

  bool has(ValueId id);

 private:
  const Graph& graph_;
  size_t seen_ = 0;  // nodes
  std::vector<bool> has_;
};

}  // namespace litesmith::onnx
