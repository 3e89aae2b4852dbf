#include "ops/pad.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& paddings = node.input(1);
  if (!paddings.is_constant() || paddings.dtype != DType::int32) {
    throw Error(ErrorCode::unsupported, "PAD whose paddings are no int32 constant");
  }
  const auto amounts = paddings.elements<int32_t>();
  if (amounts.size() != 2 * input.shape.size()) {
    throw Error(ErrorCode::data, "PAD: paddings " + to_string(paddings.shape) +
                                     " do not fit an input " + to_string(input.shape));
  }
  Shape shape = input.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    const int64_t before = amounts[2 * i];
    const int64_t after = amounts[2 * i + 1];
    if (before < 0 || after < 0) throw Error(ErrorCode::data, "PAD: a padding is negative");
    if (shape[i] < 0) continue;
    if (shape[i] + before + after > INT32_MAX) throw Error(ErrorCode::data, "PAD: too large");
    if (&node.op.def() == &MirrorPad::definition()) {
      const int64_t most =
          node.as<MirrorPad>().mode == MirrorPadMode::reflect ? shape[i] - 1 : shape[i];
      if (before > most || after > most) {
        throw Error(ErrorCode::data, "MIRROR_PAD: a padding is larger than the input");
      }
    }
    shape[i] = static_cast<int32_t>(shape[i] + before + after);
  }
  return {{input.dtype, shape}};
}

int version_pad(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::boolean) return 5;
  if (input.shape.size() > 4) return 4;
  return version_8_2_16_3(node);
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto amounts = node.input(1).elements<int32_t>();
  for (size_t i = 0; i < shape.size(); ++i) {
    region.dims[i] = needed_shifted(outputs[0].dims[i], shape[i], 1, -int64_t{amounts[2 * i]});
  }
  return region;
}

const QuantSpec kMoves = {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2};

}  // namespace

const OpDef& Pad::definition() {
  static const OpDef def = {
      .code = 34,
      .name = "PAD",
      .options_tag = 22,
      .make = make_op<Pad>,
      .infer = infer,
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
      .infer = infer,
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
                            .infer = infer,
                            .version = version_8_2_16_3,
                            .runtime_versions = {"1.13.1", "2.3.0", "2.12.0"},
                            .quant = kMoves};
  return def;
}

}  // namespace litesmith
