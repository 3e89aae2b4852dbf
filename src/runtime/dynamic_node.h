// A node whose shapes only a run can tell: inferred, bound and run anew, or again where nothing has
// changed.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"
#include "runtime/binding.h"
#include "runtime/plan.h"
#include "runtime/tensor.h"

namespace litesmith {

class DynamicNode {
 public:
  // The node's outputs for these operands, absent ones missing. `graph` is the node's, for the
  // names and parameters of its values. Throws what inference and binding throw, and
  // Error(unsupported) where a result's shape follows from none of its operands.
  std::vector<Tensor> run(const Graph& graph, const Node& node,
                          std::vector<std::optional<Tensor>> inputs, const PlanOptions& options);

 private:
  // Made for operands of these shapes; none where values were looked at.
  struct Prepared {
    std::vector<Shape> inputs;
    std::vector<Value> outputs;
    BoundKernel kernel;
  };
  std::optional<Prepared> last_;
};

}  // namespace litesmith
