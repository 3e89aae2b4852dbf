#include "ops/inference.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace litesmith {

void refuse(const NodeView& node, const std::string& why) {
  throw Error(ErrorCode::data, std::string(node.op.def().name) + ": " + why);
}

void require_operands(const NodeView& node, size_t least, size_t most) {
  const size_t count = node.inputs.size();
  if (count >= least && count <= most) return;
  std::string wanted = std::to_string(least);
  if (most != least) wanted += " to " + std::to_string(most);
  throw Error(ErrorCode::format, std::string(node.op.def().name) + " has " + std::to_string(count) +
                                     " operands, not " + wanted);
}

void require_outputs(const NodeView& node, int32_t count) {
  constexpr int32_t kMost = 1 << 16;  // an op that is being made has nothing else to hold it
  const bool fits = node.outputs.empty() ? count >= 0 && count <= kMost
                                         : count == static_cast<int64_t>(node.outputs.size());
  if (fits) return;
  throw Error(ErrorCode::format, std::string(node.op.def().name) + " says it has " +
                                     std::to_string(count) + " outputs, not " +
                                     std::to_string(node.outputs.size()));
}

std::optional<std::vector<int64_t>> known_integers(const NodeView& node, size_t i) {
  const Value& value = node.input(i);
  if (value.dtype != DType::int32 && value.dtype != DType::int64) {
    refuse(node, "operand " + std::to_string(i) + " '" + value.name + "' is " +
                     std::string(to_string(value.dtype)) + ", not int32 or int64");
  }
  if (!value.is_constant()) return std::nullopt;
  if (value.dtype == DType::int64) {
    const auto elements = value.elements<int64_t>();
    return std::vector<int64_t>(elements.begin(), elements.end());
  }
  const auto elements = value.elements<int32_t>();
  return std::vector<int64_t>(elements.begin(), elements.end());
}

std::optional<int64_t> known_integer(const NodeView& node, size_t i) {
  const auto integers = known_integers(node, i);
  if (!integers) return std::nullopt;
  if (integers->size() != 1) {
    refuse(node, "operand " + std::to_string(i) + " has " + std::to_string(integers->size()) +
                     " elements, not 1");
  }
  return integers->front();
}

std::vector<int32_t> constant_int32(const NodeView& node, size_t i) {
  const auto integers = known_integers(node, i);
  if (!integers) {
    throw Error(ErrorCode::unsupported, std::string(node.op.def().name) + ": operand " +
                                            std::to_string(i) + " '" + node.input(i).name +
                                            "' is computed when the model runs");
  }
  std::vector<int32_t> result;
  result.reserve(integers->size());
  for (const int64_t value : *integers) {
    if (value < std::numeric_limits<int32_t>::min() ||
        value > std::numeric_limits<int32_t>::max()) {
      refuse(node, "operand " + std::to_string(i) + " holds " + std::to_string(value));
    }
    result.push_back(static_cast<int32_t>(value));
  }
  return result;
}

int32_t to_dimension(const NodeView& node, int64_t size) {
  if (size < 0 || size > std::numeric_limits<int32_t>::max()) {
    refuse(node, "no dimension has a size of " + std::to_string(size));
  }
  return static_cast<int32_t>(size);
}

size_t axis_of(const NodeView& node, int64_t axis, size_t rank) {
  const auto n = static_cast<int64_t>(rank);
  if (axis < -n || axis >= n) {
    refuse(node, "axis " + std::to_string(axis) + " is outside rank " + std::to_string(n));
  }
  return static_cast<size_t>(axis < 0 ? axis + n : axis);
}

Shape all_dynamic(size_t rank) { return Shape(rank, kDynamic); }

Shape dynamic_of_stated_rank(const NodeView& node) {
  if (node.outputs.empty()) {
    throw Error(ErrorCode::unsupported, std::string(node.op.def().name) +
                                            ": the rank of its result depends on computed values");
  }
  return all_dynamic(node.outputs[0]->shape.size());
}

std::vector<InferredOutput> stated_outputs(const NodeView& node) {
  if (node.outputs.empty()) {
    throw Error(ErrorCode::unsupported,
                std::string(node.op.def().name) + ": its results depend on other subgraphs");
  }
  std::vector<InferredOutput> outputs;
  for (const Value* output : node.outputs) outputs.push_back({output->dtype, output->shape});
  return outputs;
}

std::optional<Shape> merged(const Shape& a, const Shape& b) {
  if (a.size() != b.size()) return std::nullopt;
  Shape result = a;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] < 0) {
      result[i] = b[i];
    } else if (b[i] >= 0 && a[i] != b[i]) {
      return std::nullopt;
    }
  }
  return result;
}

DType stated_dtype(const NodeView& node, size_t i, DType otherwise,
                   std::initializer_list<DType> possible) {
  if (i >= node.outputs.size()) return otherwise;
  const DType stated = node.outputs[i]->dtype;
  return std::find(possible.begin(), possible.end(), stated) != possible.end() ? stated : otherwise;
}

Shape broadcast_operands(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& a = node.input(0);
  const Value& b = node.input(1);
  if (a.dtype != b.dtype) {
    refuse(node, "the operands are " + std::string(to_string(a.dtype)) + " and " +
                     std::string(to_string(b.dtype)));
  }
  return with_context(node.op.def().name, [&] { return broadcast(a.shape, b.shape); });
}

std::vector<InferredOutput> infer_like_input(const NodeView& node) {
  require_operands(node, 1, 1);
  return {{node.input(0).dtype, node.input(0).shape}};
}

int64_t output_elements(const NodeView& node, size_t i) {
  return element_count(with_dynamic_as(node.outputs.at(i)->shape, 1));
}

}  // namespace litesmith
