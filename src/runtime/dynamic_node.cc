#include "runtime/dynamic_node.h"

#include <algorithm>

#include "base/error.h"
#include "runtime/evaluate_node.h"

namespace litesmith {
namespace {

struct View {
  std::vector<Value> inputs;
  std::vector<bool> given;
  std::vector<Value> outputs;

  NodeView of(const Node& node) {
    NodeView view{.op = *node.op, .inputs = {}, .outputs = {}};
    for (size_t i = 0; i < inputs.size(); ++i) {
      view.inputs.push_back(given[i] ? &inputs[i] : nullptr);
    }
    for (const Value& output : outputs) view.outputs.push_back(&output);
    return view;
  }
};

bool all_static(const std::vector<InferredOutput>& outputs) {
  return std::all_of(outputs.begin(), outputs.end(),
                     [](const InferredOutput& output) { return is_static(output.shape); });
}

}  // namespace

std::vector<Tensor> DynamicNode::run(const Graph& graph, const Node& node,
                                     std::vector<std::optional<Tensor>> inputs,
                                     const PlanOptions& options) {
  View view;
  std::vector<Shape> shapes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Value value = node.inputs[i].valid() ? graph[node.inputs[i]] : Value{};
    if (inputs[i]) value.shape = inputs[i]->shape;
    shapes.push_back(value.shape);
    view.given.push_back(inputs[i].has_value());
    view.inputs.push_back(std::move(value));
  }
  auto with_values = [&] {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i]) view.inputs[i].data = inputs[i]->data;
    }
  };
  const bool again = last_ && last_->inputs == shapes;
  if (!again) {
    last_.reset();
    for (const ValueId id : node.outputs) view.outputs.push_back(graph[id]);
    // Shapes alone tell most ops what they make; what was prepared for them serves until they
    // change.
    std::vector<InferredOutput> inferred = node.def().infer(view.of(node));
    const bool by_shapes = all_static(inferred);
    if (!by_shapes) {
      with_values();
      inferred = node.def().infer(view.of(node));
    }
    for (size_t i = 0; i < inferred.size(); ++i) {
      Value& output = view.outputs.at(i);
      if (!is_static(inferred[i].shape)) {
        throw Error(ErrorCode::unsupported, "the shape of '" + output.name + "', " +
                                                to_string(inferred[i].shape) +
                                                ", follows from none of its operands");
      }
      output.shape = inferred[i].shape;
      if (byte_size(output) > options.memory_limit) {
        throw Error(ErrorCode::unsupported,
                    std::to_string(byte_size(output)) + " bytes for tensor '" + output.name +
                        "' exceed the memory limit of " + std::to_string(options.memory_limit));
      }
    }
    const Binding binding = find_binding(node.def());
    check(binding != nullptr, "a plan holds no op without a kernel");
    BoundKernel kernel = binding({view.of(node), options.arithmetic, options.isa, options.lowered});
    last_ = {by_shapes ? shapes : std::vector<Shape>{}, view.outputs, std::move(kernel)};
  } else {
    view.outputs = last_->outputs;
  }
  with_values();
  const std::vector<Buffer> made = run_once(last_->kernel, view.of(node));
  std::vector<Tensor> outputs;
  for (size_t i = 0; i < made.size(); ++i) {
    outputs.push_back({view.outputs[i].dtype, view.outputs[i].shape, made[i]});
  }
  if (last_->inputs.empty()) last_.reset();
  return outputs;
}

}  // namespace litesmith
