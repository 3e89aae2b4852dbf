// Runs a plan: one arena, nothing allocated after construction but for dynamic steps.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/dynamic_node.h"
#include "runtime/plan.h"
#include "runtime/tensor.h"
#include "runtime/text.h"

namespace litesmith {

class Interpreter {
 public:
  explicit Interpreter(std::shared_ptr<const Plan> plan);

  const Plan& plan() const { return *plan_; }
  // The i-th graph input to fill, the i-th graph output to read, in the tensors' own types. Inputs
  // are to be filled before each run: their memory serves other tensors once they are read.
  std::span<std::byte> input(size_t i);
  std::span<const std::byte> output(size_t i) const;
  // Fills an input of text, as many elements as the tensor has.
  void set_texts(size_t i, std::vector<std::string> texts);
  // Any value after a run; only whole when the plan observes all, empty when the value has no
  // memory.
  std::span<const std::byte> value(ValueId id) const;

  // The value's shape in the last run.
  const Shape& shape(ValueId id) const;

  // Where a variable keeps its value between runs, to look at and to set; empty when nobody uses
  // it.
  std::span<std::byte> variable(ValueId id);
  // Gives variables what they begin with; a new interpreter has them so.
  void reset();
  // Throws Error(data), with the op's place, where an operand's values are wrong.
  void invoke();
  // One step of the plan; an invocation is all of them in order. For who looks between them.
  void run_step(size_t step);

 private:
  struct StepPointers {
    std::vector<const std::byte*> inputs;
    std::vector<std::byte*> outputs;
    std::vector<float*> ranges;
  };
  std::byte* address(ValueId id) const;
  void run_dynamic_node(size_t step);
  void run_call(size_t step);
  Tensor tensor_of(ValueId id) const;
  void keep(ValueId id, Tensor tensor);
  std::vector<Tensor> call(const Plan::Step& step, SubgraphIndex subgraph,
                           std::span<const Tensor> inputs);

  struct Free {
    void operator()(std::byte* memory) const;
  };
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<std::byte, Free> memory_;
  std::byte* arena_ = nullptr;
  std::byte* scratch_ = nullptr;
  std::vector<StepPointers> pointers_;
  // Of dynamic steps: the values outside the arena, what was prepared for the shapes last seen, and
  // who runs the subgraphs called from a node.
  std::vector<Tensor> tensors_;
  std::map<size_t, DynamicNode> dynamic_nodes_;
  std::map<std::pair<size_t, int32_t>, std::unique_ptr<Interpreter>> callees_;
  std::vector<std::shared_ptr<const Plan>> text_owners_;  // plans whose texts may still be named
  InputTexts texts_;
};

}  // namespace litesmith
