#include "ops/arrange.h"

#include <cstddef>

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_transpose(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  if (node.input(1).dtype != DType::int32) refuse(node, "the permutation is not int32");
  const auto permutation = known_integers(node, 1);
  if (!permutation) return {{input.dtype, all_dynamic(input.shape.size())}};
  if (permutation->size() != input.shape.size()) {
    refuse(node, "a permutation of " + std::to_string(permutation->size()) +
                     " does not fit an input " + to_string(input.shape));
  }
  std::vector<bool> seen(permutation->size(), false);
  Shape shape;
  for (const int64_t from : *permutation) {
    const size_t axis = axis_of(node, from, input.shape.size());
    if (seen[axis])
      refuse(node, "the permutation names dimension " + std::to_string(axis) + " twice");
    seen[axis] = true;
    shape.push_back(input.shape[axis]);
  }
  return {{input.dtype, shape}};
}

// The size along the axis is the sum, dynamic as soon as one part is.
std::vector<InferredOutput> infer_concatenation(const NodeView& node) {
  const Value& first = node.input(0);
  const size_t axis = axis_of(node, node.as<Concatenation>().axis, first.shape.size());
  Shape shape = first.shape;
  int64_t total = first.shape[axis];
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    const Value& input = node.input(i);
    if (input.dtype != first.dtype || input.shape.size() != shape.size()) {
      refuse(node, "operand " + std::to_string(i) + " is " + std::string(to_string(input.dtype)) +
                       to_string(input.shape) + " beside " + std::string(to_string(first.dtype)) +
                       to_string(first.shape));
    }
    Shape others = input.shape;
    others[axis] = shape[axis];
    const auto together = merged(shape, others);
    if (!together) {
      refuse(node,
             "shapes " + to_string(first.shape) + " and " + to_string(input.shape) + " do not fit");
    }
    shape = *together;
    total = total < 0 || input.shape[axis] < 0 ? kDynamic : total + input.shape[axis];
  }
  shape[axis] = total < 0 ? kDynamic : to_dimension(node, total);
  return {{first.dtype, shape}};
}

std::vector<InferredOutput> infer_pack(const NodeView& node) {
  const auto& op = node.as<Pack>();
  const Value& first = node.input(0);
  if (op.values_count != static_cast<int64_t>(node.inputs.size())) {
    refuse(node, "values_count is " + std::to_string(op.values_count) + " for " +
                     std::to_string(node.inputs.size()) + " operands");
  }
  Shape shape = first.shape;
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    const auto together = merged(shape, node.input(i).shape);
    if (!together || node.input(i).dtype != first.dtype) {
      refuse(node, "operand " + std::to_string(i) + " differs in type or shape");
    }
    shape = *together;
  }
  const size_t axis = axis_of(node, op.axis, shape.size() + 1);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), op.values_count);
  return {{first.dtype, shape}};
}

std::vector<InferredOutput> infer_unpack(const NodeView& node) {
  require_operands(node, 1, 1);
  const Value& input = node.input(0);
  const auto& op = node.as<Unpack>();
  const size_t axis = axis_of(node, op.axis, input.shape.size());
  const int32_t size = input.shape[axis];
  require_outputs(node, op.num);
  if (size >= 0 && size != op.num) {
    refuse(node, "num is " + std::to_string(op.num) + " for dimension " + std::to_string(axis) +
                     " of " + to_string(input.shape));
  }
  Shape shape = input.shape;
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  return std::vector<InferredOutput>(static_cast<size_t>(op.num), {input.dtype, shape});
}

