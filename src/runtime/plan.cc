#include "runtime/plan.h"

#include <algorithm>

#include "base/error.h"
#include "ir/lifetimes.h"
#include "ops/inference.h"
#include "runtime/control_flow.h"
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

void observe_inside(Value& value) {
  value.dtype = DType::float32;
  value.shape = {2};
}

bool is_observed_inside(const Value& value) {
  return value.dtype == DType::float32 && value.shape == Shape{2};
}

std::string describe_node(const Graph& graph, size_t index) {
  return "op " + std::to_string(index) + " " + std::string(graph.nodes[index].def().name);
}

Subgraphs subgraphs_of(const Model& model) {
  if (model.other_graphs.empty()) return nullptr;
  auto graphs = std::make_shared<std::vector<Graph>>();
  for (size_t i = 0; i < model.subgraph_count(); ++i) graphs->push_back(model.subgraph(i));
  return graphs;
}

std::shared_ptr<const Plan> Plan::make(const Graph& graph, const PlanOptions& options,
                                       Subgraphs subgraphs) {
  return make(graph, options, std::move(subgraphs), nullptr);
}

std::shared_ptr<const Plan> Plan::make(const Graph& graph, const PlanOptions& options,
                                       Subgraphs subgraphs, std::shared_ptr<int> plans_left) {
  constexpr int kMostPlans = 10'000;
  std::shared_ptr<Plan> plan(new Plan);
  plan->plans_left_ = plans_left ? std::move(plans_left) : std::make_shared<int>(kMostPlans);
  if (--*plan->plans_left_ < 0) {
    throw Error(ErrorCode::unsupported,
                "its calls of subgraphs need more than " + std::to_string(kMostPlans) + " plans");
  }
  plan->graph_ = graph;
  plan->hold_texts();
  plan->options_ = options;
  plan->subgraphs_ = std::move(subgraphs);
  plan->dynamic_.resize(graph.values.size());
  if (options.observe_all) plan->options_.lowered = false;
  const std::vector<size_t> nodes = plan->resolve_shapes();
  // Dynamic steps need what they read whole.
  if (plan->options_.lowered && plan->dynamic_steps_.empty()) trim(plan->graph_, nodes);
  plan->bind(nodes);
  plan->place(options.observe_all);
  plan->plans_left_ = nullptr;
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

// Variables that no node declares begin with zeros, as LiteRT has them. An input is the caller's.
void Plan::begin_with_zeros() {
  std::vector<bool> declared(graph_.values.size());
  for (const Variable& variable : variables_) {
    declared[static_cast<size_t>(variable.value.index)] = true;
  }
  for (const ValueId id : graph_.inputs) declared[static_cast<size_t>(id.index)] = true;
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

std::shared_ptr<const Plan> Plan::plan_of(SubgraphIndex subgraph,
                                          const std::vector<Shape>& inputs) const {
  const auto index = static_cast<size_t>(subgraph.index);
  if (subgraph.index < 0 || subgraphs_ == nullptr || index >= subgraphs_->size()) {
    throw Error(ErrorCode::unsupported,
                "subgraph " + std::to_string(subgraph.index) + ", which it calls, is not there");
  }
  Graph graph = (*subgraphs_)[index];
  return with_context("subgraph " + std::to_string(index) + " '" + graph.name + "'", [&] {
    if (graph.inputs.size() != inputs.size()) {
      throw Error(ErrorCode::data, "it takes " + std::to_string(graph.inputs.size()) +
                                       " inputs, but is called with " +
                                       std::to_string(inputs.size()));
    }
    for (size_t i = 0; i < inputs.size(); ++i) graph[graph.inputs[i]].shape = inputs[i];
    PlanOptions options = options_;
    options.batch = 0;
    options.observe_all = false;
    constexpr int kDeepest = 64;
    if (++options.call_depth > kDeepest) {
      throw Error(ErrorCode::unsupported,
                  "calls of subgraphs go more than " + std::to_string(kDeepest) + " deep");
    }
    return make(graph, options, subgraphs_, plans_left_);
  });
}

bool Plan::has_dynamic_values() const {
  return std::find(dynamic_.begin(), dynamic_.end(), true) != dynamic_.end();
}

bool Plan::reads_dynamic(const Node& node) const {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId id) { return id.valid() && is_dynamic(id); });
}

