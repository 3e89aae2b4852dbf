#include "ops/resize.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/constant_operand.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const Value& input = node.input(0);
  const auto size = constant_int32(node, 1);
  if (input.shape.size() != 4 || size.size() != 2 || size[0] < 1 || size[1] < 1) {
    throw Error(ErrorCode::data, std::string(node.op.def().name) + " of " + to_string(input.shape) +
                                     " to a size that does not fit");
  }
  return {{input.dtype, {input.shape[0], size[0], size[1], input.shape[3]}}};
}

int version_bilinear(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 4;
  return node.as<ResizeBilinear>().half_pixel_centers ? 3 : version_8_2(node);
}

int version_nearest(const NodeView& node) {
  const auto& op = node.as<ResizeNearestNeighbor>();
  if (has_dtype(node, 0, DType::int16)) return 4;
  return op.half_pixel_centers || op.align_corners ? 3 : version_8_2(node);
}

const QuantSpec kMoves = {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2};

}  // namespace

const OpDef& ResizeBilinear::definition() {
  static const OpDef def = {.code = 23,
                            .name = "RESIZE_BILINEAR",
                            .options_tag = 15,
                            .make = make_op<ResizeBilinear>,
                            .infer = infer,
                            .version = version_bilinear,
                            .runtime_versions = {"1.7.0", "1.14.0", "2.2.0", "2.5.0"},
                            .quant = kMoves};
  return def;
}

const OpDef& ResizeNearestNeighbor::definition() {
  static const OpDef def = {.code = 97,
                            .name = "RESIZE_NEAREST_NEIGHBOR",
                            .options_tag = 74,
                            .make = make_op<ResizeNearestNeighbor>,
                            .infer = infer,
                            .version = version_nearest,
                            .runtime_versions = {"1.13.1", "1.14.0", "2.3.0", "2.4.0"},
                            .quant = kMoves};
  return def;
}

}  // namespace litesmith