std::vector<InferredOutput> infer_tile(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const auto multiples = known_integers(node, 1);
  if (!multiples) return {{input.dtype, all_dynamic(input.shape.size())}};
  if (multiples->size() != input.shape.size()) {
    refuse(node, std::to_string(multiples->size()) + " multiples do not fit an input " +
                     to_string(input.shape));
  }
  Shape shape = input.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    const int32_t multiple = to_dimension(node, (*multiples)[i]);
    if (shape[i] >= 0) shape[i] = to_dimension(node, int64_t{shape[i]} * multiple);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_broadcast_to(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const auto target = known_integers(node, 1);
  if (!target) {
    const Shape& operand = node.input(1).shape;
    const bool has_rank = operand.size() == 1 && operand[0] >= 0 && operand[0] <= 64;
    return {{input.dtype, has_rank ? all_dynamic(static_cast<size_t>(operand[0]))
                                   : dynamic_of_stated_rank(node)}};
  }
  Shape shape;
  for (const int64_t size : *target) shape.push_back(to_dimension(node, size));
  const Shape filled =
      with_context(node.op.def().name, [&] { return broadcast(input.shape, shape); });
  // A dynamic dimension may turn out to be the 1 that is wanted.
  if (!merged(filled, shape))
    refuse(node, to_string(input.shape) + " does not fill " + to_string(shape));
  return {{input.dtype, shape}};
}

int version_transpose(const NodeView& node) {
  const Value& input = node.input(0);
  const size_t rank = input.shape.size();
  if (input.dtype == DType::float16) return 9;
  if (rank > 6 || input.dtype == DType::bfloat16) return 8;
  if (input.dtype == DType::int4) return 7;
  if (rank > 5) return 6;
  if (input.dtype == DType::int16) return 5;
  if (rank > 4) return 4;
  return input.dtype == DType::boolean ? 3 : version_8_2(node);
}

int version_concatenation(const NodeView& node) {
  if (is_float8(node, 0)) return 7;
  if (has_dtype(node, 0, DType::float16)) return 6;
  if (has_dtype(node, 0, DType::int4)) return 5;
  return has_dtype(node, 0, DType::uint32) ? 4 : version_8_2_16_3(node);
}

int version_pack(const NodeView& node) {
  if (is_float8(node, 0)) return 5;
  if (has_dtype(node, 0, DType::int16)) return 3;
  return has_dtype(node, 0, DType::uint32) ? 4 : version_8_2(node);
}

int version_unpack(const NodeView& node) {
  switch (node.input(0).dtype) {
    case DType::float8_e4m3fn:
    case DType::float8_e5m2:
      return 6;
    case DType::float16:
    case DType::bfloat16:
      return 5;
    case DType::int16:
      return 4;
    case DType::boolean:
      return 3;
    case DType::int8:
    case DType::uint8:
      return 2;
    default:
      return 1;
  }
}

int version_tile(const NodeView& node) {
  if (has_dtype(node, 0, DType::int8)) return 3;
  return has_dtype(node, 0, DType::string) ? 2 : 1;
}

// Version 1 was another op code once and is not used.
int version_broadcast_to(const NodeView& node) {
  if (is_float8(node, 0)) return 4;
  return version_8_16_2(node) + 1;
}

QuantSpec moves(int version_int16) {
  return {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = version_int16};
}

Region needed_transpose(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto permutation = known_integers(node, 1);
  if (!permutation) return region;
  for (size_t i = 0; i < permutation->size(); ++i) {
    region.dims[axis_of(node, (*permutation)[i], shape.size())] = outputs[0].dims[i];
  }
  return region;
}

Region needed_concatenation(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  const size_t axis = axis_of(node, node.as<Concatenation>().axis, shape.size());
  int64_t before = 0;
  for (size_t i = 0; i < input; ++i) {
    const int32_t size = node.input(i).shape[axis];
    if (size < 0) return Region::all(shape);
    before += size;
  }
  Region region = outputs[0];
  region.dims[axis] = needed_shifted(outputs[0].dims[axis], shape[axis], 1, -before);
  region.nothing = region.dims[axis].is_empty();
  // Another input may know the size of a dimension that this one does not.
  for (size_t i = 0; i < shape.size(); ++i) {
    if (region.dims[i].size() != shape[i]) region.dims[i] = IndexSet::all(shape[i]);
  }
  return region;
}

std::vector<InferredOutput> infer_reverse(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  if (node.input(1).shape.size() != 1) refuse(node, "its axes are no vector");
  if (const auto axes = known_integers(node, 1)) {
    for (const int64_t axis : *axes) axis_of(node, axis, input.shape.size());
  }
  return {{input.dtype, input.shape}};
}

int version_reverse(const NodeView& node) {
  if (has_dtype(node, 0, DType::int8)) return 3;
  return has_dtype(node, 0, DType::boolean) ? 2 : 1;
}

}  // namespace

