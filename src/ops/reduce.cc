#include "ops/reduce.h"

#include "base/error.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

template <class T>
std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const bool keep_dims = node.as<T>().keep_dims;
  if (node.input(1).dtype != DType::int32) refuse(node, "the axes are not int32");
  if (!node.input(1).is_constant()) {
    return {
        {input.dtype, keep_dims ? all_dynamic(input.shape.size()) : dynamic_of_stated_rank(node)}};
  }
  const auto reduced = with_context(node.op.def().name,
                                    [&] { return reduced_dimensions(input.shape, node.input(1)); });
  Shape shape;
  for (size_t i = 0; i < input.shape.size(); ++i) {
    if (!reduced[i]) {
      shape.push_back(input.shape[i]);
    } else if (keep_dims) {
      shape.push_back(1);
    }
  }
  return {{input.dtype, shape}};
}

template <class T>
Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  if (input != 0 || !node.input(1).is_constant()) return Region::all(shape);
  const auto reduced = reduced_dimensions(shape, node.input(1));
  Region region = Region::all(shape);
  size_t output = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!reduced[i]) region.dims[i] = outputs[0].dims[output++];
    if (reduced[i] && node.as<T>().keep_dims) ++output;
  }
  return region;
}

template <class T>
OpDef make_def(int32_t code, std::string_view name, int (*version)(const NodeView&),
               std::vector<std::string_view> runtime_versions, QuantSpec quant) {
  return {.code = code,
          .name = name,
          .options_tag = 27,
          .make = make_op<T>,
          .infer = infer<T>,
          .version = version,
          .runtime_versions = std::move(runtime_versions),
          .quant = std::move(quant),
          .needed = needed<T>};
}

}  // namespace

std::vector<bool> reduced_dimensions(const Shape& input, const Value& axes) {
  if (!axes.is_constant() || axes.dtype != DType::int32) {
    throw Error(ErrorCode::unsupported, "a reduction whose axes are no int32 constant");
  }
  std::vector<bool> reduced(input.size(), false);
  for (const int32_t axis : axes.elements<int32_t>()) {
    reduced[static_cast<size_t>(normalize_axis(axis, input.size()))] = true;
  }
  return reduced;
}

const OpDef& Mean::definition() {
  static const OpDef def =
      make_def<Mean>(40, "MEAN", version_8_2_16_3, {"1.6.0", "1.14.0", "2.4.0"},
                     {.int8 = true, .int16 = true, .version_int16 = 2});
  return def;
}

const OpDef& Sum::definition() {
  static const OpDef def = make_def<Sum>(74, "SUM", version_8_2, {"1.10.0", "1.15.0"},
                                         {.int8 = true, .int16 = true, .version_int16 = 2});
  return def;
}

const OpDef& ReduceMax::definition() {
  static const OpDef def =
      make_def<ReduceMax>(82, "REDUCE_MAX", version_8_2_16_3, {"1.11.0", "1.14.0", "2.5.0"},
                          {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2});
  return def;
}

const OpDef& ReduceMin::definition() {
  static const OpDef def =
      make_def<ReduceMin>(89, "REDUCE_MIN", version_8_2_16_3, {"1.11.0", "1.14.0", "2.5.0"},
                          {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2});
  return def;
}

const OpDef& ReduceAny::definition() {
  static const OpDef def = make_def<ReduceAny>(91, "REDUCE_ANY", version_1, {"1.11.0"}, {});
  return def;
}

const OpDef& ReduceAll::definition() {
  static const OpDef def = make_def<ReduceAll>(140, "REDUCE_ALL", version_1, {"2.6.0"}, {});
  return def;
}

}  // namespace litesmith
