#include "ops/pad.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// The dimensions grown by the amounts of operand 1.
Shape padded_shape(const NodeView& node) {
  const Shape& input = node.input(0).shape;
  const auto amounts = known_integers(node, 1);
  if (!amounts) return all_dynamic(input.size());
  if (amounts->size() != 2 * input.size()) {
    refuse(node, "paddings " + to_string(node.input(1).shape) + " do not fit an input " +
                     to_string(input));
  }
  Shape shape = input;
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t size = shape[i];
    for (const int64_t amount : {(*amounts)[2 * i], (*amounts)[2 * i + 1]}) {
      // The bound keeps the sum inside 64 bits.
      if (amount < 0 || amount > INT32_MAX) {
        refuse(node, "a padding is " + std::to_string(amount));
      }
      size += amount;
    }
    if (shape[i] >= 0) shape[i] = to_dimension(node, size);
  }
  return shape;
}

std::vector<InferredOutput> infer_pad(const NodeView& node) {
  require_operands(node, 2, 2);
  return {{node.input(0).dtype, padded_shape(node)}};
}

std::vector<InferredOutput> infer_pad_v2(const NodeView& node) {
  require_operands(node, 3, 3);
  const Value& border = node.input(2);
  if (border.dtype != node.input(0).dtype ||
      (is_static(border.shape) && element_count(border.shape) != 1)) {
    refuse(node, "the border is one " + std::string(to_string(node.input(0).dtype)) + ", not " +
                     std::string(to_string(border.dtype)) + to_string(border.shape));
  }
  return {{node.input(0).dtype, padded_shape(node)}};
}

std::vector<InferredOutput> infer_mirror_pad(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const Shape shape = padded_shape(node);
  const auto amounts = known_integers(node, 1);
  // A mirror has no more to show than the input, without its border when that is left out.
  const int32_t border = node.as<MirrorPad>().mode == MirrorPadMode::reflect ? 1 : 0;
  for (size_t i = 0; amounts && i < amounts->size(); ++i) {
    const int32_t size = input.shape[i / 2];
    if (size >= 0 && (*amounts)[i] > 0 && (*amounts)[i] > size - border) {
      refuse(node, "a padding of " + std::to_string((*amounts)[i]) + " is more than " +
                       to_string(input.shape) + " can mirror");
    }
  }
  return {{input.dtype, shape}};
}

int version_pad(const NodeView& node) {
  if (is_float8(node, 0)) return 6;
  if (has_dtype(node, 0, DType::boolean)) return 5;
  if (node.input(0).shape.size() > 4) return 4;
  return version_8_2_16_3(node);
}

const QuantSpec kMoves = {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2};

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto amounts = known_integers(node, 1);
  for (size_t i = 0; amounts && i < shape.size(); ++i) {
    region.dims[i] = needed_shifted(outputs[0].dims[i], shape[i], 1, -(*amounts)[2 * i]);
  }
  return region;
}

}  // namespace

const OpDef& Pad::definition() {
  static const OpDef def = {
      .code = 34,
      .name = "PAD",
      .options_tag = 22,
      .make = make_op<Pad>,
      .infer = infer_pad,
      .version = version_pad,
      .runtime_versions = {"1.5.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0", "2.23.0"},
      .quant = kMoves,
      .needed = needed};
  return def;
}

const OpDef& PadV2::definition() {
  static const OpDef def = {
      .code = 60,
      .name = "PADV2",
      .options_tag = 43,
      .make = make_op<PadV2>,
      .infer = infer_pad_v2,
      .version = version_pad,
      .runtime_versions = {"1.9.0", "1.14.0", "2.4.0", "2.6.0", "2.20.0", "2.23.0"},
      .quant = kMoves,
      .needed = needed};
  return def;
}

const OpDef& MirrorPad::definition() {
  static const OpDef def = {.code = 100,
                            .name = "MIRROR_PAD",
                            .options_tag = 77,
                            .make = make_op<MirrorPad>,
                            .infer = infer_mirror_pad,
                            .version = version_8_2_16_3,
                            .runtime_versions = {"1.13.1", "2.3.0", "2.12.0"},
                            .quant = kMoves};
  return def;
}

}  // namespace litesmith