const OpDef& Transpose::definition() {
  static const OpDef def = {.code = 39,
                            .name = "TRANSPOSE",
                            .options_tag = 26,
                            .make = make_op<Transpose>,
                            .infer = infer_transpose,
                            .version = version_transpose,
                            .runtime_versions = {"1.6.0", "1.14.0", "1.15.0", "2.3.0", "2.4.0",
                                                 "2.12.0", "2.14.4", "2.22.0", "2.23.0"},
                            .quant = moves(2),
                            .needed = needed_transpose};
  return def;
}

const OpDef& Concatenation::definition() {
  static const OpDef def = {
      .code = 2,
      .name = "CONCATENATION",
      .options_tag = 10,
      .make = make_op<Concatenation>,
      .infer = infer_concatenation,
      .version = version_concatenation,
      .runtime_versions = {"1.5.0", "1.14.0", "2.3.0", "2.14.0", "2.21.0", "2.23.0", "2.23.0"},
      .quant = moves(2),
      .activation = [](Op& op) { return &static_cast<Concatenation&>(op).activation; },
      .needed = needed_concatenation};
  return def;
}

const OpDef& Pack::definition() {
  static const OpDef def = {.code = 83,
                            .name = "PACK",
                            .options_tag = 59,
                            .make = make_op<Pack>,
                            .infer = infer_pack,
                            .version = version_pack,
                            .runtime_versions = {"1.11.0", "1.14.0", "2.3.0", "2.13.0", "2.23.0"},
                            .quant = moves(2)};
  return def;
}

const OpDef& Unpack::definition() {
  static const OpDef def = {
      .code = 88,
      .name = "UNPACK",
      .options_tag = 64,
      .make = make_op<Unpack>,
      .infer = infer_unpack,
      .version = version_unpack,
      .runtime_versions = {"1.11.0", "1.14.0", "2.2.0", "2.3.0", "2.22.0", "2.23.0"},
      .quant = moves(1)};
  return def;
}

const OpDef& Tile::definition() {
  static const OpDef def = {.code = 69,
                            .name = "TILE",
                            .options_tag = 51,
                            .make = make_op<Tile>,
                            .infer = infer_tile,
                            .version = version_tile,
                            .runtime_versions = {"1.10.1", "2.2.0", "2.8.0"},
                            .quant = moves(3)};
  return def;
}

const OpDef& BroadcastTo::definition() {
  static const OpDef def = {.code = 130,
                            .name = "BROADCAST_TO",
                            .options_tag = 104,
                            .make = make_op<BroadcastTo>,
                            .infer = infer_broadcast_to,
                            .version = version_broadcast_to,
                            .runtime_versions = {"", "2.5.0", "2.5.0", "2.23.0"},
                            .quant = moves(3)};
  return def;
}

const OpDef& ReverseV2::definition() {
  static const OpDef def = {.code = 105,
                            .name = "REVERSE_V2",
                            .options_tag = 81,
                            .make = make_op<ReverseV2>,
                            .infer = infer_reverse,
                            .version = version_reverse,
                            .runtime_versions = {"1.14.0", "2.2.0", "2.5.0", "2.23.0"}};
  return def;
}

}  // namespace litesmith
