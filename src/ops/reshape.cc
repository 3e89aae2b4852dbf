#include "ops/reshape.h"

#include <algorithm>

#include "base/error.h"
#include "ir/graph.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// Fills in the -1 of `target`, where the input's size is known.
Shape resolve(const Shape& input, Shape target) {
  int64_t known = 1;
  int32_t* unknown = nullptr;
  for (int32_t& dim : target) {
    if (dim == -1) {
      if (unknown != nullptr) throw Error(ErrorCode::data, "RESHAPE: two dimensions are -1");
      unknown = &dim;
    } else if (dim < 0 || __builtin_mul_overflow(known, int64_t{dim}, &known)) {
      throw Error(ErrorCode::data, "RESHAPE: no shape " + to_string(target));
    }
  }
  if (!is_static(input)) return target;
  const int64_t count = element_count(input);
  if (unknown != nullptr) {
    if (known == 0 || count % known != 0 || count / known > INT32_MAX) {
      throw Error(ErrorCode::data,
                  "RESHAPE: " + to_string(input) + " does not fill " + to_string(target));
    }
    *unknown = static_cast<int32_t>(count / known);
  } else if (count != known) {
    throw Error(ErrorCode::data,
                "RESHAPE: " + to_string(input) + " does not fill " + to_string(target));
  }
  return target;
}

std::vector<InferredOutput> infer_reshape(const NodeView& node) {
  const Value& input = node.input(0);
  const Value* shape = node.optional_input(1);
  if (shape == nullptr) {
    // Very old files wrote a scalar target as [0].
    Shape target = node.as<Reshape>().new_shape;
    if (target == Shape{0}) target.clear();
    return {{input.dtype, resolve(input.shape, target)}};
  }
  if (shape->is_constant()) {
    if (shape->dtype != DType::int32) {
      throw Error(ErrorCode::unsupported, "RESHAPE: the target shape is not int32");
    }
    const auto target = shape->elements<int32_t>();
    return {{input.dtype, resolve(input.shape, Shape(target.begin(), target.end()))}};
  }
  // A computed target: its rank is known, its sizes when the plan has folded it.
  if (shape->shape.size() != 1 || shape->shape[0] < 0 || shape->shape[0] > 16) {
    throw Error(ErrorCode::unsupported, "RESHAPE: a target of unknown rank");
  }
  return {{input.dtype, Shape(static_cast<size_t>(shape->shape[0]), kDynamic)}};
}

std::vector<InferredOutput> infer_squeeze(const NodeView& node) {
  const Value& input = node.input(0);
  std::vector<bool> drop(input.shape.size(), false);
  const auto& dims = node.as<Squeeze>().squeeze_dims;
  for (const int32_t dim : dims) {
    drop[static_cast<size_t>(normalize_axis(dim, input.shape.size()))] = true;
  }
  Shape shape;
  for (size_t i = 0; i < input.shape.size(); ++i) {
    if (drop[i] && input.shape[i] > 1) {
      throw Error(ErrorCode::data,
                  "SQUEEZE of a dimension that is not 1 in " + to_string(input.shape));
    }
    if (!drop[i] && !(dims.empty() && input.shape[i] == 1)) shape.push_back(input.shape[i]);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_expand_dims(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& axis = node.input(1);
  if (!axis.is_constant() || axis.dtype != DType::int32 || axis.data->size() != 4) {
    throw Error(ErrorCode::unsupported, "EXPAND_DIMS whose axis is no int32 constant");
  }
  Shape shape = input.shape;
  shape.insert(shape.begin() + normalize_axis(axis.elements<int32_t>()[0], shape.size() + 1), 1);
  return {{input.dtype, shape}};
}

// Dimensions of 1 come and go; where the others stay in their order, so do their elements.
Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0 || outputs[0].is_all()) return region;
  size_t from = 0;
  for (const IndexSet& wanted : outputs[0].dims) {
    if (wanted.size() == 1) continue;
    while (from < shape.size() && shape[from] == 1) ++from;
    if (from == shape.size() || shape[from] != wanted.size()) return Region::all(shape);
    region.dims[from++] = wanted;
  }
  return region;
}

int version_squeeze(const NodeView& node) { return has_dtype(node, 0, DType::string) ? 2 : 1; }

const QuantSpec kMoves = {.int8 = true, .int16 = true, .same_scale = true};

}  // namespace

const OpDef& Reshape::definition() {
  static const OpDef def = {.code = 22,
                            .name = "RESHAPE",
                            .options_tag = 17,
                            .make = make_op<Reshape>,
                            .infer = infer_reshape,
                            .version = version_1,
                            .runtime_versions = {"1.5.0"},
                            .quant = kMoves,
                            .needed = needed};
  return def;
}

const OpDef& Squeeze::definition() {
  static const OpDef def = {.code = 43,
                            .name = "SQUEEZE",
                            .options_tag = 30,
                            .make = make_op<Squeeze>,
                            .infer = infer_squeeze,
                            .version = version_squeeze,
                            .runtime_versions = {"1.6.0", "2.5.0"},
                            .quant = kMoves,
                            .needed = needed};
  return def;
}

const OpDef& ExpandDims::definition() {
  static const OpDef def = {.code = 70,
                            .name = "EXPAND_DIMS",
                            .options_tag = 52,
                            .make = make_op<ExpandDims>,
                            .infer = infer_expand_dims,
                            .version = version_1,
                            .runtime_versions = {"1.10.0"},
                            .quant = kMoves,
                            .needed = needed};
  return def;
}

}  // namespace litesmith
