#include "runtime/interpreter.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/error.h"
#include "runtime/evaluate_node.h"
#include "runtime/text.h"

namespace litesmith {
namespace {

constexpr size_t kAlignment = 64;

size_t aligned(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

void Interpreter::Free::operator()(std::byte* memory) const { std::free(memory); }

Interpreter::Interpreter(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {
  const size_t arena = aligned(plan_->arena_bytes());
  // Zeros for variables and for inputs nobody fills. calloc takes large blocks as fresh pages,
  // which cost nothing until they are used.
  memory_.reset(static_cast<std::byte*>(
      std::calloc(1, arena + aligned(plan_->scratch_bytes()) + 2 * kAlignment)));
  if (memory_ == nullptr) throw std::bad_alloc();
  const auto address_of_memory = reinterpret_cast<uintptr_t>(memory_.get());
  arena_ = memory_.get() + (aligned(address_of_memory) - address_of_memory);
  scratch_ = arena_ + arena;
  pointers_.reserve(plan_->steps().size());
  for (const Plan::Step& step : plan_->steps()) {
    StepPointers& pointers = pointers_.emplace_back();
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
  }
  reset();
}

void Interpreter::reset() {
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
  const std::span<std::byte> to = input(i);
  const Value& tensor = plan_->graph()[plan_->graph().inputs[i]];
  check(tensor.dtype == DType::string, "text for an input of text");
  texts_.resize(plan_->graph().inputs.size());
  texts_[i] = std::move(texts);
  const std::vector<TextElement> elements = addresses_of(texts_[i]);
  const auto bytes = std::as_bytes(std::span(elements));
  check(bytes.size() == to.size(), "as many texts as the input has elements");
  std::copy(bytes.begin(), bytes.end(), to.begin());
}

std::span<const std::byte> Interpreter::output(size_t i) const {
  return value(plan_->graph().outputs.at(i));
}

std::span<const std::byte> Interpreter::value(ValueId id) const {
  const Value& value = plan_->graph()[id];
  if (value.is_constant()) return value.data->bytes();
  if (plan_->offset(id) == Plan::kNoOffset) return {};
  return {address(id), byte_size(value)};
}

void Interpreter::run_step(size_t step) {
  const StepPointers& pointers = pointers_[step];
  plan_->steps()[step].kernel.run({pointers.inputs, pointers.outputs, scratch_});
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
