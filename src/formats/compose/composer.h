// Appends operators that are named after the layer they belong to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/graph.h"

namespace litesmith::compose {

class Composer {
 public:
  Composer(Graph& graph, std::string name) : graph_(graph), name_(std::move(name)) {}

  const Shape& shape(ValueId id) const { return graph_[id].shape; }
  DType dtype(ValueId id) const { return graph_[id].dtype; }
  template <class Op>
  ValueId emit(Op op, std::vector<ValueId> operands, std::string_view part) {
    return graph_.append(std::make_shared<Op>(std::move(op)), std::move(operands), full(part));
  }
  // The outputs of an operator that has several.
  template <class Op>
  std::vector<ValueId> emit_all(Op op, std::vector<ValueId> operands, std::string_view part) {
    return append_all(std::make_shared<Op>(std::move(op)), std::move(operands), part);
  }
  template <class T>
  ValueId constant(std::string_view part, Shape shape, const std::vector<T>& elements) {
    return graph_.add_constant(full(part), std::move(shape), elements);
  }
  // Zeros that the model changes while it runs.
  ValueId variable(std::string_view part, Shape shape);

 private:
  std::string full(std::string_view part) const { return name_ + "/" + std::string(part); }
  std::vector<ValueId> append_all(std::shared_ptr<const Op> op, std::vector<ValueId> operands,
                                  std::string_view part);

  Graph& graph_;
  std::string name_;
};

}  // namespace litesmith::compose
