#include "formats/onnx/patterns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"

namespace litesmith::onnx {
namespace {

// Who makes and who reads each tensor, and what the constants among them are.
class Nodes {
 public:
  Nodes(const File& file, ConstantReader& constants) : file_(file), constants_(constants) {
    for (size_t i = 0; i < file.nodes.size(); ++i) {
      for (const std::string& name : file.nodes[i].outputs) makers_[name] = i;
      for (const std::string& name : file.nodes[i].inputs) readers_[name].push_back(i);
    }
    for (const ValueInfo& output : file.outputs) is_output_[output.name] = true;
    for (const TensorData& each : file.initializers) initializers_[each.name] = &each;
  }

  // The node that makes the tensor, when it is of that kind.
  const Node* maker(const std::string& name, std::string_view op_type) const {
    const auto found = makers_.find(name);
    if (found == makers_.end()) return nullptr;
    const Node& node = file_.nodes[found->second];
    return is(node, op_type) ? &node : nullptr;
  }

  // The only node that reads the tensor, when it is of that kind and nobody else sees the tensor.
  const Node* only_reader(const std::string& name, std::string_view op_type) const {
    const auto found = readers_.find(name);
    if (found == readers_.end() || found->second.size() != 1 || is_output_.count(name) != 0) {
      return nullptr;
    }
    const Node& node = file_.nodes[found->second.front()];
    return is(node, op_type) ? &node : nullptr;
  }

  // True for a constant of one element within a ten-thousandth of `wanted`.
  bool is_number(const std::string& name, double wanted) const {
    const auto found = initializers_.find(name);
    const TensorData* data = found != initializers_.end() ? found->second : nullptr;
    if (const Node* node = maker(name, "Constant")) {
      const Attribute* value = node->find("value");
      if (value != nullptr && value->tensor) data = &*value->tensor;
    }
    constexpr size_t kMostDimensions = 4;
    const bool one =
        data != nullptr && data->dims.size() <= kMostDimensions &&
        std::all_of(data->dims.begin(), data->dims.end(), [](int64_t dim) { return dim == 1; });
    if (!one) return false;
    try {
      const Constant read = constants_.read(*data);
      return read.dtype == DType::float32 &&
             std::abs(double{read.data.as<float>()[0]} - wanted) < 1e-4 * std::abs(wanted);
    } catch (const Error&) {
      return false;  // whoever reads it will say what is wrong
    }
  }

  // The other operand of a node of two, one of which is this number; null for another node.
  const std::string* beside(const Node& node, double number) const {
    if (node.inputs.size() != 2) return nullptr;
    if (is_number(node.inputs[1], number)) return &node.inputs[0];
    return is_number(node.inputs[0], number) ? &node.inputs[1] : nullptr;
  }

 private:
  static bool is(const Node& node, std::string_view op_type) {
    return node.domain.empty() && node.op_type == op_type;
  }

  const File& file_;
  ConstantReader& constants_;
  std::map<std::string, size_t> makers_;
  std::map<std::string, std::vector<size_t>> readers_;
  std::map<std::string, bool> is_output_;
  std::map<std::string, const TensorData*> initializers_;
};

const std::string* other_operand(const Node& node, const std::string& one) {
  if (node.inputs.size() != 2) return nullptr;
  if (node.inputs[0] == one) return &node.inputs[1];
  return node.inputs[1] == one ? &node.inputs[0] : nullptr;
}

// x of x / sqrt 2, or null.
const std::string* over_root_of_two(const Nodes& graph, const std::string& name) {
  if (const Node* div = graph.maker(name, "Div")) {
    return div->inputs.size() == 2 && graph.is_number(div->inputs[1], std::sqrt(2.0))
               ? &div->inputs[0]
               : nullptr;
  }
  const Node* mul = graph.maker(name, "Mul");
  return mul != nullptr ? graph.beside(*mul, std::sqrt(0.5)) : nullptr;
}

// Whether the tensor is x / 2.
bool is_half_of(const Nodes& graph, const std::string& name, const std::string& x) {
  const Node* mul = graph.maker(name, "Mul");
  const std::string* halved = mul != nullptr ? graph.beside(*mul, 0.5) : nullptr;
  return halved != nullptr && *halved == x;
}

struct Gelu {
  std::string x;
  const Node* last = nullptr;         // makes the result
  std::vector<const Node*> replaced;  // nodes whose results nobody else reads
};

std::optional<Gelu> gelu_around(const Nodes& graph, const Node& erf) {
  if (erf.inputs.size() != 1 || erf.outputs.size() != 1) return std::nullopt;
  const std::string* x = over_root_of_two(graph, erf.inputs[0]);
  const Node* add = graph.only_reader(erf.outputs[0], "Add");
  if (x == nullptr || add == nullptr || graph.beside(*add, 1) == nullptr ||
      add->outputs.size() != 1) {
    return std::nullopt;
  }
  const Node* mul = graph.only_reader(add->outputs[0], "Mul");
  if (mul == nullptr || mul->outputs.size() != 1) return std::nullopt;
  const std::string* factor = other_operand(*mul, add->outputs[0]);
  if (factor == nullptr) return std::nullopt;
  if (is_half_of(graph, *factor, *x)) return Gelu{*x, mul, {&erf, add}};
  const Node* last = graph.only_reader(mul->outputs[0], "Mul");
  if (last == nullptr || last->outputs.size() != 1) return std::nullopt;
  const std::string* rest = other_operand(*last, mul->outputs[0]);
  if (rest == nullptr) return std::nullopt;
  const bool x_then_half = *factor == *x && graph.is_number(*rest, 0.5);
  const bool half_then_x = graph.is_number(*factor, 0.5) && *rest == *x;
  if (!x_then_half && !half_then_x) return std::nullopt;
  return Gelu{*x, last, {&erf, add, mul}};
}

}  // namespace

void recognise_gelu(File& file, ConstantReader& constants) {
  const Nodes graph(file, constants);
  std::vector<bool> gone(file.nodes.size(), false);
  std::map<size_t, std::string> made;  // by node: what the GELU reads
  auto place = [&](const Node* node) { return static_cast<size_t>(node - file.nodes.data()); };
  for (const Node& node : file.nodes) {
    if (!node.domain.empty() || node.op_type != "Erf") continue;
    const auto gelu = gelu_around(graph, node);
    if (!gelu) continue;
    made[place(gelu->last)] = gelu->x;
    for (const Node* each : gelu->replaced) gone[place(each)] = true;
  }
  if (made.empty()) return;
  std::vector<Node> kept;
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    if (gone[i]) continue;
    Node node = std::move(file.nodes[i]);
    if (const auto found = made.find(i); found != made.end()) {
      node.op_type = "Gelu";
      node.inputs = {found->second};
      node.attributes.clear();
    }
    kept.push_back(std::move(node));
  }
  file.nodes = std::move(kept);
}

void forget_unread_outputs(File& file) {
  std::set<std::string> read;
  for (const Node& node : file.nodes) read.insert(node.inputs.begin(), node.inputs.end());
  for (const ValueInfo& output : file.outputs) read.insert(output.name);
  for (Node& node : file.nodes) {
    const bool any = std::any_of(node.outputs.begin(), node.outputs.end(),
                                 [&](const std::string& name) { return read.count(name) != 0; });
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (read.count(node.outputs[i]) == 0 && (any || i > 0)) node.outputs[i].clear();
    }
  }
}

}  // namespace litesmith::onnx
