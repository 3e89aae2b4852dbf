#include "evaluate/layer_errors.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "data/real_numbers.h"
#include "evaluate/match.h"
#include "runtime/evaluate_node.h"

namespace litesmith {
namespace {

Graph with_input_shapes(Graph graph, const std::vector<Shape>& shapes) {
  if (shapes.size() != graph.inputs.size()) {
    throw Error(ErrorCode::data, "the model has " + std::to_string(graph.inputs.size()) +
                                     " inputs; " + std::to_string(shapes.size()) + " were given");
  }
  for (size_t i = 0; i < shapes.size(); ++i) graph[graph.inputs[i]].shape = shapes[i];
  return graph;
}

// A float tensor that is only the real numbers of an integer one stands for that one.
ValueId integer_behind(const Graph& graph, const Uses& uses, ValueId id) {
  const int producer = uses.producer[static_cast<size_t>(id.index)];
  if (graph[id].dtype != DType::float32 || producer == Uses::kNone) return id;
  const Node& node = graph.nodes[static_cast<size_t>(producer)];
  const bool converts = node.inputs.size() == 1 && is_quantized_integer(graph[node.inputs[0]]) &&
                        graph[node.inputs[0]].shape == graph[id].shape;
  return converts ? node.inputs[0] : id;
}

}  // namespace

LayerErrors::LayerErrors(const Model& original, const Model& quantized,
                         const std::vector<Shape>& shapes) {
  const auto whole = Plan::make(with_input_shapes(original.graph, shapes), {.observe_all = true});
  quantized_ = std::make_unique<Interpreter>(
      Plan::make(with_input_shapes(quantized.graph, shapes), {.observe_all = true}));
  const Graph& floats = whole->graph();
  const Graph& integers = quantized_graph();
  for (const ValueId id : integers.inputs) {
    if (integers[id].dtype != DType::float32) {
      throw Error(ErrorCode::usage, "layers are compared on a model with float32 inputs; '" +
                                        integers[id].name + "' is " +
                                        std::string(to_string(integers[id].dtype)));
    }
    inputs_.emplace_back(byte_size(integers[id]) / sizeof(float));
  }
  const Uses uses = integers.uses();
  std::vector<ValueId> partners(floats.values.size());
  for (const TensorPair& pair : match_tensors(floats, integers)) {
    partners[static_cast<size_t>(pair.a.index)] = integer_behind(integers, uses, pair.b);
  }
  // Inputs are float in both.
  for (size_t i = 0; i < floats.inputs.size(); ++i) {
    partners[static_cast<size_t>(floats.inputs[i].index)] = integers.inputs[i];
  }
  for (const Plan::Step& step : whole->steps())
    add_layer(floats, floats.nodes[step.node], partners);
  if (layers_.empty()) {
    throw Error(ErrorCode::data, "no layer of the quantized model belongs to one of the original");
  }
}

void LayerErrors::add_layer(const Graph& original, const Node& node,
                            const std::vector<ValueId>& partners) {
  auto partner = [&](ValueId id) { return partners[static_cast<size_t>(id.index)]; };
  if (node.outputs.size() != 1 || !partner(node.outputs[0]).valid()) return;
  const ValueId made = partner(node.outputs[0]);
  if (!is_quantized_integer(quantized_graph()[made])) return;
  Graph alone;
  Original entry;
  Node copy = node;
  for (ValueId& id : copy.inputs) {
    if (!id.valid()) continue;
    const Value& value = original[id];
    const ValueId in_copy = alone.add(value);
    if (!value.is_constant()) {
      if (!partner(id).valid()) return;
      alone.inputs.push_back(in_copy);
      entry.inputs.push_back(partner(id));
    }
    id = in_copy;
  }
  copy.outputs[0] = alone.add(original[node.outputs[0]]);
  alone.outputs = copy.outputs;
  alone.nodes.push_back(std::move(copy));
  entry.interpreter = std::make_unique<Interpreter>(Plan::make(alone, {}));
  layers_.push_back({std::string(node.def().name), original[node.outputs[0]].name, made});
  originals_.push_back(std::move(entry));
}

std::span<float> LayerErrors::input(size_t i) { return inputs_.at(i); }

void LayerErrors::run() {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const auto to = quantized_->input(i);
    std::memcpy(to.data(), inputs_[i].data(), to.size());
  }
  quantized_->invoke();
  const Graph& graph = quantized_graph();
  for (const Original& original : originals_) {
    for (size_t i = 0; i < original.inputs.size(); ++i) {
      const ValueId id = original.inputs[i];
      const auto to = original.interpreter->input(i);
      real_values(graph[id], quantized_->value(id),
                  {reinterpret_cast<float*>(to.data()), to.size() / sizeof(float)});
    }
    original.interpreter->invoke();
  }
}

std::span<const std::byte> LayerErrors::quantized_output(size_t i) const {
  return quantized_->value(layers_.at(i).quantized);
}

std::span<const float> LayerErrors::float_output(size_t i) const {
  const auto bytes = originals_.at(i).interpreter->output(0);
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

}  // namespace litesmith