// What only a run tells of the node's outputs is everything but their types.
void Plan::make_dynamic(const Node& node) {
  for (const ValueId id : node.inputs) {
    if (id.valid() && graph_[id].is_variable) {
      throw Error(ErrorCode::unsupported,
                  "the variable '" + graph_[id].name + "' meets a shape that only a run can tell");
    }
  }
  for (const ValueId id : node.outputs) {
    dynamic_[static_cast<size_t>(id.index)] = true;
    graph_[id].shape.assign(graph_[id].shape.size(), kDynamic);
  }
}

// A node that calls subgraphs: plans them for its operands' shapes, where these are known. Its own
// outputs have shapes as theirs.
void Plan::resolve_call(size_t n) {
  const Node& node = graph_.nodes[n];
  if (std::any_of(node.inputs.begin(), node.inputs.end(), [](ValueId id) { return !id.valid(); })) {
    throw Error(ErrorCode::data, "an operand is absent, but subgraphs take all of them");
  }
  Step step{
      .node = n, .last_node = n, .inputs = node.inputs, .outputs = node.outputs, .kernel = {}};
  step.kind = Step::Kind::call;
  std::optional<std::vector<Shape>> shapes;
  if (!reads_dynamic(node)) {
    std::vector<Shape> inputs;
    for (const ValueId id : node.inputs) inputs.push_back(graph_[id].shape);
    shapes =
        find_control_flow(node.def())
            ->shapes(*node.op, inputs,
                     [&](SubgraphIndex subgraph,
                         const std::vector<Shape>& passed) -> std::optional<std::vector<Shape>> {
                       const auto callee = plan_of(subgraph, passed);
                       step.callees[subgraph.index] = callee;
                       std::vector<Shape> made;
                       for (const ValueId id : callee->graph().outputs) {
                         if (callee->is_dynamic(id)) return std::nullopt;
                         made.push_back(callee->graph()[id].shape);
                       }
                       return made;
                     });
  }
  if (shapes && shapes->size() != node.outputs.size()) {
    throw Error(ErrorCode::data, "it has " + std::to_string(node.outputs.size()) +
                                     " outputs, but what it calls gives " +
                                     std::to_string(shapes->size()));
  }
  if (shapes) {
    for (size_t i = 0; i < shapes->size(); ++i) graph_[node.outputs[i]].shape = (*shapes)[i];
  } else if (options_.dynamic) {
    make_dynamic(node);
  } else {
    throw Error(ErrorCode::unsupported, "the shapes of its results are known only when it runs");
  }
  dynamic_steps_[n] = std::move(step);
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
    const bool calls = find_control_flow(node.def()) != nullptr;
    if (binding == nullptr && !calls) {
      findings.error(ErrorCode::unsupported,
                     describe_node(graph_, i) + " cannot run: it has no kernel");
      continue;
    }
    if (!findings.ok()) continue;  // later ops may only fail for want of a shape
    try {
      if (calls) {
        resolve_call(i);
        left.push_back(i);
        continue;
      }
      if (reads_dynamic(node) || !resolve_outputs(node, view)) {
        make_dynamic(node);
        dynamic_steps_[i] = {.node = i,
                             .last_node = i,
                             .inputs = node.inputs,
                             .outputs = node.outputs,
                             .kernel = {},
                             .kind = Step::Kind::dynamic_node};
        left.push_back(i);
        continue;
      }
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
  if (reader.count != 1 || reader.node <= node || graph_[between].is_variable ||
      dynamic_steps_.contains(reader.node)) {
    return std::nullopt;
  }
  if (find_fused_binding(first.def(), graph_.nodes[reader.node].def()) == nullptr) {
    return std::nullopt;
  }
  return reader.node;
}

void Plan::bind(const std::vector<size_t>& nodes) {
  check(options_.runs || !options_.lowered, "a plan without kernels is not lowered");
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
    if (const auto found = dynamic_steps_.find(i); found != dynamic_steps_.end()) {
      steps_.push_back(std::move(found->second));
      continue;
    }
    const Node& node = graph_.nodes[i];
    if (!options_.runs) {
      steps_.push_back({i, i, node.inputs, node.outputs, {}});
      continue;
    }
    auto context_of = [&](const Node& each) {
      return BindContext{graph_.view(each), options_.arithmetic, options_.isa, options_.lowered};
    };
    const BindContext context = context_of(node);
    try {
      std::optional<BoundKernel> kernel;
      size_t last = i;
      if (options_.lowered && stays_in_place(node)) {
        place_of_[node.outputs[0]] = place_of(node.inputs[0]);
        kernel = BoundKernel{.run = [](const StepMemory&) {}};
      } else if (options_.lowered) {
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

// The node's output is its operand under another shape, and nothing else ever writes either. A
// caller who writes an input sees no output change before a run.
bool Plan::stays_in_place(const Node& node) const {
  if (node.def().in_place != InPlace::as_first_operand || !node.inputs.at(0).valid()) return false;
  const Value& from = graph_[node.inputs[0]];
  const Value& to = graph_[node.outputs.at(0)];
  const auto among = [](ValueId id, const std::vector<ValueId>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (among(place_of(node.inputs[0]), graph_.inputs) && among(node.outputs[0], graph_.outputs)) {
    return false;
  }
  return !from.is_constant() && !from.is_variable && !to.is_variable &&
         !is_dynamic(node.inputs[0]) && byte_size(from) == byte_size(to);
}

ValueId Plan::place_of(ValueId id) const {
  const auto found = place_of_.find(id);
  return found == place_of_.end() ? id : found->second;
}

// False where only a run can tell the shapes.
bool Plan::resolve_outputs(const Node& node, const NodeView& view) {
  auto inferred = node.def().infer(view);
  check(inferred.size() == node.outputs.size(), "the graph was not verified");
  for (size_t i = 0; i < inferred.size(); ++i) {
    Value& value = graph_[node.outputs[i]];
    // TFLite Micro computes no shape: a tensor has the one that the file says.
    const bool stated = options_.arithmetic == Arithmetic::tflm && is_static(value.shape) &&
                        !is_static(inferred[i].shape);
    if (const auto shape = merged(inferred[i].shape, value.shape); stated && shape) {
      inferred[i].shape = *shape;
    }
    if (!is_static(inferred[i].shape)) {
      if (options_.dynamic) return false;
      throw Error(ErrorCode::unsupported, "the shape of '" + value.name + "', " +
                                              to_string(inferred[i].shape) +
                                              ", depends on values that only a run can tell");
    }
    value.shape = inferred[i].shape;
    require_memory(byte_size(value), "tensor '" + value.name + "'");
  }
  return true;
}

void Plan::require_memory(size_t bytes, std::string_view what) const {
  if (bytes <= options_.memory_limit) return;
  throw Error(ErrorCode::unsupported, std::to_string(bytes) + " bytes for " + std::string(what) +
                                          " exceed the memory limit of " +
                                          std::to_string(options_.memory_limit));
}

void Plan::place(bool observe_all) {
  Lifetimes lifetimes(graph_, steps_.size());
  const auto touch = [&](const std::vector<ValueId>& ids, size_t when) {
    for (const ValueId id : ids) {
      const ValueId place = place_of(id);
      lifetimes.touch({&place, 1}, when);
    }
  };
  touch(graph_.outputs, steps_.size());
  for (size_t when = 0; when < steps_.size(); ++when) {
    const Step& step = steps_[when];
    touch(step.inputs, when);
    touch(step.outputs, when);
    if (!observe_all) continue;
    for (const ValueId id : graph_.nodes[step.node].intermediates) {
      if (id.valid() && is_observed_inside(graph_[id])) lifetimes.touch({&id, 1}, when);
    }
  }
  std::vector<ArenaRequest> requests;
  std::vector<size_t> values;
  for (const ValueId id : lifetimes.touched()) {
    if (is_dynamic(id) || place_of_.contains(id)) continue;
    requests.push_back(lifetimes.request(id, byte_size(graph_[id]), observe_all));
    values.push_back(static_cast<size_t>(id.index));
  }
  const ArenaLayout layout = plan_arena(requests);
  require_memory(layout.bytes, "the activations");
  offsets_.assign(graph_.values.size(), kNoOffset);
  for (size_t i = 0; i < values.size(); ++i) offsets_[values[i]] = layout.offsets[i];
  for (const auto& [id, place] : place_of_) {
    offsets_[static_cast<size_t>(id.index)] = offset(place);
  }
  arena_bytes_ = layout.bytes;
}

}  // namespace litesmith
