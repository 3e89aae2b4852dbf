#include "runtime/plan.h"

#include <algorithm>
#include <limits>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/evaluate_node.h"
#include "runtime/lower/fusions.h"
#include "runtime/lower/trim.h"
#include "runtime/text.h"

namespace litesmith {
namespace {

bool all_inputs_constant(const NodeView& view) {
  return std::all_of(view.inputs.begin(), view.inputs.end(),
                     [](const Value* value) { return value == nullptr || value->is_constant(); });
}

// The node's result does not wait for a run: its inputs are constant, or it reads only their
// shapes.
bool is_known(const NodeView& view) {
  if (view.outputs.empty()) return false;  // it has an effect instead
  if (all_inputs_constant(view)) return true;
  const auto needed = view.op.def().needed;
  if (needed == nullptr) return false;
  std::vector<Region> outputs;
  for (const Value* output : view.outputs) outputs.push_back(Region::all(output->shape));
  for (size_t i = 0; i < view.inputs.size(); ++i) {
    if (view.inputs[i] != nullptr && !needed(view, i, outputs).nothing) return false;
  }
  return true;
}

// Runs a node whose inputs are known, once; its outputs become constants.
void fold(Graph& graph, const Node& node, const BoundKernel& kernel) {
  std::vector<Buffer> results = run_once(kernel, graph.view(node));
  for (size_t i = 0; i < results.size(); ++i) graph[node.outputs[i]].data = std::move(results[i]);
}

}  // namespace

std::string describe_node(const Graph& graph, size_t index) {
  return "op " + std::to_string(index) + " " + std::string(graph.nodes[index].def().name);
}

std::shared_ptr<const Plan> Plan::make(const Graph& graph, const PlanOptions& options) {
  std::shared_ptr<Plan> plan(new Plan);
  plan->graph_ = graph;
  plan->hold_texts();
  plan->options_ = options;
  if (options.observe_all) plan->options_.lowered = false;
  const std::vector<size_t> nodes = plan->resolve_shapes();
  if (plan->options_.lowered) trim(plan->graph_, nodes);
  plan->bind(nodes);
  plan->place(options.observe_all);
  return plan;
}

// Whether the node has nothing to do in a run. A variable that it declares begins with its operand
// (ops/variables.h).
bool Plan::is_done(const Node& node) {
  if (!node.def().before_run) return false;
  if (!node.inputs.empty()) {
    variables_.push_back({node.outputs.at(0), graph_[node.inputs[0]].data.value()});
  }
  return true;
}

// Variables that no node declares begin with zeros, as LiteRT has them.
void Plan::begin_with_zeros() {
  std::vector<bool> declared(graph_.values.size());
  for (const Variable& variable : variables_) {
    declared[static_cast<size_t>(variable.value.index)] = true;
  }
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    const Value& value = graph_.values[i];
    if (!value.is_variable || declared[i] || value.is_constant() || element_bits(value) == 0) {
      continue;
    }
    if (!is_static(value.shape)) {
      throw Error(ErrorCode::unsupported, "the variable '" + value.name + "' has no fixed shape, " +
                                              to_string(value.shape));
    }
    require_memory(byte_size(value), "variable '" + value.name + "'");
    std::vector<std::byte> zeros(byte_size(value));
    if (value.dtype == DType::int8 && value.quantization.present()) {
      std::fill(zeros.begin(), zeros.end(),
                static_cast<std::byte>(value.quantization.zero_point[0]));
    }
    variables_.push_back({ValueId{static_cast<int32_t>(i)}, Buffer::of(zeros)});
  }
}

// Has constants of text hold the addresses of their elements.
void Plan::hold_texts() {
  for (Value& value : graph_.values) {
    if (value.dtype != DType::string || !value.is_constant()) continue;
    with_context("constant '" + value.name + "'", [&] {
      texts_.push_back(parse_texts(value.data->bytes()));
      if (static_cast<int64_t>(texts_.back().size()) != element_count(value.shape)) {
        throw Error(ErrorCode::data, "it holds " + std::to_string(texts_.back().size()) +
                                         " texts, but its shape is " + to_string(value.shape));
      }
    });
    value.data = Buffer::of(addresses_of(texts_.back()));
  }
}

// Gives every value its shape and runs the nodes whose inputs are known; returns the others.
std::vector<size_t> Plan::resolve_shapes() {
  for (const ValueId id : graph_.inputs) {
    Value& value = graph_[id];
    if (element_bits(value) == 0) {
      throw Error(ErrorCode::unsupported,
                  "input '" + value.name + "' is of type " + std::string(to_string(value.dtype)));
    }
    for (size_t i = 0; i < value.shape.size(); ++i) {
      if (value.shape[i] >= 0) continue;
      const int32_t own = i < value.default_shape.size() ? value.default_shape[i] : 1;
      value.shape[i] = i == 0 && options_.batch > 0 ? options_.batch : std::max(own, 1);
    }
  }
  std::vector<size_t> left;
  Diagnostics findings;
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    if (is_done(node)) continue;
    const NodeView view = graph_.view(node);
    const Binding binding = find_binding(node.def());
    if (binding == nullptr) {
      findings.error(ErrorCode::unsupported,
                     describe_node(graph_, i) + " cannot run: it has no kernel");
      continue;
    }
    if (!findings.ok()) continue;  // later ops may only fail for want of a shape
    try {
      resolve_outputs(node, view);
      if (!is_known(view)) {
        left.push_back(i);
        continue;
      }
      const BoundKernel kernel = binding({view, options_.arithmetic, options_.isa});
      require_memory(kernel.scratch_bytes, "the scratch memory");
      for (const Value* output : view.outputs) folded_bytes_ += byte_size(*output);
      require_memory(folded_bytes_, "the constants that ops make");
      fold(graph_, node, kernel);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::internal) throw;
      findings.error(error.code(), describe_node(graph_, i) + ": " + error.what());
    }
  }
  findings.throw_if_errors("the model cannot run");
  begin_with_zeros();
  return left;
}

