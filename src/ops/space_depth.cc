#include "ops/space_depth.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

const Shape& image_of(const NodeView& node, int32_t block) {
  require_operands(node, 1, 1);
  const Shape& input = node.input(0).shape;
  if (input.size() != 4) refuse(node, "the input is [n, h, w, c], not " + to_string(input));
  constexpr int32_t kMost = 1 << 15;  // its square is an int32
  if (block < 1 || block > kMost) refuse(node, "block_size is " + std::to_string(block));
  return input;
}

int32_t grown(const NodeView& node, int32_t size, int32_t factor) {
  return size < 0 ? kDynamic : to_dimension(node, int64_t{size} * factor);
}

int32_t shrunk(const NodeView& node, int32_t size, int32_t factor) {
  if (size < 0) return kDynamic;
  if (size % factor != 0) {
    refuse(node,
           "a dimension of " + std::to_string(size) + " has no parts of " + std::to_string(factor));
  }
  return size / factor;
}

std::vector<InferredOutput> infer_space_to_depth(const NodeView& node) {
  const int32_t block = node.as<SpaceToDepth>().block_size;
  const Shape& in = image_of(node, block);
  return {{node.input(0).dtype,
           {in[0], shrunk(node, in[1], block), shrunk(node, in[2], block),
            grown(node, in[3], block * block)}}};
}

std::vector<InferredOutput> infer_depth_to_space(const NodeView& node) {
  const int32_t block = node.as<DepthToSpace>().block_size;
  const Shape& in = image_of(node, block);
  return {{node.input(0).dtype,
           {in[0], grown(node, in[1], block), grown(node, in[2], block),
            shrunk(node, in[3], block * block)}}};
}

const QuantSpec kMoves = {.int8 = true, .same_scale = true};

}  // namespace

const OpDef& SpaceToDepth::definition() {
  static const OpDef def = {.code = 26,
                            .name = "SPACE_TO_DEPTH",
                            .options_tag = 19,
                            .make = make_op<SpaceToDepth>,
                            .infer = infer_space_to_depth,
                            .version = version_8_2,
                            .runtime_versions = {"1.5.0", "1.14.0"},
                            .quant = kMoves};
  return def;
}

const OpDef& DepthToSpace::definition() {
  static const OpDef def = {.code = 5,
                            .name = "DEPTH_TO_SPACE",
                            .options_tag = 94,
                            .make = make_op<DepthToSpace>,
                            .infer = infer_depth_to_space,
                            .version = version_8_2,
                            .runtime_versions = {"2.1.0", "2.5.0"},
                            .quant = kMoves};
  return def;
}

}  // namespace litesmith
