// Small graphs for tests, written in the order they run.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace litesmith::testing {

// An op with some attributes set: op_with<Add>(&Add::activation, Activation::relu).
template <class T>
T op_with() {
  return T();
}
template <class T, class Member, class Attribute, class... Rest>
T op_with(Member member, Attribute attribute, Rest... rest) {
  T op = op_with<T>(rest...);
  op.*member = std::move(attribute);
  return op;
}

class GraphBuilder {
 public:
  ValueId input(const std::string& name, Shape shape, DType dtype = DType::float32) {
    const ValueId id = graph_.add({.name = name, .dtype = dtype, .shape = std::move(shape)});
    graph_.inputs.push_back(id);
    return id;
  }
  template <class T>
  ValueId constant(const std::string& name, Shape shape, const std::vector<T>& elements) {
    return graph_.add_constant(name, std::move(shape), elements);
  }
  ValueId floats(Shape shape, const std::vector<float>& elements) {
    return constant("c" + std::to_string(graph_.values.size()), std::move(shape), elements);
  }
  // As many floats as the shape holds: first, first + step, ...
  ValueId ramp(Shape shape, float first = -1.0f, float step = 0.25f) {
    std::vector<float> elements(static_cast<size_t>(element_count(shape)));
    for (size_t i = 0; i < elements.size(); ++i) {
      elements[i] = first + step * static_cast<float>(i);
    }
    return floats(std::move(shape), elements);
  }
  ValueId ints(const std::vector<int32_t>& elements) {
    return constant("i" + std::to_string(graph_.values.size()),
                    {static_cast<int32_t>(elements.size())}, elements);
  }
  // An op with one output; the output's name defaults to the op's and its place.
  template <class T>
  ValueId op(T attributes, const std::vector<ValueId>& inputs, std::string name = "") {
    if (name.empty()) {
      name = std::string(T::definition().name) + std::to_string(graph_.nodes.size());
    }
    return graph_.append(std::make_shared<T>(std::move(attributes)), inputs, std::move(name));
  }
  // An op with as many outputs as it infers.
  template <class T>
  std::vector<ValueId> multi_op(T attributes, const std::vector<ValueId>& inputs) {
    Node node{.op = std::make_shared<T>(std::move(attributes)), .inputs = inputs, .outputs = {}};
    for (const InferredOutput& output : node.def().infer(graph_.view(node))) {
      node.outputs.push_back(graph_.add({.name = "part" + std::to_string(graph_.values.size()),
                                         .dtype = output.dtype,
                                         .shape = output.shape}));
    }
    graph_.nodes.push_back(node);
    return node.outputs;
  }
  Graph& graph() { return graph_; }

  Model model(const std::vector<ValueId>& outputs) {
    graph_.outputs = outputs;
    verify(graph_);
    Model result;
    result.graph = graph_;
    return result;
  }

 private:
  Graph graph_;
};

// The names of a graph's ops in order: "CONV_2D RELU".
inline std::string op_names(const Graph& graph) {
  std::string text;
  for (const Node& node : graph.nodes) {
    text += (text.empty() ? "" : " ") + std::string(node.def().name);
  }
  return text;
}

// Operand `operand` of node `node` as float elements.
inline std::vector<float> floats_of(const Graph& graph, size_t node, size_t operand) {
  const auto elements = graph[graph.nodes.at(node).inputs.at(operand)].elements<float>();
  return {elements.begin(), elements.end()};
}
inline std::vector<int32_t> ints_of(const Graph& graph, size_t node, size_t operand) {
  const auto elements = graph[graph.nodes.at(node).inputs.at(operand)].elements<int32_t>();
  return {elements.begin(), elements.end()};
}

}  // namespace litesmith::testing
