#include "ops/resize.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  if (input.shape.size() != 4) {
    refuse(node, "the input is [n, h, w, c], not " + to_string(input.shape));
  }
  if (node.input(1).dtype != DType::int32) refuse(node, "the size is not int32");
  const auto size = known_integers(node, 1);
  if (!size) return {{input.dtype, {input.shape[0], kDynamic, kDynamic, input.shape[3]}}};
  if (size->size() != 2 || (*size)[0] < 1 || (*size)[1] < 1) {
    refuse(node, "the size is no height and width of at least 1");
  }
  return {{input.dtype,
           {input.shape[0], to_dimension(node, (*size)[0]), to_dimension(node, (*size)[1]),
            input.shape[3]}}};
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
