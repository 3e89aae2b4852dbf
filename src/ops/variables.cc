#include "ops/variables.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_handle(const NodeView& node) {
  require_operands(node, 0, 1);
  if (node.inputs.empty()) return {{DType::resource, {}}};
  // Tied, see resolve_variables.
  if (!node.input(0).is_constant()) refuse(node, "what it begins with is no constant");
  return {{node.input(0).dtype, node.input(0).shape}};
}

std::vector<InferredOutput> infer_read(const NodeView& node) {
  require_operands(node, 1, 1);
  const Value& variable = node.input(0);
  if (variable.dtype != DType::resource) return {{variable.dtype, variable.shape}};
  if (node.outputs.empty()) {
    throw Error(ErrorCode::unsupported, "READ_VARIABLE: the type of a variable is not known yet");
  }
  return {{node.outputs[0]->dtype, node.outputs[0]->shape}};
}

std::vector<InferredOutput> infer_assign(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& variable = node.input(0);
  const Value& value = node.input(1);
  if (variable.dtype == DType::resource) return {};
  if (variable.dtype != value.dtype || !merged(variable.shape, value.shape)) {
    refuse(node, "a value " + std::string(to_string(value.dtype)) + to_string(value.shape) +
                     " does not fit a variable " + std::string(to_string(variable.dtype)) +
                     to_string(variable.shape));
  }
  return {};
}

std::vector<InferredOutput> infer_call(const NodeView& node) {
  require_operands(node, 0, 0);
  return {};
}

template <class T>
OpDef make_def(int32_t code, std::string_view name, uint8_t options_tag,
               std::vector<InferredOutput> (*infer)(const NodeView&),
               std::vector<std::string_view> runtime_versions, bool before_run = false) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer,
          .version = version_1,
          .runtime_versions = std::move(runtime_versions),
          .before_run = before_run};
}

using Name = std::pair<std::string, std::string>;

Name name_of(const VarHandle& handle) { return {handle.container, handle.shared_name}; }

// The variable each handle of a graph stands for, by the value that holds the handle.
std::map<ValueId, Name> handles_of(const Graph& graph) {
  std::map<ValueId, Name> handles;
  for (const Node& node : graph.nodes) {
    if (const auto* handle = node.as<VarHandle>()) handles[node.outputs.at(0)] = name_of(*handle);
  }
  return handles;
}

// What the subgraph of a CALL_ONCE assigns.
void gather_starts(const Graph& init, std::map<Name, Value>& starts) {
  const auto handles = handles_of(init);
  for (const Node& node : init.nodes) {
    if (node.as<VarHandle>() != nullptr) continue;
    const auto handle = node.inputs.empty() ? handles.end() : handles.find(node.inputs[0]);
    if (node.as<AssignVariable>() == nullptr || handle == handles.end() ||
        !init[node.inputs.at(1)].is_constant()) {
      throw Error(ErrorCode::unsupported,
                  "the subgraph '" + init.name +
                      "' does more than give variables constants: " + std::string(node.def().name));
    }
    starts[handle->second] = init[node.inputs[1]];
  }
}

// What a variable holds, by the first op that reads or assigns it.
const Value* example_of(const Graph& graph, ValueId handle) {
  for (const Node& node : graph.nodes) {
    if (node.inputs.empty() || node.inputs[0] != handle) continue;
    if (node.as<ReadVariable>() != nullptr) return &graph[node.outputs.at(0)];
    if (node.as<AssignVariable>() != nullptr) return &graph[node.inputs.at(1)];
  }
  return nullptr;
}

// Zeros in place of what nobody assigned.
std::optional<Value> zeros_like(const Value& example) {
  if (bits(example.dtype) == 0 || !is_static(example.shape)) return std::nullopt;
  Value zeros = example;
  zeros.data = Buffer::of(std::vector<std::byte>(
      static_cast<size_t>((element_count(zeros.shape) * bits(zeros.dtype) + 7) / 8)));
  return zeros;
}

