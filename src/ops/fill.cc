#include "ops/fill.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_fill(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& value = node.input(1);
  if (!value.shape.empty() || node.input(0).shape.size() != 1) {
    refuse(node, "a shape " + to_string(node.input(0).shape) + " and a value " +
                     to_string(value.shape) + " are no vector and no single number");
  }
  const auto sizes = known_integers(node, 0);
  if (!sizes) {
    const int32_t rank = node.input(0).shape[0];
    return {{value.dtype,
             rank < 0 ? dynamic_of_stated_rank(node) : all_dynamic(static_cast<size_t>(rank))}};
  }
  Shape shape;
  for (const int64_t size : *sizes) shape.push_back(to_dimension(node, size));
  return {{value.dtype, std::move(shape)}};
}

int version_fill(const NodeView& node) {
  if (has_dtype(node, 1, DType::float16)) return 4;
  if (has_dtype(node, 1, DType::int8) || has_dtype(node, 1, DType::int16)) return 3;
  return has_dtype(node, 1, DType::boolean) || has_dtype(node, 1, DType::string) ? 2 : 1;
}

std::vector<InferredOutput> infer_one_hot(const NodeView& node) {
  require_operands(node, 4, 4);
  for (const size_t i : {1, 2, 3}) {
    if (element_count(with_dynamic_as(node.input(i).shape, 1)) != 1) {
      refuse(node, "operand " + std::to_string(i) + " is " + to_string(node.input(i).shape) +
                       ", not one number");
    }
  }
  const DType dtype = node.input(2).dtype;
  const DType index = node.input(0).dtype;
  if (node.input(3).dtype != dtype || (index != DType::int32 && index != DType::int64)) {
    refuse(node, "its operands' types do not fit");
  }
  Shape shape = node.input(0).shape;
  const int32_t stated = node.as<OneHot>().axis;
  const size_t axis = stated == -1 ? shape.size() : axis_of(node, stated, shape.size() + 1);
  const auto depth = known_integer(node, 1);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis),
               depth ? to_dimension(node, *depth) : kDynamic);
  return {{dtype, std::move(shape)}};
}

}  // namespace

const OpDef& Fill::definition() {
  static const OpDef def = {.code = 94,
                            .name = "FILL",
                            .options_tag = 68,
                            .make = make_op<Fill>,
                            .infer = infer_fill,
                            .version = version_fill,
                            .runtime_versions = {"1.13.0", "2.3.0", "2.5.0", "2.12.0", "2.23.0"}};
  return def;
}

const OpDef& ZerosLike::definition() {
  static const OpDef def = {.code = 93,
                            .name = "ZEROS_LIKE",
                            .options_tag = 67,
                            .make = make_op<ZerosLike>,
                            .infer = infer_like_input,
                            .version = version_1,
                            .runtime_versions = {"1.12.0"}};
  return def;
}

const OpDef& OneHot::definition() {
  static const OpDef def = {.code = 85,
                            .name = "ONE_HOT",
                            .options_tag = 61,
                            .make = make_op<OneHot>,
                            .infer = infer_one_hot,
                            .version = version_1,
                            .runtime_versions = {"1.11.0"}};
  return def;
}

}  // namespace litesmith
