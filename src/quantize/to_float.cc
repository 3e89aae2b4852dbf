#include "quantize/to_float.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ops/quantize.h"
#include "runtime/evaluate_node.h"

namespace litesmith {
namespace {

bool is_narrow(const Value& value) {
  return value.quantization.present() || value.block_scales || value.dtype == DType::float16;
}

class Widener {
 public:
  explicit Widener(const Graph& graph) : graph_(graph) {}

  // Whether anything was done.
  bool run() {
    std::vector<Node> nodes = std::move(graph_.nodes);
    for (Node& node : nodes) {
      if (!fold(node)) graph_.nodes.push_back(widen(std::move(node)));
    }
    return changed_;
  }

  // Weights are all that was narrow.
  bool is_float() const {
    std::vector<bool> used(graph_.values.size());
    for (const Node& node : graph_.nodes) {
      for (const auto* ids : {&node.inputs, &node.outputs}) {
        for (const ValueId id : *ids) {
          if (id.valid()) used[static_cast<size_t>(id.index)] = true;
        }
      }
    }
    for (const auto* ids : {&graph_.inputs, &graph_.outputs}) {
      for (const ValueId id : *ids) used[static_cast<size_t>(id.index)] = true;
    }
    for (size_t i = 0; i < graph_.values.size(); ++i) {
      if (used[i] && is_narrow(graph_.values[i])) return false;
    }
    return true;
  }
  bool had_halves() const { return had_halves_; }
  bool had_integers() const { return had_integers_; }
  Graph take() { return std::move(graph_); }

 private:
  const Value& at(ValueId id) const { return graph_[id]; }

  // A node of narrow constants is done once: DEQUANTIZE, and DENSIFY before it.
  bool fold(const Node& node) {
    bool narrow = false;
    for (const ValueId id : node.inputs) {
      if (!id.valid()) continue;
      if (!at(id).is_constant()) return false;
      narrow |= is_narrow(at(id));
    }
    const bool is_output = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) {
      return std::find(graph_.outputs.begin(), graph_.outputs.end(), id) != graph_.outputs.end();
    });
    if (!narrow || is_output) return false;
    auto made = evaluate_node(graph_, node);
    if (!made) return false;
    for (size_t i = 0; i < made->size(); ++i) graph_[node.outputs[i]].data = (*made)[i];
    for (const ValueId id : node.inputs) {
      if (id.valid()) note(at(id));
    }
    return true;
  }

  // The integer weights of a layer that computes in float.
  Node widen(Node node) {
    const auto is_float = [&](ValueId id) { return at(id).dtype == DType::float32; };
    if (node.as<Dequantize>() != nullptr || node.outputs.empty() ||
        !std::all_of(node.outputs.begin(), node.outputs.end(), is_float)) {
      return node;
    }
    bool widened = false;
    for (ValueId& id : node.inputs) {
      if (!id.valid() || !at(id).is_constant()) continue;
      if (!at(id).quantization.present() && !at(id).block_scales) continue;
      const auto found = wide_.find(id);
      const ValueId wide = found != wide_.end() ? found->second : dequantized(id);
      if (!wide.valid()) continue;
      wide_[id] = wide;
      id = wide;
      widened = true;
    }
    if (widened && node.def().set_asymmetric_inputs != nullptr) {
      auto op = node.op->clone();
      node.def().set_asymmetric_inputs(*op, false);
      node.op = std::move(op);
    }
    if (widened) node.source_version = 0;
    return node;
  }

  ValueId dequantized(ValueId id) {
    Value full{.name = at(id).name, .shape = at(id).shape};
    note(at(id));
    if (at(id).dtype == DType::int4 || at(id).dtype == DType::int2) {
      full.data = Buffer::of(real_elements(at(id)));
      return graph_.add(std::move(full));
    }
    const ValueId made = graph_.add(std::move(full));
    const Node node{.op = std::make_shared<Dequantize>(), .inputs = {id}, .outputs = {made}};
    auto data = evaluate_node(graph_, node);
    if (!data) return {};
    graph_[made].data = std::move(data->at(0));
    return made;
  }

  void note(const Value& value) {
    changed_ = true;
    (value.dtype == DType::float16 ? had_halves_ : had_integers_) = true;
  }

  Graph graph_;
  std::map<ValueId, ValueId> wide_;
  bool changed_ = false;
  bool had_halves_ = false;
  bool had_integers_ = false;
};

}  // namespace

Model weights_to_float(const Model& model, std::vector<std::string>* warnings) {
  Widener widener(model.graph);
  if (!widener.run() || !widener.is_float()) return model;
  Model result = model;
  result.graph = widener.take();
  compact(result);
  result.graph.make_names_unique();
  if (warnings == nullptr) return result;
  const std::string types = !widener.had_integers() ? "float16"
                            : widener.had_halves()  ? "float16 and integers"
                                                    : "integers";
  warnings->push_back("the model's weights are " + types +
                      " and were taken back to float; what they lost in rounding stays lost. The "
                      "float model it was made from gives better files");
  return result;
}

}  // namespace litesmith
