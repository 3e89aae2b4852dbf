#include "ops/unary.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

template <class T>
OpDef make_def(int32_t code, std::string_view name, uint8_t options_tag,
               int (*version)(const NodeView&), std::vector<std::string_view> runtime_versions,
               QuantSpec quant) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer_like_input,
          .version = version,
          .runtime_versions = std::move(runtime_versions),
          .quant = std::move(quant),
          .needed = needed_same_place};
}

int version_abs(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::int32) return 5;
  if (input.dtype == DType::int16) return input.quantization.present() ? 3 : 4;
  return input.dtype == DType::int8 || input.dtype == DType::uint8 ? 2 : 1;
}

int version_relu(const NodeView& node) {
  return has_dtype(node, 0, DType::uint8) ? 2 : version_8_2_16_3(node);
}

int version_float16_2(const NodeView& node) { return has_dtype(node, 0, DType::float16) ? 2 : 1; }

int version_sign(const NodeView& node) { return has_dtype(node, 0, DType::int32) ? 2 : 1; }

const QuantSpec kBoth = {.int8 = true, .int16 = true, .version_int16 = 2};
const FixedScale kUnitInt8 = {1.0f / 256, -128};
const FixedScale kUnitInt16 = {1.0f / 32768, 0};

}  // namespace

const OpDef& Relu::definition() {
  static const OpDef def =
      make_def<Relu>(19, "RELU", 0, version_relu, {"1.5.0", "2.1.0", "2.5.0"}, kBoth);
  return def;
}

const OpDef& Relu6::definition() {
  static const OpDef def =
      make_def<Relu6>(21, "RELU6", 0, version_8_2_16_3, {"1.5.0", "1.14.0", "2.5.0"}, kBoth);
  return def;
}

const OpDef& ReluN1To1::definition() {
  static const OpDef def =
      make_def<ReluN1To1>(20, "RELU_N1_TO_1", 0, version_1, {"1.5.0"}, {.int8 = true});
  return def;
}

const OpDef& Relu0To1::definition() {
  static const OpDef def =
      make_def<Relu0To1>(152, "RELU_0_TO_1", 0, version_1, {"2.10.0"}, {.int8 = true});
  return def;
}

const OpDef& Logistic::definition() {
  static const OpDef def =
      make_def<Logistic>(14, "LOGISTIC", 0, version_8_2_16_3, {"1.14.0", "1.14.0", "2.3.0"},
                         {.int8 = true,
                          .int16 = true,
                          .fixed_int8 = kUnitInt8,
                          .fixed_int16 = kUnitInt16,
                          .version_int16 = 2});
  return def;
}

const OpDef& Tanh::definition() {
  static const OpDef def =
      make_def<Tanh>(28, "TANH", 0, version_8_2_16_3, {"1.14.0", "1.14.0", "2.3.0"},
                     {.int8 = true,
                      .int16 = true,
                      .fixed_int8 = {{1.0f / 128, 0}},
                      .fixed_int16 = kUnitInt16,
                      .version_int16 = 2});
  return def;
}

const OpDef& Elu::definition() {
  static const OpDef def = make_def<Elu>(111, "ELU", 0, version_1, {"1.14.0"}, {});
  return def;
}

const OpDef& HardSwish::definition() {
  static const OpDef def =
      make_def<HardSwish>(117, "HARD_SWISH", 91, version_1, {"1.15.0"}, {.int8 = true});
  return def;
}

const OpDef& Exp::definition() {
  static const OpDef def = make_def<Exp>(47, "EXP", 33, version_8_16_2, {"1.7.0", "2.12.0"}, kBoth);
  return def;
}

const OpDef& Log::definition() {
  static const OpDef def = make_def<Log>(73, "LOG", 0, version_8_16_2, {"1.14.0", "2.15.0"}, kBoth);
  return def;
}

const OpDef& Sqrt::definition() {
  static const OpDef def =
      make_def<Sqrt>(75, "SQRT", 0, version_8_16_2, {"1.10.0", "2.21.0"}, {.int8 = true});
  return def;
}

const OpDef& Rsqrt::definition() {
  static const OpDef def =
      make_def<Rsqrt>(76, "RSQRT", 0, version_8_2_16_3, {"1.10.0", "2.5.0", "2.15.0"}, kBoth);
  return def;
}

const OpDef& Abs::definition() {
  static const OpDef def = make_def<Abs>(101, "ABS", 78, version_abs,
                                         {"1.13.0", "2.4.0", "2.5.0", "2.6.0", "2.12.0"}, kBoth);
  return def;
}

const OpDef& Neg::definition() {
  static const OpDef def = make_def<Neg>(59, "NEG", 42, version_1, {"1.9.0"}, {});
  return def;
}

const OpDef& Square::definition() {
  static const OpDef def = make_def<Square>(92, "SQUARE", 66, version_1, {"1.12.0"}, {});
  return def;
}

const OpDef& Floor::definition() {
  static const OpDef def = make_def<Floor>(8, "FLOOR", 0, version_1, {"1.9.0"}, {});
  return def;
}

const OpDef& Ceil::definition() {
  static const OpDef def = make_def<Ceil>(104, "CEIL", 0, version_1, {"1.14.0"}, {});
  return def;
}

const OpDef& Round::definition() {
  static const OpDef def = make_def<Round>(116, "ROUND", 0, version_1, {"1.14.0"}, {});
  return def;
}

const OpDef& Sign::definition() {
  static const OpDef def = make_def<Sign>(158, "SIGN", 123, version_sign, {"2.11.0", "2.12.0"}, {});
  return def;
}

const OpDef& Sin::definition() {
  static const OpDef def = make_def<Sin>(66, "SIN", 0, version_float16_2, {"1.9.0", "2.23.0"}, {});
  return def;
}

const OpDef& Cos::definition() {
  static const OpDef def =
      make_def<Cos>(108, "COS", 84, version_float16_2, {"1.14.0", "2.23.0"}, {});
  return def;
}

}  // namespace litesmith
