#include "ops/binary.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const Shape shape = broadcast_operands(node);
  return {{node.input(0).dtype, shape}};
}

int version_add(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::float16) return 6;
  if (input.dtype == DType::int16 && !input.quantization.present()) return 5;
  if (input.dtype == DType::int64) return 4;
  if (input.dtype == DType::int16 && !node.as<Add>().pot_scale_int16) return 3;
  return version_8_2(node);
}

int version_sub(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::int16 && !node.as<Sub>().pot_scale_int16) return 5;
  if (input.dtype == DType::int64) return 4;
  return broadcasts_beyond_rank_4(node) ? 3 : version_8_2(node);
}

// True when the product must be scaled up to the output's scale.
bool rescales_by_one_or_more(const NodeView& node) {
  const Quantization& a = node.input(0).quantization;
  const Quantization& b = node.input(1).quantization;
  const Quantization& output = node.outputs.at(0)->quantization;
  if (!a.present() || !b.present() || !output.present()) return false;
  if (a.scale[0] == 0 || b.scale[0] == 0 || output.scale[0] == 0) return false;
  return a.scale[0] * b.scale[0] / output.scale[0] >= 1.0f;
}

int version_mul(const NodeView& node) {
  const Value& a = node.input(0);
  const bool quantized = a.quantization.present() || node.input(1).quantization.present();
  if (a.dtype == DType::float16) return 8;
  if ((a.dtype == DType::int16 && !quantized) || a.dtype == DType::uint32) return 7;
  if (a.dtype == DType::complex64) return 6;
  if (a.dtype == DType::int64) return 5;
  if (a.dtype == DType::int16) return 4;
  return rescales_by_one_or_more(node) ? 3 : version_8_2(node);
}

int version_div(const NodeView& node) { return broadcasts_beyond_rank_4(node) ? 2 : 1; }

int version_extremum(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 4;
  return broadcasts_beyond_rank_4(node) ? 3 : version_8_2(node);
}

template <class T>
OpDef make_def(int32_t code, std::string_view name, uint8_t options_tag,
               int (*version)(const NodeView&), std::vector<std::string_view> runtime_versions,
               QuantSpec quant) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer,
          .version = version,
          .runtime_versions = std::move(runtime_versions),
          .quant = std::move(quant),
          .needed = needed_same_place};
}

template <class T>
Activation* fused(Op& op) {
  return &static_cast<T&>(op).activation;
}

template <class T>
void no_powers_of_two(Op& op) {
  static_cast<T&>(op).pot_scale_int16 = false;
}

}  // namespace

const OpDef& Add::definition() {
  static const OpDef def = [] {
    OpDef result = make_def<Add>(0, "ADD", 11, version_add,
                                 {"1.5.0", "1.14.0", "2.4.0", "2.6.0", "2.13.0", "2.23.0"},
                                 {.int8 = true, .int16 = true, .version_int16 = 2});
    result.activation = fused<Add>;
    result.in_place = InPlace::over_either_operand;
    result.prepare_int16 = no_powers_of_two<Add>;
    return result;
  }();
  return def;
}

const OpDef& Sub::definition() {
  static const OpDef def = [] {
    OpDef result =
        make_def<Sub>(41, "SUB", 28, version_sub, {"1.6.0", "1.14.0", "2.3.0", "2.4.0", "2.4.0"},
                      {.int8 = true, .int16 = true, .version_int16 = 2});
    result.activation = fused<Sub>;
    result.in_place = InPlace::over_either_operand;
    result.prepare_int16 = no_powers_of_two<Sub>;
    return result;
  }();
  return def;
}

const OpDef& Mul::definition() {
  static const OpDef def = [] {
    OpDef result =
        make_def<Mul>(18, "MUL", 21, version_mul,
                      {"1.5.0", "1.14.0", "1.15.0", "2.3.0", "2.6.0", "2.11.0", "2.13.0", "2.23.0"},
                      {.int8 = true, .int16 = true, .version_int16 = 2});
    result.activation = fused<Mul>;
    result.in_place = InPlace::over_either_operand;
    return result;
  }();
  return def;
}

const OpDef& Div::definition() {
  static const OpDef def = [] {
    OpDef result = make_def<Div>(42, "DIV", 29, version_div, {"1.6.0", "2.3.0"}, {.int8 = true});
    result.activation = fused<Div>;
    result.in_place = InPlace::over_either_operand;
    return result;
  }();
  return def;
}

const OpDef& Maximum::definition() {
  static const OpDef def =
      make_def<Maximum>(55, "MAXIMUM", 39, version_extremum, {"1.14.0", "1.14.0", "2.3.0", "2.3.0"},
                        {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2});
  return def;
}

const OpDef& Minimum::definition() {
  static const OpDef def =
      make_def<Minimum>(57, "MINIMUM", 39, version_extremum, {"1.14.0", "1.14.0", "2.3.0", "2.3.0"},
                        {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2});
  return def;
}

const OpDef& SquaredDifference::definition() {
  static const OpDef def =
      make_def<SquaredDifference>(99, "SQUARED_DIFFERENCE", 76, version_8_2, {"1.13.1", "2.5.0"},
                                  {.int8 = true, .int16 = true, .version_int16 = 2});
  return def;
}

}  // namespace litesmith
