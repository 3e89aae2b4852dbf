// LiteRT computes some ops in place: the sum of two tensors takes the memory of one of them when
// nothing else reads that one. TensorFlow's calibrator looks at an op's inputs after the op ran. So
// the range it records for such an input also covers the op's output: in a residual network the
// shortcut or the branch that is added to it.
//
// The range is wider than it should be, by less than a bit in practice. It is followed because a
// file that differs from TensorFlow's in the scales of every residual block would have its answers
// differ too, and nobody could tell that from a mistake. (LiteRT: tflite/arena_planner.cc,
// IdentifyInPlaceTensors; tflite/tools/optimize/calibration/calibrator.cc, LoggingEval.)
#include "quantize/overwritten.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace litesmith {
namespace {

class Planner {
 public:
  explicit Planner(const Graph& graph) : graph_(graph), memory_(graph.values.size()) {
    std::iota(memory_.begin(), memory_.end(), size_t{0});
    readers_.resize(graph.values.size());
    for (const Node& node : graph.nodes) {
      for (const ValueId id : node.inputs) {
        if (id.valid()) ++readers_[index(id)];
      }
    }
    for (const ValueId id : graph.outputs) ++readers_[index(id)];
  }

  // The operand whose memory the node's output takes, absent when it gets its own. Nodes are asked
  // in the order they run.
  ValueId overwrites(const Node& node) {
    const InPlace in_place = node.def().in_place;
    if (in_place == InPlace::no) return {};
    const bool changes = in_place == InPlace::over_either_operand;
    const ValueId output = node.outputs.at(0);
    const size_t candidates = std::min<size_t>(node.inputs.size(), changes ? 2 : 1);
    for (size_t i = 0; i < candidates; ++i) {
      const ValueId operand = node.inputs[i];
      if (!operand.valid() || !may_share(operand, output, changes)) continue;
      const size_t memory = memory_[index(operand)];
      if (changes && readers_[memory] > 1) return {};
      memory_[index(output)] = memory;
      return changes ? operand : ValueId();
    }
    return {};
  }

 private:
  static size_t index(ValueId id) { return static_cast<size_t>(id.index); }
  static bool holds(const std::vector<ValueId>& ids, ValueId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }

  bool may_share(ValueId operand, ValueId output, bool changes) const {
    const Value& from = graph_[operand];
    const Value& to = graph_[output];
    if (from.is_constant() || from.is_variable) return false;
    if (holds(graph_.inputs, operand) || holds(graph_.outputs, output)) return false;
    if (!changes) return true;
    const bool same_size =
        from.dtype == to.dtype && with_dynamic_as(from.shape, 1) == with_dynamic_as(to.shape, 1);
    const bool scalar = element_count(with_dynamic_as(from.shape, 1)) <= 1;
    return same_size && !scalar && readers_[index(operand)] == 1;
  }

  const Graph& graph_;
  std::vector<size_t> memory_;  // by value: the value whose memory it lies in
  std::vector<int> readers_;
};

}  // namespace

void widen_overwritten(Graph& graph) {
  Planner planner(graph);
  // What the calibrator sees of an output is the output, so ranges as they were decide.
  std::vector<std::optional<Range>> own;
  for (const Value& value : graph.values) own.push_back(value.range);
  for (const Node& node : graph.nodes) {
    const ValueId operand = planner.overwrites(node);
    if (!operand.valid()) continue;
    const auto& written = own[static_cast<size_t>(node.outputs[0].index)];
    std::optional<Range>& range = graph[operand].range;
    if (!written || !range) continue;
    range->min = std::min(range->min, written->min);
    range->max = std::max(range->max, written->max);
  }
}

}  // namespace litesmith
