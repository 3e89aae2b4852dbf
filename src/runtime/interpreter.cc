#include "runtime/interpreter.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/control_flow.h"
#include "runtime/evaluate_node.h"
#include "runtime/text.h"

namespace litesmith {
void Interpreter::Free::operator()(std::byte* memory) const { std::free(memory); }

Interpreter::Interpreter(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {
  check(plan_->options().runs, "a plan without kernels tells its arena only");
  const size_t arena = round_up(plan_->arena_bytes());
  // Zeros for variables and for inputs nobody fills. calloc takes large blocks as fresh pages,
  // which cost nothing until they are used.
  memory_.reset(static_cast<std::byte*>(
      std::calloc(1, arena + round_up(plan_->scratch_bytes()) + 2 * kKernelAlignment)));
  if (memory_ == nullptr) throw std::bad_alloc();
  const auto address_of_memory = reinterpret_cast<uintptr_t>(memory_.get());
  arena_ = memory_.get() + (round_up(address_of_memory) - address_of_memory);
  scratch_ = arena_ + arena;
  if (plan_->has_dynamic_values()) tensors_.resize(plan_->graph().values.size());
  pointers_.reserve(plan_->steps().size());
  for (const Plan::Step& step : plan_->steps()) {
    StepPointers& pointers = pointers_.emplace_back();
    if (step.kind != Plan::Step::Kind::kernel) continue;
    for (const ValueId id : step.inputs) {
      if (!id.valid()) {
        pointers.inputs.push_back(nullptr);
      } else if (const Value& value = plan_->graph()[id]; value.is_constant()) {
        pointers.inputs.push_back(value.data->bytes().data());
      } else {
        pointers.inputs.push_back(address(id));
      }
    }
    for (const ValueId id : step.outputs) pointers.outputs.push_back(address(id));
    for (const ValueId id : plan_->graph().nodes[step.node].intermediates) {
      const bool observed = id.valid() && plan_->offset(id) != Plan::kNoOffset;
      pointers.ranges.push_back(observed ? reinterpret_cast<float*>(address(id)) : nullptr);
    }
  }
  reset();
}

void Interpreter::reset() {
  for (const auto& [node, callee] : callees_) {
    if (callee) callee->reset();
  }
  for (const Plan::Variable& variable : plan_->variables()) {
    if (plan_->offset(variable.value) == Plan::kNoOffset) continue;  // nobody uses it
    const auto bytes = variable.start.bytes();
    std::memcpy(address(variable.value), bytes.data(), bytes.size());
  }
}

std::byte* Interpreter::address(ValueId id) const {
  const size_t offset = plan_->offset(id);
  check(offset != Plan::kNoOffset, "a tensor that is used has no memory");
  return arena_ + offset;
}

std::span<std::byte> Interpreter::input(size_t i) {
  const ValueId id = plan_->graph().inputs.at(i);
  return {address(id), byte_size(plan_->graph()[id])};
}

void Interpreter::set_texts(size_t i, std::vector<std::string> texts) {
  const Value& tensor = plan_->graph()[plan_->graph().inputs.at(i)];
  check(tensor.dtype == DType::string, "text for an input of text");
  texts_.set(i, std::move(texts), input(i));
}

std::span<const std::byte> Interpreter::output(size_t i) const {
  return value(plan_->graph().outputs.at(i));
}

std::span<const std::byte> Interpreter::value(ValueId id) const {
  const Value& value = plan_->graph()[id];
  if (value.is_constant()) return value.data->bytes();
  if (plan_->is_dynamic(id)) return tensors_[static_cast<size_t>(id.index)].data.bytes();
  if (plan_->offset(id) == Plan::kNoOffset) return {};
  return {address(id), byte_size(value)};
}

std::span<std::byte> Interpreter::variable(ValueId id) {
  check(plan_->graph()[id].is_variable, "only variables keep a value");
  if (plan_->offset(id) == Plan::kNoOffset) return {};
  return {address(id), byte_size(plan_->graph()[id])};
}

const Shape& Interpreter::shape(ValueId id) const {
  if (plan_->is_dynamic(id)) return tensors_[static_cast<size_t>(id.index)].shape;
  return plan_->graph()[id].shape;
}

Tensor Interpreter::tensor_of(ValueId id) const {
  const Value& value = plan_->graph()[id];
  if (value.is_constant()) return {value.dtype, value.shape, *value.data};
  if (plan_->is_dynamic(id)) return tensors_[static_cast<size_t>(id.index)];
  return {value.dtype, value.shape, Buffer::of(this->value(id))};
}

// Puts what a dynamic step made where its readers look for it.
void Interpreter::keep(ValueId id, Tensor tensor) {
  const Value& value = plan_->graph()[id];
  if (tensor.dtype != value.dtype) {
    throw Error(ErrorCode::data, "'" + value.name + "' is " + std::string(to_string(value.dtype)) +
                                     ", but what is called gives " +
                                     std::string(to_string(tensor.dtype)));
  }
  if (plan_->is_dynamic(id)) {
    tensors_[static_cast<size_t>(id.index)] = std::move(tensor);
    return;
  }
  if (plan_->offset(id) == Plan::kNoOffset) return;  // nobody reads it
  check(tensor.data.size() == byte_size(value), "a call gives the shapes that were planned");
  std::memcpy(address(id), tensor.data.bytes().data(), tensor.data.size());
}

void Interpreter::run_dynamic_node(size_t step) {
  const Plan::Step& planned = plan_->steps()[step];
  const Node& node = plan_->graph().nodes[planned.node];
  std::vector<std::optional<Tensor>> inputs;
  for (const ValueId id : planned.inputs) {
    inputs.push_back(id.valid() ? std::optional(tensor_of(id)) : std::nullopt);
  }
  std::vector<Tensor> outputs =
      dynamic_nodes_[step].run(plan_->graph(), node, std::move(inputs), plan_->options());
  for (size_t i = 0; i < outputs.size(); ++i) keep(planned.outputs[i], std::move(outputs[i]));
}

std::vector<Tensor> Interpreter::call(const Plan::Step& step, SubgraphIndex subgraph,
                                      std::span<const Tensor> inputs) {
  std::vector<Shape> shapes;
  for (const Tensor& input : inputs) shapes.push_back(input.shape);
  std::unique_ptr<Interpreter>& callee = callees_[{step.node, subgraph.index}];
  auto takes = [&](const Plan& plan) {
    const Graph& graph = plan.graph();
    for (size_t i = 0; i < shapes.size(); ++i) {
      if (graph[graph.inputs[i]].shape != shapes[i]) return false;
    }
    return true;
  };
  if (!callee || !takes(callee->plan())) {
    if (callee && callee->plan().has_texts()) text_owners_.push_back(callee->plan_);
    const auto planned = step.callees.find(subgraph.index);
    const bool known = planned != step.callees.end() && takes(*planned->second);
    callee =
        std::make_unique<Interpreter>(known ? planned->second : plan_->plan_of(subgraph, shapes));
  }
  const Graph& graph = callee->plan().graph();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Value& input = graph[graph.inputs[i]];
    if (input.dtype != inputs[i].dtype) {
      throw Error(ErrorCode::data, "input '" + input.name + "' of subgraph " +
                                       std::to_string(subgraph.index) + " is " +
                                       std::string(to_string(input.dtype)) + ", not " +
                                       std::string(to_string(inputs[i].dtype)));
    }
    if (callee->plan().offset(graph.inputs[i]) == Plan::kNoOffset) continue;
    const auto to = callee->input(i);
    if (!to.empty()) std::memcpy(to.data(), inputs[i].data.bytes().data(), to.size());
  }
  callee->invoke();
  std::vector<Tensor> outputs;
  for (const ValueId id : graph.outputs) outputs.push_back(callee->tensor_of(id));
  return outputs;
}

void Interpreter::run_call(size_t step) {
  const Plan::Step& planned = plan_->steps()[step];
  const Node& node = plan_->graph().nodes[planned.node];
  std::vector<Tensor> inputs;
  for (const ValueId id : planned.inputs) inputs.push_back(tensor_of(id));
  std::vector<Tensor> outputs =
      find_control_flow(node.def())
          ->run(*node.op, std::move(inputs),
                [&](SubgraphIndex subgraph, std::span<const Tensor> passed) {
                  return call(planned, subgraph, passed);
                });
  if (outputs.size() != planned.outputs.size()) {
    throw Error(ErrorCode::data, "it has " + std::to_string(planned.outputs.size()) +
                                     " outputs, but what it calls gives " +
                                     std::to_string(outputs.size()));
  }
  for (size_t i = 0; i < outputs.size(); ++i) keep(planned.outputs[i], std::move(outputs[i]));
}

void Interpreter::run_step(size_t step) {
  switch (plan_->steps()[step].kind) {
    case Plan::Step::Kind::kernel:
      break;
    case Plan::Step::Kind::dynamic_node:
      return run_dynamic_node(step);
    case Plan::Step::Kind::call:
      return run_call(step);
  }
  const StepPointers& pointers = pointers_[step];
  plan_->steps()[step].kernel.run({pointers.inputs, pointers.outputs, scratch_, pointers.ranges});
}

void Interpreter::invoke() {
  size_t i = 0;
  try {
    for (; i < pointers_.size(); ++i) {
      run_step(i);
    }
  } catch (Error& error) {
    error.add_context(describe_node(plan_->graph(), plan_->steps()[i].node));
    throw;
  }
}

}  // namespace litesmith
