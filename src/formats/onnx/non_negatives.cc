#include "formats/onnx/non_negatives.h"

#include "ops/arrange.h"
#include "ops/reshape.h"
#include "ops/unary.h"

namespace litesmith::onnx {

bool NonNegatives::has(ValueId id) {
  has_.resize(graph_.values.size());
  for (; seen_ < graph_.nodes.size(); ++seen_) {
    const litesmith::Node& node = graph_.nodes[seen_];
    const OpDef& def = node.def();
    const bool moves = &def == &Transpose::definition() || &def == &Reshape::definition();
    const bool makes = &def == &Relu::definition() || &def == &Relu6::definition() ||
                       &def == &Relu0To1::definition() || &def == &Logistic::definition();
    if (!makes && !(moves && has_[static_cast<size_t>(node.inputs[0].index)])) continue;
    has_[static_cast<size_t>(node.outputs[0].index)] = true;
  }
  return has_[static_cast<size_t>(id.index)];
}

}  // namespace litesmith::onnx
