#include "ops/reshape.h"

#include <cstddef>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// Fills in the -1 of `target`, where the input's size is known.
Shape resolve(const NodeView& node, const Shape& input, const std::vector<int64_t>& target) {
  auto refuse_target = [&] {
    Shape shown;
    for (const int64_t dim : target) shown.push_back(static_cast<int32_t>(dim));
    refuse(node, "the elements of " + to_string(input) + " do not fill " + to_string(shown));
  };
  int64_t known = 1;
  int32_t* unknown = nullptr;
  Shape shape(target.size(), kDynamic);
  for (size_t i = 0; i < target.size(); ++i) {
    if (target[i] == -1) {
      if (unknown != nullptr) refuse(node, "two dimensions of the target are -1");
      unknown = &shape[i];
    } else {
      shape[i] = to_dimension(node, target[i]);
      if (__builtin_mul_overflow(known, target[i], &known)) refuse_target();
    }
  }
  if (!is_static(input)) return shape;
  const int64_t count = element_count(input);
  if (unknown == nullptr) {
    if (count != known) refuse_target();
  } else {
    if (known == 0 || count % known != 0) refuse_target();
    *unknown = to_dimension(node, count / known);
  }
  return shape;
}

std::vector<InferredOutput> infer_reshape(const NodeView& node) {
  require_operands(node, 1, 2);
  const Value& input = node.input(0);
  const Value* operand = node.optional_input(1);
  // As LiteRT has it: an operand that is no vector does not count.
  if (operand == nullptr || operand->shape.size() != 1 || operand->dtype != DType::int32) {
    const auto& attribute = node.as<Reshape>().new_shape;
    std::vector<int64_t> target(attribute.begin(), attribute.end());
    // Very old files wrote a scalar target as [0].
    if (target == std::vector<int64_t>{0}) target.clear();
    return {{input.dtype, resolve(node, input.shape, target)}};
  }
  if (const auto target = known_integers(node, 1)) {
    return {{input.dtype, resolve(node, input.shape, *target)}};
  }
  const int32_t rank = operand->shape[0];
  if (rank < 0) return {{input.dtype, dynamic_of_stated_rank(node)}};
  if (rank > 64) refuse(node, "the target has " + std::to_string(rank) + " dimensions");
  return {{input.dtype, all_dynamic(static_cast<size_t>(rank))}};
}

std::vector<InferredOutput> infer_squeeze(const NodeView& node) {
  require_operands(node, 1, 1);
  const Value& input = node.input(0);
  const auto& dims = node.as<Squeeze>().squeeze_dims;
  std::vector<bool> drop(input.shape.size(), false);
  for (const int32_t dim : dims) drop[axis_of(node, dim, input.shape.size())] = true;
  Shape shape;
  for (size_t i = 0; i < input.shape.size(); ++i) {
    const int32_t size = input.shape[i];
    if (drop[i] && size != 1 && size != kDynamic) {
      refuse(node,
             "dimension " + std::to_string(i) + " of " + to_string(input.shape) + " is not 1");
    }
    if (!drop[i] && !(dims.empty() && size == 1)) shape.push_back(size);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_expand_dims(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const auto axis = known_integer(node, 1);
  if (!axis) return {{input.dtype, all_dynamic(input.shape.size() + 1)}};
  Shape shape = input.shape;
  const size_t position = axis_of(node, *axis, shape.size() + 1);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(position), 1);
  return {{input.dtype, shape}};
}

int version_squeeze(const NodeView& node) { return has_dtype(node, 0, DType::string) ? 2 : 1; }

const QuantSpec kMoves = {.int8 = true, .int16 = true, .same_scale = true};

// Dimensions of 1 come and go; as far as the others stay in their order, so do their elements.
Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0 || outputs[0].is_all()) return region;
  size_t from = 0;
  for (const IndexSet& wanted : outputs[0].dims) {
    if (wanted.size() == 1) continue;
    while (from < shape.size() && shape[from] == 1) ++from;
    if (from == shape.size() || shape[from] != wanted.size()) return region;
    region.dims[from++] = wanted;
  }
  return region;
}

}  // namespace

const OpDef& Reshape::definition() {
  static const OpDef def = {.code = 22,
                            .name = "RESHAPE",
                            .options_tag = 17,
                            .make = make_op<Reshape>,
                            .infer = infer_reshape,
                            .version = version_1,
                            .runtime_versions = {"1.5.0"},
                            .quant = kMoves,
                            .in_place = InPlace::as_first_operand,
                            .needed = needed};
  return def;
}

const OpDef& Squeeze::definition() {
  static const OpDef def = {.code = 43,
                            .name = "SQUEEZE",
                            .options_tag = 30,
                            .make = make_op<Squeeze>,
                            .infer = infer_squeeze,
                            .version = version_squeeze,
                            .runtime_versions = {"1.6.0", "2.5.0"},
                            .quant = kMoves,
                            .in_place = InPlace::as_first_operand,
                            .needed = needed};
  return def;
}

const OpDef& ExpandDims::definition() {
  static const OpDef def = {.code = 70,
                            .name = "EXPAND_DIMS",
                            .options_tag = 52,
                            .make = make_op<ExpandDims>,
                            .infer = infer_expand_dims,
                            .version = version_1,
                            .runtime_versions = {"1.10.0"},
                            .quant = kMoves,
                            .in_place = InPlace::as_first_operand,
                            .needed = needed};
  return def;
}

}  // namespace litesmith
