#include "ops/slice.h"

#include <algorithm>
#include <cstddef>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_slice(const NodeView& node) {
  require_operands(node, 3, 3);
  const Value& input = node.input(0);
  const auto begin = known_integers(node, 1);
  const auto size = known_integers(node, 2);
  const size_t rank = input.shape.size();
  if ((begin && begin->size() != rank) || (size && size->size() != rank)) {
    refuse(node, "begin and size do not fit an input " + to_string(input.shape));
  }
  Shape shape = all_dynamic(rank);
  for (size_t i = 0; i < rank; ++i) {
    // A size of -1 stands for the rest, which needs both ends.
    const bool is_rest = size && (*size)[i] == -1;
    if (size && !is_rest) shape[i] = to_dimension(node, (*size)[i]);
    if (!begin) continue;
    const int64_t from = to_dimension(node, (*begin)[i]);
    if (input.shape[i] < 0) continue;
    if (is_rest) shape[i] = to_dimension(node, input.shape[i] - from);
    if (from + std::max(shape[i], 0) > input.shape[i]) {
      refuse(node,
             "it reaches outside dimension " + std::to_string(i) + " of " + to_string(input.shape));
    }
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_split(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(1);
  const int32_t parts = node.as<Split>().num_splits;
  require_outputs(node, parts);
  const auto axis_operand = known_integer(node, 0);
  Shape shape = all_dynamic(input.shape.size());
  if (axis_operand) {
    const size_t axis = axis_of(node, *axis_operand, input.shape.size());
    shape = input.shape;
    if (parts < 1 || (shape[axis] >= 0 && shape[axis] % parts != 0)) {
      refuse(node, to_string(shape) + " has no " + std::to_string(parts) + " equal parts");
    }
    if (shape[axis] >= 0) shape[axis] /= parts;
  }
  return std::vector<InferredOutput>(static_cast<size_t>(parts), {input.dtype, shape});
}

// The sizes along the axis, the one -1 among them filled in where the total is known.
std::vector<int32_t> part_sizes(const NodeView& node, int32_t total) {
  const auto stated = known_integers(node, 1);
  if (!stated)
    return std::vector<int32_t>(static_cast<size_t>(node.as<SplitV>().num_splits), kDynamic);
  std::vector<int32_t> sizes;
  int64_t known = 0;
  int32_t* rest = nullptr;
  sizes.reserve(stated->size());
  for (const int64_t size : *stated) {
    if (size == -1) {
      if (rest != nullptr) refuse(node, "two sizes are -1");
      rest = &sizes.emplace_back(kDynamic);
    } else {
      known += sizes.emplace_back(to_dimension(node, size));
    }
  }
  if (total < 0) return sizes;
  if (known > total || (rest == nullptr && known != total)) {
    refuse(node, "the sizes do not fill a dimension of " + std::to_string(total));
  }
  if (rest != nullptr) *rest = static_cast<int32_t>(total - known);
  return sizes;
}

std::vector<InferredOutput> infer_split_v(const NodeView& node) {
  require_operands(node, 3, 3);
  const Value& input = node.input(0);
  const int32_t parts = node.as<SplitV>().num_splits;
  require_outputs(node, parts);
  if (const Shape& sizes = node.input(1).shape;
      sizes.size() != 1 || (sizes[0] >= 0 && sizes[0] != parts)) {
    refuse(node, "sizes " + to_string(sizes) + " do not fit " + std::to_string(parts) + " parts");
  }
  const auto axis_operand = known_integer(node, 2);
  if (!axis_operand) {
    return std::vector<InferredOutput>(static_cast<size_t>(parts),
                                       {input.dtype, all_dynamic(input.shape.size())});
  }
  const size_t axis = axis_of(node, *axis_operand, input.shape.size());
  std::vector<InferredOutput> outputs;
  for (const int32_t size : part_sizes(node, input.shape[axis])) {
    outputs.push_back({input.dtype, input.shape});
    outputs.back().shape[axis] = size;
  }
  return outputs;
}

std::vector<InferredOutput> infer_gather(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& params = node.input(0);
  const Value& indices = node.input(1);
  const auto& op = node.as<Gather>();
  const auto axis = static_cast<std::ptrdiff_t>(axis_of(node, op.axis, params.shape.size()));
  const auto rank = static_cast<int64_t>(indices.shape.size());
  const int64_t batch_dims = op.batch_dims < 0 ? op.batch_dims + rank : op.batch_dims;
  if (batch_dims < 0 || batch_dims > axis || batch_dims > rank) {
    refuse(node, "batch_dims " + std::to_string(op.batch_dims) + " does not fit indices " +
                     to_string(indices.shape) + " and axis " + std::to_string(axis));
  }
  // The batch dimensions are those of both operands.
  const auto batch = merged(Shape(params.shape.begin(), params.shape.begin() + batch_dims),
                            Shape(indices.shape.begin(), indices.shape.begin() + batch_dims));
  if (!batch) {
    refuse(node, "the batches of " + to_string(params.shape) + " and " + to_string(indices.shape) +
                     " differ");
  }
  Shape shape = *batch;
  shape.insert(shape.end(), params.shape.begin() + batch_dims, params.shape.begin() + axis);
  shape.insert(shape.end(), indices.shape.begin() + batch_dims, indices.shape.end());
  shape.insert(shape.end(), params.shape.begin() + axis + 1, params.shape.end());
  return {{params.dtype, shape}};
}

int version_slice(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.dtype == DType::float16) return 8;
  if (input.dtype == DType::int4) return 7;
  if (input.dtype == DType::uint32) return 6;
  if (input.shape.size() > 4) return 5;
  if (input.dtype == DType::int16) return 4;
  return input.dtype == DType::string ? 3 : version_8_2(node);
}

