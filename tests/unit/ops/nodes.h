// One node with its operands: what tests of shape inference, versions and costs look at.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "ir/graph.h"

namespace litesmith {

// An operand: nothing for one left out.
using Operand = std::optional<Value>;
inline constexpr std::nullopt_t kAbsent = std::nullopt;

inline Value tensor(Shape shape, DType dtype = DType::float32) {
  return {.name = "t", .dtype = dtype, .shape = std::move(shape)};
}

// A tensor with `scales` scales of 0.5 along `dimension`.
inline Value quantized(Shape shape, DType dtype = DType::int8, size_t scales = 1,
                       int32_t dimension = 0) {
  Value value = tensor(std::move(shape), dtype);
  value.quantization = {std::vector<float>(scales, 0.5f), std::vector<int64_t>(scales, 0),
                        dimension};
  return value;
}

// A constant vector, or of another shape.
template <class T>
Value constant(const std::vector<T>& elements, std::optional<Shape> shape = std::nullopt) {
  Value value = tensor(shape.value_or(Shape{static_cast<int32_t>(elements.size())}), dtype_of<T>());
  value.data = Buffer::of(elements);
  return value;
}
inline Value ints(const std::vector<int32_t>& elements) { return constant(elements); }
inline Value longs(const std::vector<int64_t>& elements) { return constant(elements); }
inline Value scalar(int32_t element) { return constant<int32_t>({element}, Shape{}); }

class TestNode {
 public:
  // `outputs` are what the graph states; a node that is being made has none.
  template <class T>
  TestNode(const T& op, const std::vector<Operand>& inputs, std::vector<Value> outputs = {}) {
    node_.op = std::make_shared<T>(op);
    for (const Operand& input : inputs) {
      node_.inputs.push_back(input ? graph_.add(*input) : ValueId{});
    }
    for (Value& output : outputs) node_.outputs.push_back(graph_.add(std::move(output)));
  }

  std::vector<InferredOutput> infer() const { return node_.def().infer(graph_.view(node_)); }

  // The outputs as inferred, where none are stated.
  TestNode& with_outputs() {
    if (!node_.outputs.empty()) return *this;
    for (const InferredOutput& output : infer()) {
      node_.outputs.push_back(graph_.add(tensor(output.shape, output.dtype)));
    }
    return *this;
  }
  int version() const { return node_.def().version(graph_.view(node_)); }
  int64_t macs() const { return node_.def().macs(graph_.view(node_)); }

 private:
  Graph graph_;
  Node node_;
};

template <class T>
std::vector<InferredOutput> infer(const T& op, const std::vector<Operand>& inputs,
                                  std::vector<Value> outputs = {}) {
  return TestNode(op, inputs, std::move(outputs)).infer();
}

// The shape of the one output.
template <class T>
Shape shape_of(const T& op, const std::vector<Operand>& inputs, std::vector<Value> outputs = {}) {
  const auto inferred = infer(op, inputs, std::move(outputs));
  EXPECT_EQ(inferred.size(), 1u);
  return inferred.empty() ? Shape{} : inferred[0].shape;
}

template <class T>
DType dtype_made(const T& op, const std::vector<Operand>& inputs, std::vector<Value> outputs = {}) {
  return infer(op, inputs, std::move(outputs)).at(0).dtype;
}

template <class T>
std::vector<Shape> shapes_of(const T& op, const std::vector<Operand>& inputs,
                             std::vector<Value> outputs = {}) {
  std::vector<Shape> shapes;
  for (const auto& output : infer(op, inputs, std::move(outputs))) shapes.push_back(output.shape);
  return shapes;
}

template <class T>
int version_of(const T& op, const std::vector<Operand>& inputs, std::vector<Value> outputs = {}) {
  return TestNode(op, inputs, std::move(outputs)).with_outputs().version();
}

template <class T>
int64_t macs_of(const T& op, const std::vector<Operand>& inputs, std::vector<Value> outputs = {}) {
  return TestNode(op, inputs, std::move(outputs)).with_outputs().macs();
}

// Why the op refuses the operands; fails the test when it takes them. The message must name the op.
template <class T>
std::string refusal(const T& op, const std::vector<Operand>& inputs,
                    std::vector<Value> outputs = {}) {
  try {
    infer(op, inputs, std::move(outputs));
  } catch (const Error& error) {
    EXPECT_NE(error.code(), ErrorCode::internal) << error.what();
    EXPECT_NE(std::string(error.what()).find(T::definition().name), std::string::npos)
        << "does not name the op: " << error.what();
    return error.what();
  }
  ADD_FAILURE() << T::definition().name << " took operands it should refuse";
  return "";
}

}  // namespace litesmith
