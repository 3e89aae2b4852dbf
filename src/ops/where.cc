#include "ops/where.h"

#include <algorithm>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

template <class T>
int32_t count_of(const NodeView& node, const Value& value) {
  const auto elements = value.elements<T>();
  return to_dimension(node, std::count_if(elements.begin(), elements.end(),
                                          [](T element) { return element != T{0}; }));
}

// How many elements are not zero, where they are known.
int32_t rows(const NodeView& node) {
  const Value& condition = node.input(0);
  if (!condition.is_constant()) return kDynamic;
  switch (condition.dtype) {
    case DType::float32:
      return count_of<float>(node, condition);
    case DType::int32:
      return count_of<int32_t>(node, condition);
    case DType::int64:
      return count_of<int64_t>(node, condition);
    default:
      return count_of<uint8_t>(node, condition);
  }
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 1, 1);
  require_outputs(node, 1);
  const Value& condition = node.input(0);
  switch (condition.dtype) {
    case DType::boolean:
    case DType::int8:
    case DType::uint8:
    case DType::int32:
    case DType::int64:
    case DType::float32:
      break;
    default:
      refuse(node, "a condition of " + std::string(to_string(condition.dtype)));
  }
  if (condition.shape.empty()) refuse(node, "a condition without a dimension");
  return {{DType::int64,
           {rows(node), to_dimension(node, static_cast<int64_t>(condition.shape.size()))}}};
}

}  // namespace

const OpDef& Where::definition() {
  static const OpDef def = {.code = 109,
                            .name = "WHERE",
                            .options_tag = 85,
                            .make = make_op<Where>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"1.14.0", "2.8.0"}};
  return def;
}

}  // namespace litesmith
