#include "quantize/file_types.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "ops/quantize.h"

namespace litesmith {
namespace {

void require_type(std::optional<DType> type) {
  if (!type || *type == DType::float32 || *type == DType::int8 || *type == DType::uint8) return;
  throw Error(ErrorCode::usage,
              "an int8 file's inputs and outputs can be float32, int8 or uint8, not " +
                  std::string(to_string(*type)));
}

bool is_int8(const Value& value) {
  return value.dtype == DType::int8 && value.quantization.scale.size() == 1;
}

class Changer {
 public:
  Changer(const Model& model, std::vector<std::string>& warnings)
      : model_(model), graph_(model_.graph), warnings_(warnings) {}

  Model run(const FileTypes& types) {
    for (size_t i = 0; types.input && i < graph_.inputs.size(); ++i) change_input(i, *types.input);
    for (size_t i = 0; types.output && i < graph_.outputs.size(); ++i) {
      change_output(i, *types.output);
    }
    std::vector<Node> nodes = std::move(first_);
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (std::find(dropped_.begin(), dropped_.end(), i) == dropped_.end()) {
        nodes.push_back(std::move(graph_.nodes[i]));
      }
    }
    for (Node& node : last_) nodes.push_back(std::move(node));
    graph_.nodes = std::move(nodes);
    for (Value& value : graph_.values) value.sparse_block = 0;  // stored with all its elements
    compact(model_);
    graph_.make_names_unique();
    verify(graph_);
    return std::move(model_);
  }

 private:
  void change_input(size_t i, DType wanted) {
    const ValueId outer = graph_.inputs[i];
    if (graph_[outer].dtype == wanted) return;
    ValueId inner = is_int8(graph_[outer]) ? outer : ValueId();
    const Uses uses = graph_.uses();
    const auto& readers = uses.consumers[static_cast<size_t>(outer.index)];
    if (!inner.valid() && readers.size() == 1) {
      const auto reader = static_cast<size_t>(readers[0]);
      const Node& node = graph_.nodes[reader];
      if (node.as<Quantize>() != nullptr && is_int8(graph_[node.outputs.at(0)])) {
        inner = node.outputs[0];
        dropped_.push_back(reader);
      }
    }
    if (!inner.valid()) return stays("input", outer);
    const ValueId made = outer_of(inner, wanted, graph_[outer].name);
    replace(graph_.inputs[i], made, true);
    if (made == inner) return;
    first_.push_back({.op = std::make_shared<Quantize>(), .inputs = {made}, .outputs = {inner}});
  }

  void change_output(size_t i, DType wanted) {
    const ValueId outer = graph_.outputs[i];
    if (graph_[outer].dtype == wanted) return;
    ValueId inner = is_int8(graph_[outer]) ? outer : ValueId();
    const Uses uses = graph_.uses();
    const int producer = uses.producer[static_cast<size_t>(outer.index)];
    if (!inner.valid() && producer != Uses::kNone) {
      const auto maker = static_cast<size_t>(producer);
      const Node& node = graph_.nodes[maker];
      const bool changes_type = node.as<Quantize>() != nullptr || node.as<Dequantize>() != nullptr;
      if (changes_type && is_int8(graph_[node.inputs.at(0)])) {
        inner = node.inputs[0];
        if (uses.consumers[static_cast<size_t>(outer.index)].empty()) dropped_.push_back(maker);
      }
    }
    if (!inner.valid()) return stays("output", outer);
    const ValueId made = outer_of(inner, wanted, graph_[outer].name);
    replace(graph_.outputs[i], made, false);
    if (made == inner) return;
    std::shared_ptr<const Op> op = std::make_shared<Dequantize>();
    if (wanted == DType::uint8) op = std::make_shared<Quantize>();
    last_.push_back({.op = std::move(op), .inputs = {inner}, .outputs = {made}});
  }

  void stays(std::string_view which, ValueId id) {
    warnings_.push_back(std::string(which) + " '" + graph_[id].name + "' stays " +
                        std::string(to_string(graph_[id].dtype)) + ": no int8 tensor is behind it");
  }

  // What stands in the interface for the int8 tensor `inner`, under the interface's name: itself,
  // or a new one.
  ValueId outer_of(ValueId inner, DType dtype, std::string name) {
    if (dtype == DType::int8) {
      graph_[inner].name = name;
      return inner;
    }
    Value value = graph_[inner];
    if (value.name == name) graph_[inner].name += "_int8";
    value.name = std::move(name);
    value.dtype = dtype;
    value.source_index = -1;
    if (dtype == DType::uint8) {
      value.quantization.zero_point.at(0) += 128;
    } else {
      value.quantization = {};
    }
    return graph_.add(std::move(value));
  }

  // In the interface and in the signatures.
  void replace(ValueId& interface, ValueId with, bool is_input) {
    for (Signature& signature : model_.signatures) {
      if (signature.subgraph.index != 0) continue;
      for (Signature::Entry& entry : is_input ? signature.inputs : signature.outputs) {
        if (entry.value == interface) entry.value = with;
      }
    }
    interface = with;
  }

  Model model_;
  Graph& graph_;
  std::vector<std::string>& warnings_;
  std::vector<size_t> dropped_;  // nodes
  std::vector<Node> first_;
  std::vector<Node> last_;
};

}  // namespace

bool is_integer_model(const Model& model) {
  const auto& values = model.graph.values;
  return std::any_of(values.begin(), values.end(), [](const Value& value) {
    return !value.is_constant() && value.quantization.present();
  });
}

Model with_file_types(const Model& model, const FileTypes& types,
                      std::vector<std::string>& warnings) {
  require_type(types.input);
  require_type(types.output);
  return Changer(model, warnings).run(types);
}

}  // namespace litesmith