// Who reads a value: how many, the graph's outputs among them, and the last node.
struct Plan::Reader {
  int count = 0;
  size_t node = 0;
};

// The node that alone reads what `node` alone writes, when the two may be one step.
std::optional<size_t> Plan::fusion_partner(size_t node, const std::vector<Reader>& readers) const {
  const Node& first = graph_.nodes[node];
  if (first.outputs.size() != 1) return std::nullopt;
  const ValueId between = first.outputs[0];
  const Reader& reader = readers[static_cast<size_t>(between.index)];
  if (reader.count != 1 || reader.node <= node || graph_[between].is_variable) return std::nullopt;
  if (find_fused_binding(first.def(), graph_.nodes[reader.node].def()) == nullptr) {
    return std::nullopt;
  }
  return reader.node;
}

void Plan::bind(const std::vector<size_t>& nodes) {
  std::vector<Reader> readers(graph_.values.size());
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    for (const ValueId id : graph_.nodes[i].inputs) {
      if (!id.valid()) continue;
      Reader& reader = readers[static_cast<size_t>(id.index)];
      ++reader.count;
      reader.node = i;
    }
  }
  for (const ValueId id : graph_.outputs) ++readers[static_cast<size_t>(id.index)].count;

  std::vector<bool> done(graph_.nodes.size());
  Diagnostics findings;
  for (const size_t i : nodes) {
    if (done[i]) continue;
    const Node& node = graph_.nodes[i];
    auto context_of = [&](const Node& each) {
      return BindContext{graph_.view(each), options_.arithmetic, options_.isa, options_.lowered};
    };
    const BindContext context = context_of(node);
    try {
      std::optional<BoundKernel> kernel;
      size_t last = i;
      if (options_.lowered) {
        if (const auto partner = fusion_partner(i, readers)) {
          const Node& second = graph_.nodes[*partner];
          kernel = find_fused_binding(node.def(), second.def())(context, context_of(second));
          if (kernel) last = *partner;
        }
      }
      if (!kernel) kernel = find_binding(node.def())(context);
      require_memory(kernel->scratch_bytes, "the scratch memory");
      scratch_bytes_ = std::max(scratch_bytes_, kernel->scratch_bytes);
      done[last] = true;
      steps_.push_back({i, last, node.inputs, graph_.nodes[last].outputs, std::move(*kernel)});
    } catch (const Error& error) {
      if (error.code() == ErrorCode::internal) throw;
      findings.error(error.code(), describe_node(graph_, i) + ": " + error.what());
    }
  }
  findings.throw_if_errors("the model cannot run");
}

void Plan::resolve_outputs(const Node& node, const NodeView& view) {
  const auto inferred = node.def().infer(view);
  check(inferred.size() == node.outputs.size(), "the graph was not verified");
  for (size_t i = 0; i < inferred.size(); ++i) {
    Value& value = graph_[node.outputs[i]];
    if (!is_static(inferred[i].shape)) {
      throw Error(ErrorCode::unsupported, "the shape of '" + value.name + "', " +
                                              to_string(inferred[i].shape) +
                                              ", depends on values that only a run can tell");
    }
    value.shape = inferred[i].shape;
    require_memory(byte_size(value), "tensor '" + value.name + "'");
  }
}

void Plan::require_memory(size_t bytes, std::string_view what) const {
  if (bytes <= options_.memory_limit) return;
  throw Error(ErrorCode::unsupported, std::to_string(bytes) + " bytes for " + std::string(what) +
                                          " exceed the memory limit of " +
                                          std::to_string(options_.memory_limit));
}

void Plan::place(bool observe_all) {
  std::vector<ArenaRequest> requests;
  std::vector<size_t> values;
  constexpr int kAlways = std::numeric_limits<int>::max();
  std::vector<int> first(graph_.values.size(), kAlways);
  std::vector<int> last(graph_.values.size(), -1);
  auto touch = [&](ValueId id, int when) {
    if (!id.valid() || graph_[id].is_constant()) return;
    const auto i = static_cast<size_t>(id.index);
    first[i] = std::min(first[i], when);
    last[i] = std::max(last[i], when);
  };
  const int end = static_cast<int>(steps_.size());
  for (const ValueId id : graph_.inputs) touch(id, -1);
  for (int when = 0; when < end; ++when) {
    const Step& step = steps_[static_cast<size_t>(when)];
    for (const ValueId id : step.inputs) touch(id, when);
    for (const ValueId id : step.outputs) touch(id, when);
  }
  for (const ValueId id : graph_.outputs) touch(id, end);
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    if (first[i] == kAlways) continue;
    // A variable outlives the run.
    const bool always = observe_all || graph_.values[i].is_variable;
    requests.push_back(
        {byte_size(graph_.values[i]), always ? -1 : first[i], always ? end : last[i]});
    values.push_back(i);
  }
  const ArenaLayout layout = plan_arena(requests);
  require_memory(layout.bytes, "the activations");
  offsets_.assign(graph_.values.size(), kNoOffset);
  for (size_t i = 0; i < values.size(); ++i) offsets_[values[i]] = layout.offsets[i];
  arena_bytes_ = layout.bytes;
}

}  // namespace litesmith