int version_split(const NodeView& node) {
  if (is_float8(node, 1)) return 5;
  switch (node.input(1).dtype) {
    case DType::int16:
      return 4;
    case DType::int32:
      return 3;
    case DType::int8:
      return 2;
    default:
      return 1;
  }
}

int version_split_v(const NodeView& node) { return is_float8(node, 0) ? 3 : version_8_2(node); }

int version_gather(const NodeView& node) {
  if (is_float8(node, 0)) return 8;
  if (has_dtype(node, 0, DType::int4)) return 7;
  if (has_dtype(node, 1, DType::int16)) return 6;
  if (node.as<Gather>().batch_dims != 0) return 5;
  if (has_dtype(node, 0, DType::int16)) return 4;
  return has_dtype(node, 0, DType::boolean) ? 3 : version_8_2(node);
}

QuantSpec moves(int version_int16) {
  return {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = version_int16};
}

Region needed_slice(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto begin = known_integers(node, 1);
  for (size_t i = 0; begin && i < shape.size(); ++i) {
    region.dims[i] = needed_shifted(outputs[0].dims[i], shape[i], 1, (*begin)[i]);
  }
  return region;
}

}  // namespace

const OpDef& Slice::definition() {
  static const OpDef def = {.code = 65,
                            .name = "SLICE",
                            .options_tag = 48,
                            .make = make_op<Slice>,
                            .infer = infer_slice,
                            .version = version_slice,
                            .runtime_versions = {"1.14.0", "1.14.0", "1.14.0", "2.4.0", "2.5.0",
                                                 "2.14.0", "2.21.0", "2.23.0"},
                            .quant = moves(2),
                            .needed = needed_slice};
  return def;
}

const OpDef& Split::definition() {
  static const OpDef def = {.code = 49,
                            .name = "SPLIT",
                            .options_tag = 35,
                            .make = make_op<Split>,
                            .infer = infer_split,
                            .version = version_split,
                            .runtime_versions = {"1.5.0", "1.14.0", "1.14.0", "2.3.0", "2.23.0"},
                            .quant = moves(2)};
  return def;
}

const OpDef& SplitV::definition() {
  static const OpDef def = {.code = 102,
                            .name = "SPLIT_V",
                            .options_tag = 79,
                            .make = make_op<SplitV>,
                            .infer = infer_split_v,
                            .version = version_split_v,
                            .runtime_versions = {"1.13.1", "2.3.0", "2.23.0"},
                            .quant = moves(2)};
  return def;
}

const OpDef& Gather::definition() {
  static const OpDef def = {.code = 36,
                            .name = "GATHER",
                            .options_tag = 23,
                            .make = make_op<Gather>,
                            .infer = infer_gather,
                            .version = version_gather,
                            .runtime_versions = {"1.6.0", "1.14.0", "1.15.0", "2.4.0", "2.5.0",
                                                 "2.13.0", "2.15.0", "2.23.0"},
                            .quant = moves(2)};
  return def;
}

}  // namespace litesmith
