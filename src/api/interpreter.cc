#include "litesmith/interpreter.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "api/state.h"
#include "evaluate/recorder.h"
#include "ops/variables.h"
#include "runtime/batch_interpreter.h"
#include "runtime/evaluate_node.h"
#include "runtime/interpreter.h"
#include "runtime/text.h"

namespace litesmith::api {
namespace {

size_t subgraph_of(const Model& model, const std::optional<std::string>& signature) {
  if (!signature) return 0;
  for (const SignatureInfo& each : model.signatures()) {
    if (each.key == *signature) return each.subgraph;
  }
  return 0;  // running() has refused it
}

// The shape with what the file has in place of dynamic dimensions.
Shape stored_shape(const Value& value) {
  Shape shape = value.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] >= 0) continue;
    shape[i] = i < value.default_shape.size() ? std::max(value.default_shape[i], 1) : 1;
  }
  return shape;
}

using VariableName = std::pair<std::string, std::string>;

}  // namespace

// What the resource variables hold that interpreters of several signatures share.
using SharedVariables = std::map<VariableName, std::vector<std::byte>>;

struct Interpreter::State {
  Model model;
  InterpreterOptions options;
  size_t subgraph;
  Subgraphs subgraphs;
  Graph graph;         // its inputs have the shapes asked for; variables are tied to their handles
  size_t tensors = 0;  // of the file: what the graph has more is what variables begin with
  std::vector<bool> readable = {};
  // What the caller wrote: the arena lends an input's place to other tensors once it is read.
  std::vector<std::vector<std::byte>> inputs = {};
  InputTexts texts = {};
  std::unique_ptr<litesmith::Interpreter> interpreter = {};  // none before allocate()
  std::unique_ptr<BatchInterpreter> batch = {};  // where several threads share the samples
  std::vector<Shape> shapes = {};                // of all tensors, once asked for after allocate()
  std::shared_ptr<SharedVariables> shared = {};  // none before there is another signature
  std::map<VariableName, ValueId> variables = {};

  litesmith::Interpreter& running() {
    if (!interpreter) throw Error(ErrorCode::usage, "no memory is allocated: call allocate()");
    return *interpreter;
  }
  void take_variables() {
    if (!shared) return;
    for (const auto& [name, id] : variables) {
      const auto given = shared->find(name);
      const auto to = interpreter->variable(id);
      if (given == shared->end() || to.empty()) continue;
      if (given->second.size() != to.size()) {
        throw Error(ErrorCode::data, "the variable '" + name.second + "' takes " +
                                         std::to_string(to.size()) + " bytes here and " +
                                         std::to_string(given->second.size()) +
                                         " in another signature");
      }
      std::copy(given->second.begin(), given->second.end(), to.begin());
    }
  }
  void give_variables() {
    if (!shared) return;
    for (const auto& [name, id] : variables) {
      const auto from = interpreter->variable(id);
      // Text is addresses, which are of use to their own interpreter only.
      if (from.empty() || graph[id].dtype == DType::string) continue;
      (*shared)[name].assign(from.begin(), from.end());
    }
  }
  ValueId id(size_t index) const {
    if (index < tensors) return ValueId{static_cast<int32_t>(index)};
    throw Error(ErrorCode::usage, "there is no tensor " + std::to_string(index) +
                                      "; the model has " + std::to_string(tensors));
  }
};

Interpreter::Interpreter(Model model, InterpreterOptions options) {
  const litesmith::Model source = model.state().running(options.signature);
  const size_t subgraph = subgraph_of(model, options.signature);
  state_.reset(new State{std::move(model), std::move(options), subgraph, subgraphs_of(source),
                         resolve_variables(source)});
  state_->tensors = source.graph.values.size();
  state_->variables = resource_variables(state_->graph);
  Graph& graph = state_->graph;
  for (const ValueId id : graph.inputs) {
    graph[id].shape = stored_shape(graph[id]);
  }
  state_->readable.assign(graph.values.size(), state_->options.preserve_all_tensors);
  for (const auto* ids : {&graph.inputs, &graph.outputs}) {
    for (const ValueId id : *ids) state_->readable[static_cast<size_t>(id.index)] = true;
  }
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].is_variable) state_->readable[i] = true;
  }
}

Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&&) noexcept = default;

const Model& Interpreter::model() const { return state_->model; }

size_t Interpreter::subgraph() const { return state_->subgraph; }

Interpreter Interpreter::for_signature(std::string key) {
  InterpreterOptions options = state_->options;
  options.signature = std::move(key);
  Interpreter other(state_->model, std::move(options));
  if (!state_->shared) {
    state_->shared = std::make_shared<SharedVariables>();
    if (state_->interpreter) state_->give_variables();
  }
  other.state_->shared = state_->shared;
  return other;
}

void Interpreter::resize_input(size_t i, std::vector<int32_t> shape) {
  Graph& graph = state_->graph;
  if (i >= graph.inputs.size()) {
    throw Error(ErrorCode::usage, "there is no input " + std::to_string(i) + "; the model has " +
                                      std::to_string(graph.inputs.size()));
  }
  if (std::any_of(shape.begin(), shape.end(), [](int32_t size) { return size < 0; })) {
    throw Error(ErrorCode::usage, "a shape of " + to_string(shape) + " has no memory");
  }
  Value& input = graph[graph.inputs[i]];
  if (input.shape == shape) return;
  input.shape = std::move(shape);
  state_->interpreter.reset();
  state_->batch.reset();
  state_->shapes.clear();
}

