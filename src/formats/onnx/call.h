// One ONNX node while it is imported: what it is told, and the tools to build it.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/compose/composer.h"
#include "formats/onnx/file.h"
#include "formats/onnx/non_negatives.h"
#include "formats/onnx/tensor.h"

namespace litesmith::onnx {

class Call {
 public:
  // `inputs` are null where the node leaves an optional input out.
  Call(Graph& graph, NonNegatives& non_negatives, const Node& node, int64_t opset,
       std::vector<Tensor*> inputs)
      : graph_(graph),
        non_negatives_(non_negatives),
        node_(node),
        opset_(opset),
        inputs_(std::move(inputs)),
        outputs_(node.outputs.size()) {}

  const Node& node() const { return node_; }
  int64_t opset() const { return opset_; }

  size_t input_count() const { return inputs_.size(); }
  bool has(size_t i) const { return i < inputs_.size() && inputs_[i] != nullptr; }
  // Throws Error(format) when the node leaves it out.
  const Tensor& input(size_t i) const;
  const Shape& shape(size_t i) const { return input(i).shape; }
  size_t rank(size_t i) const { return input(i).shape.size(); }
  // The order that the tensor already has in memory.
  const Order& order(size_t i) const;
  // A constant, as it is or dequantized.
  bool is_constant(size_t i) const;

  // The input in this order, transposed when it is stored in another.
  ValueId value(size_t i, const Order& order);
  ValueId plain(size_t i) { return value(i, plain_order(rank(i))); }
  // Any tensor in that order.
  ValueId in_order(Tensor& tensor, const Order& order);
  // A constant of integers, laid out in that order and dequantized.
  ValueId dequantized(ValueId plain, const Order& order);
  // True when all of it is known to be zero, whatever its size.
  bool is_zero(size_t i) const;
  // What a constant or folded input holds; nothing when it is computed, or too large for a shape.
  std::optional<Known> known(size_t i) const;
  // The same for what shapes, axes and amounts are told by. Throws Error(unsupported), naming the
  // input, when any of it is known only when the model runs.
  std::vector<int64_t> integers(size_t i, std::string_view what) const;
  std::vector<float> floats(size_t i, std::string_view what) const;
  float scalar(size_t i, std::string_view what) const;

  // Attributes; absent ones take `otherwise`.
  bool has_attribute(std::string_view name) const { return node_.find(name) != nullptr; }
  int64_t integer(std::string_view name, int64_t otherwise) const;
  float number(std::string_view name, float otherwise) const;
  std::string text(std::string_view name, std::string_view otherwise) const;
  std::vector<std::string> text_list(std::string_view name) const;
  std::vector<int64_t> integer_list(std::string_view name) const;
  // An axis counted from the front.
  int32_t axis(int64_t given, size_t rank) const;

  // What the parts of this node are named.
  std::string name(std::string_view part) const { return base_name() + "/" + std::string(part); }

  // Appends an operator; its output is named after the node and `part`.
  template <class Op>
  ValueId emit(Op op, std::vector<ValueId> operands, std::string_view part) {
    return graph_.append(std::make_shared<Op>(std::move(op)), std::move(operands), name(part));
  }
  // The same for several outputs.
  std::vector<ValueId> emit_all(std::shared_ptr<const litesmith::Op> op,
                                std::vector<ValueId> operands, std::string_view part);
  template <class T>
  ValueId constant(std::string_view part, Shape shape, const std::vector<T>& elements) {
    return graph_.add_constant(name(part), std::move(shape), elements);
  }
  ValueId scalar_constant(std::string_view part, float value) {
    return constant<float>(part, {}, {value});
  }
  // What shapes, axes and permutations are given as.
  ValueId int32s(std::string_view part, const std::vector<int32_t>& elements) {
    return constant(part, {static_cast<int32_t>(elements.size())}, elements);
  }
  ValueId transpose(ValueId x, const std::vector<int32_t>& permutation, std::string_view part);
  // At most one dimension of the target may be dynamic.
  ValueId reshape(ValueId x, const Shape& target, std::string_view part);
  const Value& operator[](ValueId id) const { return graph_[id]; }
  Value& operator[](ValueId id) { return graph_[id]; }
  Graph& graph() { return graph_; }
  // True when what makes the value makes nothing below zero.
  bool is_non_negative(ValueId id) { return non_negatives_.has(id); }
  // For operators composed as other importers do, too.
  compose::Composer composer() { return {graph_, base_name()}; }

  // Output `i` is this value, stored in this order.
  void set(size_t i, ValueId value, const Order& order, bool channels_first = false);
  void set(size_t i, ValueId value) { set(i, value, plain_order(graph_[value].shape.size())); }
  // Output 0 is this value, stored in this order; what its dimensions mean, input 0 knows.
  void set_like_input(ValueId value, const Order& order) {
    set(0, value, order, input(0).channels_first);
  }
  // Output 0 is what `body` makes of input 0 as it is stored, which may be in any order.
  template <class Body>
  void each_element(const Body& body) {
    const Order stored = order(0);
    set_like_input(body(value(0, stored)), stored);
  }
  // Output `i` is that tensor itself.
  void set(size_t i, Tensor tensor);
  // Output `i` is known; a tensor only when all of it is.
  void set_known(size_t i, DType dtype, Shape shape, Known known);
  // True when something reads output `i`, as far as the node says.
  bool makes(size_t i) const { return i < node_.outputs.size() && !node_.outputs[i].empty(); }
  std::vector<std::optional<Tensor>>& outputs() { return outputs_; }

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::unsupported, why);
  }
  [[noreturn]] void wrong(const std::string& why) const { throw Error(ErrorCode::format, why); }

 private:
  std::string base_name() const;

  Graph& graph_;
  NonNegatives& non_negatives_;
  const Node& node_;
  int64_t opset_;
  std::vector<Tensor*> inputs_;
  std::vector<std::optional<Tensor>> outputs_;
};

// A size, axis or index as the graph's operators take it; throws Error(unsupported) beyond 32 bits.
int32_t to_int32(int64_t value);
// NumPy's way: what lies beyond becomes the furthest there is.
int64_t to_integer(double value);
// A small constant's elements.
std::optional<Known> elements_of(const Value& value);

}  // namespace litesmith::onnx
