#include "ops/shape_and_cast.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_shape(const NodeView& node) {
  require_operands(node, 1, 1);
  const DType dtype = node.as<ShapeOf>().out_type;
  if (dtype != DType::int32 && dtype != DType::int64) {
    refuse(node, "a shape is int32 or int64, not " + std::string(to_string(dtype)));
  }
  return {{dtype, {static_cast<int32_t>(node.input(0).shape.size())}}};
}

// Files without options tell the target by the output tensor alone.
DType cast_target(const NodeView& node) {
  return node.outputs.empty() ? node.as<Cast>().out_data_type : node.outputs[0]->dtype;
}

std::vector<InferredOutput> infer_cast(const NodeView& node) {
  require_operands(node, 1, 1);
  return {{cast_target(node), node.input(0).shape}};
}

int version_cast(const NodeView& node) {
  const DType from = node.input(0).dtype;
  const DType to = cast_target(node);
  auto either = [&](DType a, DType b) { return from == a || to == a || from == b || to == b; };
  if (either(DType::float8_e4m3fn, DType::float8_e5m2)) return 9;
  if (either(DType::int2, DType::uint4)) return 8;
  if (either(DType::bfloat16, DType::bfloat16)) return 7;
  if (from == DType::int4 && to == DType::float32) return 6;
  if (either(DType::float64, DType::float16)) return 5;
  if (either(DType::uint16, DType::uint16)) return 4;
  if (either(DType::int8, DType::int8)) return 3;
  return either(DType::uint32, DType::uint32) ? 2 : 1;
}

// A tensor's shape says nothing about its elements.
Region needed_by_shape(const NodeView& node, size_t input, std::span<const Region>) {
  return Region::none(node.input(input).shape);
}

}  // namespace

const OpDef& ShapeOf::definition() {
  static const OpDef def = {.code = 77,
                            .name = "SHAPE",
                            .options_tag = 55,
                            .make = make_op<ShapeOf>,
                            .infer = infer_shape,
                            .version = version_1,
                            .runtime_versions = {"1.10.0"},
                            .quant = {.shape_only = true},
                            .needed = needed_by_shape};
  return def;
}

const OpDef& Cast::definition() {
  static const OpDef def = {.code = 53,
                            .name = "CAST",
                            .options_tag = 37,
                            .make = make_op<Cast>,
                            .infer = infer_cast,
                            .version = version_cast,
                            .runtime_versions = {"1.5.0", "2.7.0", "2.8.0", "2.9.0", "2.12.0",
                                                 "2.15.0", "2.17.0", "2.21.0", "2.23.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