void Interpreter::allocate() {
  if (state_->interpreter) return;
  const PlanOptions options = {.arithmetic = state_->options.arithmetic,
                               .observe_all = state_->options.preserve_all_tensors,
                               .dynamic = true};
  const auto plan = Plan::make(state_->graph, options, state_->subgraphs);
  state_->batch = BatchInterpreter::make(state_->graph, options, state_->options.threads);
  state_->interpreter = std::make_unique<litesmith::Interpreter>(plan);
  state_->inputs.clear();
  for (const ValueId id : plan->graph().inputs) {
    state_->inputs.emplace_back(byte_size(plan->graph()[id]));
  }
}

bool Interpreter::allocated() const { return state_->interpreter != nullptr; }

unsigned Interpreter::threads() const { return state_->batch ? state_->batch->threads() : 1; }

std::span<std::byte> Interpreter::input(size_t i) {
  state_->running();
  return state_->inputs.at(i);
}

std::span<const std::byte> Interpreter::tensor(size_t index) const {
  const ValueId id = state_->id(index);
  const auto& inputs = state_->graph.inputs;
  const auto input = std::find(inputs.begin(), inputs.end(), id);
  const litesmith::Interpreter& running = state_->running();
  if (input != inputs.end()) return state_->inputs[static_cast<size_t>(input - inputs.begin())];
  const bool constant = running.plan().graph()[id].is_constant();
  if (!constant && !state_->readable[index]) return {};
  if (state_->batch && !constant) {
    const auto& outputs = state_->graph.outputs;
    const auto output = std::find(outputs.begin(), outputs.end(), id);
    return state_->batch->output(static_cast<size_t>(output - outputs.begin()));
  }
  return running.value(id);
}

std::vector<int32_t> Interpreter::shape(size_t index) const {
  const ValueId id = state_->id(index);
  if (!state_->interpreter) return stored_shape(state_->graph[id]);
  if (state_->interpreter->plan().is_dynamic(id)) return state_->interpreter->shape(id);
  if (state_->shapes.empty()) {
    // The plan that runs leaves out what no output needs; this one only tells the shapes.
    const Plan& running = state_->interpreter->plan();
    const auto whole =
        running.options().lowered
            ? Plan::make(
                  state_->graph,
                  {.arithmetic = state_->options.arithmetic, .lowered = false, .dynamic = true},
                  state_->subgraphs)
            : nullptr;
    for (const Value& value : (whole ? *whole : running).graph().values) {
      state_->shapes.push_back(value.shape);
    }
  }
  return state_->shapes[index];
}

void Interpreter::set_texts(size_t i, std::vector<std::string> texts) {
  const litesmith::Interpreter& running = state_->running();
  const Graph& graph = running.plan().graph();
  const Value& tensor = graph[graph.inputs.at(i)];
  const size_t wanted = byte_size(tensor) / kTextBytes;
  if (tensor.dtype != DType::string || texts.size() != wanted) {
    throw Error(ErrorCode::usage, "input '" + tensor.name + "' takes " + std::to_string(wanted) +
                                      " " + std::string(to_string(tensor.dtype)) +
                                      " elements, not " + std::to_string(texts.size()) + " texts");
  }
  state_->texts.set(i, std::move(texts), state_->inputs[i]);
}

std::vector<std::string> Interpreter::texts(size_t index) const {
  const auto texts = texts_at(tensor(index));
  return {texts.begin(), texts.end()};
}

void Interpreter::invoke() {
  litesmith::Interpreter& running = state_->running();
  if (state_->batch) return state_->batch->invoke(state_->inputs);
  for (size_t i = 0; i < state_->inputs.size(); ++i) {
    const auto to = running.input(i);
    if (!to.empty()) std::memcpy(to.data(), state_->inputs[i].data(), to.size());
  }
  state_->take_variables();
  running.invoke();
  state_->give_variables();
}

void Interpreter::reset_variables() {
  state_->running().reset();
  state_->give_variables();
}

namespace {

// What an output is called: its name in the signature, else the tensor's.
std::string output_name(const litesmith::Model& model, ValueId id) {
  for (const Signature& signature : model.signatures) {
    for (const Signature::Entry& entry : signature.outputs) {
      if (entry.value == id) return entry.name;
    }
  }
  return model.graph[id].name;
}

}  // namespace

std::vector<Array> run(const Model& model, const Samples& samples, const RunOptions& options) {
  const litesmith::Model graph = model.state().running(options.signature);
  const Feed feed(to_finite_dataset(samples), graph);
  Runner runner(feed, {.plan = {.arithmetic = options.arithmetic, .dynamic = true},
                       .threads = options.threads,
                       .stateful = options.stateful,
                       .progress = options.progress,
                       .stage = "running"});
  Recorder recorder(runner, feed.graph().outputs, options.dequantize);
  std::vector<std::vector<std::byte>> memory(recorder.columns().size());
  recorder.record([&](size_t column, std::span<const std::byte> bytes) {
    memory[column].insert(memory[column].end(), bytes.begin(), bytes.end());
  });
  std::vector<Array> outputs;
  for (size_t c = 0; c < memory.size(); ++c) {
    const Recorder::Column& column = recorder.columns()[c];
    SharedBytes bytes = SharedBytes::take(std::move(memory[c]));
    outputs.push_back({output_name(graph, column.id), column.dtype, column.shape, bytes.bytes,
                       std::move(bytes.owner)});
  }
  return outputs;
}

}  // namespace litesmith::api
