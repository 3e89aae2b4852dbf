#include "ops/arrange.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/constant_operand.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

[[noreturn]] void refuse(const NodeView& node, const std::string& why) {
  throw Error(ErrorCode::data, std::string(node.op.def().name) + ": " + why);
}

std::vector<InferredOutput> infer_transpose(const NodeView& node) {
  const Value& input = node.input(0);
  const auto permutation = constant_int32(node, 1);
  if (permutation.size() != input.shape.size()) {
    refuse(node, "the permutation does not fit " + to_string(input.shape));
  }
  std::vector<bool> seen(permutation.size(), false);
  Shape shape;
  for (const int32_t from : permutation) {
    const auto axis = static_cast<size_t>(normalize_axis(from, input.shape.size()));
    if (seen[axis]) refuse(node, "the permutation names a dimension twice");
    seen[axis] = true;
    shape.push_back(input.shape[axis]);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_concatenation(const NodeView& node) {
  const Value& first = node.input(0);
  const auto axis =
      static_cast<size_t>(normalize_axis(node.as<Concatenation>().axis, first.shape.size()));
  Shape shape = first.shape;
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    const Value& input = node.input(i);
    if (input.dtype != first.dtype || input.shape.size() != shape.size()) {
      refuse(node, "input " + std::to_string(i) + " differs in type or rank");
    }
    for (size_t d = 0; d < shape.size(); ++d) {
      if (d == axis) {
        if (shape[d] >= 0 && input.shape[d] >= 0) {
          if (__builtin_add_overflow(shape[d], input.shape[d], &shape[d]))
            refuse(node, "too large");
        } else {
          shape[d] = kDynamic;
        }
      } else if (shape[d] < 0) {
        shape[d] = input.shape[d];
      } else if (input.shape[d] >= 0 && input.shape[d] != shape[d]) {
        refuse(node, "shapes " + to_string(first.shape) + " and " + to_string(input.shape) +
                         " do not fit");
      }
    }
  }
  return {{first.dtype, shape}};
}

std::vector<InferredOutput> infer_pack(const NodeView& node) {
  const Value& first = node.input(0);
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.input(i).shape != first.shape || node.input(i).dtype != first.dtype) {
      refuse(node, "the inputs differ in shape or type");
    }
  }
  Shape shape = first.shape;
  shape.insert(shape.begin() + normalize_axis(node.as<Pack>().axis, shape.size() + 1),
               static_cast<int32_t>(node.inputs.size()));
  return {{first.dtype, shape}};
}

std::vector<InferredOutput> infer_unpack(const NodeView& node) {
  const Value& input = node.input(0);
  const auto& op = node.as<Unpack>();
  const int axis = normalize_axis(op.axis, input.shape.size());
  const int32_t size = input.shape[static_cast<size_t>(axis)];
  if (op.num < 0 || op.num > 4096 || (size >= 0 && size != op.num)) {
    refuse(node, "num does not fit " + to_string(input.shape));
  }
  Shape shape = input.shape;
  shape.erase(shape.begin() + axis);
  return std::vector<InferredOutput>(static_cast<size_t>(op.num), {input.dtype, shape});
}

std::vector<InferredOutput> infer_tile(const NodeView& node) {
  const Value& input = node.input(0);
  const auto multiples = constant_int32(node, 1);
  if (multiples.size() != input.shape.size()) refuse(node, "the multiples do not fit");
  Shape shape = input.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (multiples[i] < 0) refuse(node, "a multiple is negative");
    if (shape[i] >= 0 && __builtin_mul_overflow(shape[i], multiples[i], &shape[i])) {
      refuse(node, "too large");
    }
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_broadcast_to(const NodeView& node) {
  const Value& input = node.input(0);
  const auto elements = constant_int32(node, 1);
  const Shape shape(elements.begin(), elements.end());
  if (!is_static(shape) || broadcast(input.shape, shape) != shape) {
    refuse(node, to_string(input.shape) + " does not fill " + to_string(shape));
  }
  return {{input.dtype, shape}};
}

Region needed_transpose(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto permutation = constant_int32(node, 1);
  for (size_t i = 0; i < permutation.size(); ++i) {
    const auto from = static_cast<size_t>(normalize_axis(permutation[i], shape.size()));
    region.dims[from] = outputs[0].dims[i];
  }
  return region;
}

Region needed_concatenation(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  const auto axis =
      static_cast<size_t>(normalize_axis(node.as<Concatenation>().axis, shape.size()));
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

int version_transpose(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.shape.size() > 6) return 8;
  if (input.shape.size() > 5) return 6;
  if (input.dtype == DType::int16) return 5;
  if (input.shape.size() > 4) return 4;
  if (input.dtype == DType::boolean) return 3;
  return version_8_2(node);
}

int version_concatenation(const NodeView& node) {
  return has_dtype(node, 0, DType::uint32) ? 4 : version_8_2_16_3(node);
}

int version_pack(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 3;
  return has_dtype(node, 0, DType::uint32) ? 4 : version_8_2(node);
}

int version_unpack(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::int16) return 4;
  if (input.dtype == DType::boolean) return 3;
  return input.dtype == DType::int8 || input.dtype == DType::uint8 ? 2 : 1;
}

int version_tile(const NodeView& node) {
  if (has_dtype(node, 0, DType::int8)) return 3;
  return has_dtype(node, 0, DType::string) ? 2 : 1;
}

int version_broadcast_to(const NodeView& node) {
  return has_dtype(node, 0, DType::int8) || has_dtype(node, 0, DType::int16) ? 3 : 2;
}

QuantSpec moves(int version_int16) {
  return {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = version_int16};
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

}  // namespace litesmith
