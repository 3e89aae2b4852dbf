#include "runtime/plan.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "runtime/arena.h"
#include "runtime/evaluate_node.h"

namespace litesmith {
namespace {

bool all_inputs_constant(const NodeView& view) {
  return std::all_of(view.inputs.begin(), view.inputs.end(),
                     [](const Value* value) { return value == nullptr || value->is_constant(); });
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
  plan->options_ = options;
  plan->resolve_shapes();
  plan->place(options.observe_all);
  return plan;
}

void Plan::resolve_shapes() {
  for (const ValueId id : graph_.inputs) {
    Value& value = graph_[id];
    if (bits(value.dtype) == 0) {
      throw Error(ErrorCode::unsupported,
                  "input '" + value.name + "' is of type " + std::string(to_string(value.dtype)));
    }
    for (size_t i = 0; i < value.shape.size(); ++i) {
      if (value.shape[i] >= 0) continue;
      const int32_t own = i < value.default_shape.size() ? value.default_shape[i] : 1;
      value.shape[i] = i == 0 && options_.batch > 0 ? options_.batch : std::max(own, 1);
    }
  }
  Diagnostics findings;
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
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
      BoundKernel kernel = binding({view, options_.arithmetic, options_.isa});
      require_memory(kernel.scratch_bytes, "the scratch memory");
      if (all_inputs_constant(view) || kernel.needs_only_shapes) {
        for (const Value* output : view.outputs) folded_bytes_ += byte_size(*output);
        require_memory(folded_bytes_, "the constants that ops make");
        fold(graph_, node, kernel);
        continue;
      }
      scratch_bytes_ = std::max(scratch_bytes_, kernel.scratch_bytes);
      steps_.push_back({i, std::move(kernel)});
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
    const Node& node = graph_.nodes[steps_[static_cast<size_t>(when)].node];
    for (const ValueId id : node.inputs) touch(id, when);
    for (const ValueId id : node.outputs) touch(id, when);
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