// Has handles of one name be one value: that of the first.
void tie_handles(Graph& graph) {
  const std::map<Name, ValueId> variables = resource_variables(graph);
  std::map<ValueId, ValueId> same;
  for (const Node& node : graph.nodes) {
    const auto* handle = node.as<VarHandle>();
    if (handle == nullptr) continue;
    const ValueId id = node.outputs.at(0);
    same[id] = variables.at(name_of(*handle));
    graph[id].is_variable = true;
  }
  for (Node& node : graph.nodes) {
    for (ValueId& input : node.inputs) {
      if (const auto found = same.find(input); found != same.end()) input = found->second;
    }
  }
}

void add_hidden_states(Graph& graph) {
  for (Node& node : graph.nodes) {
    const auto states_of = node.def().hidden_state;
    if (states_of == nullptr) continue;
    for (InferredOutput& state : states_of(graph.view(node))) {
      Value variable{.name = std::string(node.def().name) + "_state",
                     .dtype = state.dtype,
                     .shape = std::move(state.shape),
                     .is_variable = true};
      node.inputs.push_back(graph.add(std::move(variable)));
    }
  }
}

}  // namespace

Graph resolve_variables(const Model& model) {
  Graph graph = model.graph;
  add_hidden_states(graph);
  std::map<Name, Value> starts;
  for (const Node& node : graph.nodes) {
    if (const auto* call = node.as<CallOnce>()) {
      const auto index = static_cast<size_t>(call->init_subgraph_index.index);
      if (index == 0 || index >= model.subgraph_count()) {
        throw Error(ErrorCode::data, "CALL_ONCE calls subgraph " + std::to_string(index));
      }
      gather_starts(model.subgraph(index), starts);
    }
  }
  tie_handles(graph);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const auto* handle = graph.nodes[n].as<VarHandle>();
    if (handle == nullptr) continue;
    const ValueId id = graph.nodes[n].outputs.at(0);
    const Value* example = example_of(graph, id);
    if (example == nullptr) continue;  // nobody uses it
    const auto given = starts.find(name_of(*handle));
    std::optional<Value> start = given != starts.end() ? given->second : zeros_like(*example);
    if (!start) {
      throw Error(ErrorCode::unsupported, "the size of the variable '" + handle->shared_name +
                                              "' is known only when the model runs");
    }
    Value& variable = graph[id];
    variable.dtype = start->dtype;
    variable.shape = start->shape;
    variable.quantization = start->quantization;
    start->source_index = -1;
    graph.nodes[n].inputs = {graph.add(std::move(*start))};
  }
  return graph;
}

std::map<Name, ValueId> resource_variables(const Graph& graph) {
  std::map<Name, ValueId> variables;
  for (const Node& node : graph.nodes) {
    // All handles of one name are tied to the first.
    if (const auto* handle = node.as<VarHandle>()) {
      variables.emplace(name_of(*handle), node.outputs.at(0));
    }
  }
  return variables;
}

const OpDef& VarHandle::definition() {
  static const OpDef def =
      make_def<VarHandle>(142, "VAR_HANDLE", 111, infer_handle, {"2.6.0"}, true);
  return def;
}

const OpDef& ReadVariable::definition() {
  static const OpDef def = make_def<ReadVariable>(143, "READ_VARIABLE", 112, infer_read, {"2.6.0"});
  return def;
}

const OpDef& AssignVariable::definition() {
  static const OpDef def =
      make_def<AssignVariable>(144, "ASSIGN_VARIABLE", 113, infer_assign, {"2.6.0"});
  return def;
}

const OpDef& CallOnce::definition() {
  static const OpDef def = make_def<CallOnce>(129, "CALL_ONCE", 103, infer_call, {"2.5.0"}, true);
  return def;
}

}  // namespace litesmith
