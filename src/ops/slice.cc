#include "ops/slice.h"

#include <algorithm>

#include "base/error.h"
#include "ir/graph.h"
#include "ops/constant_operand.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

[[noreturn]] void refuse(const NodeView& node, const std::string& why) {
  throw Error(ErrorCode::data, std::string(node.op.def().name) + ": " + why);
}

std::vector<InferredOutput> infer_slice(const NodeView& node) {
  const Value& input = node.input(0);
  const auto begin = constant_int32(node, 1);
  const auto size = constant_int32(node, 2);
  if (begin.size() != input.shape.size() || size.size() != input.shape.size()) {
    refuse(node, "begin and size do not fit " + to_string(input.shape));
  }
  Shape shape = input.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (begin[i] < 0 || size[i] < -1) refuse(node, "a begin or size is negative");
    if (shape[i] < 0) {
      shape[i] = size[i];
      continue;
    }
    const int64_t count = size[i] == -1 ? int64_t{shape[i]} - begin[i] : size[i];
    if (count < 0 || begin[i] + count > shape[i]) {
      refuse(node, "it reaches outside " + to_string(input.shape));
    }
    shape[i] = static_cast<int32_t>(count);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_strided_slice(const NodeView& node) {
  const Value& input = node.input(0);
  const auto& op = node.as<StridedSlice>();
  const auto begin = constant_int32(node, 1);
  const auto end = constant_int32(node, 2);
  const auto strides = constant_int32(node, 3);
  // A dynamic dimension may pass only whole.
  Shape probe = input.shape;
  for (size_t i = 0; i < probe.size(); ++i) {
    if (probe[i] >= 0) continue;
    const int32_t bit = static_cast<int32_t>(1u << i);
    const bool whole = i >= begin.size() ||
                       ((op.begin_mask & bit) != 0 && (op.end_mask & bit) != 0 && strides[i] == 1);
    if (!whole) refuse(node, "it cuts a dimension whose size is not known");
  }
  const auto ranges = strided_slice_ranges(op, with_dynamic_as(probe, 1), begin, end, strides);
  Shape shape;
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].shrink) continue;
    shape.push_back(probe[i] < 0 ? kDynamic : ranges[i].count);
  }
  return {{input.dtype, shape}};
}

std::vector<InferredOutput> infer_split(const NodeView& node) {
  const Value& input = node.input(1);
  const int32_t parts = node.as<Split>().num_splits;
  const auto axis_operand = constant_int32(node, 0);
  if (axis_operand.size() != 1) refuse(node, "the axis is no scalar");
  const auto axis = static_cast<size_t>(normalize_axis(axis_operand[0], input.shape.size()));
  Shape shape = input.shape;
  if (parts < 1 || parts > 4096 || shape[axis] < 0 || shape[axis] % parts != 0) {
    refuse(node, to_string(shape) + " has no " + std::to_string(parts) + " equal parts");
  }
  shape[axis] /= parts;
  return std::vector<InferredOutput>(static_cast<size_t>(parts), {input.dtype, shape});
}

std::vector<InferredOutput> infer_split_v(const NodeView& node) {
  const Value& input = node.input(0);
  const auto sizes = constant_int32(node, 1);
  const auto axis_operand = constant_int32(node, 2);
  if (axis_operand.size() != 1) refuse(node, "the axis is no scalar");
  const auto axis = static_cast<size_t>(normalize_axis(axis_operand[0], input.shape.size()));
  int64_t known = 0;
  int unknown = 0;
  for (const int32_t size : sizes) {
    if (size < -1) refuse(node, "a size is negative");
    if (size == -1) {
      ++unknown;
    } else {
      known += size;
    }
  }
  const int64_t total = input.shape[axis];
  if (total < 0 || unknown > 1 || known > total || (unknown == 0 && known != total)) {
    refuse(node, "the sizes do not fill " + to_string(input.shape));
  }
  std::vector<InferredOutput> outputs;
  for (const int32_t size : sizes) {
    Shape shape = input.shape;
    shape[axis] = static_cast<int32_t>(size == -1 ? total - known : size);
    outputs.push_back({input.dtype, shape});
  }
  return outputs;
}

std::vector<InferredOutput> infer_gather(const NodeView& node) {
  const Value& params = node.input(0);
  const Value& indices = node.input(1);
  const auto& op = node.as<Gather>();
  const int axis = normalize_axis(op.axis, params.shape.size());
  if (op.batch_dims < 0 || op.batch_dims > axis ||
      static_cast<size_t>(op.batch_dims) > indices.shape.size()) {
    refuse(node, "batch_dims does not fit");
  }
  Shape shape(params.shape.begin(), params.shape.begin() + axis);
  shape.insert(shape.end(), indices.shape.begin() + op.batch_dims, indices.shape.end());
  shape.insert(shape.end(), params.shape.begin() + axis + 1, params.shape.end());
  return {{params.dtype, shape}};
}

int version_slice(const NodeView& node) {
  const Value& input = node.input(0);
  if (input.shape.size() > 4) return 5;
  if (input.dtype == DType::int16) return 4;
  return version_8_2(node);
}

int version_strided_slice(const NodeView& node) {
  const auto& op = node.as<StridedSlice>();
  const Value& input = node.input(0);
  if (op.offset) return 8;
  if (op.ellipsis_mask != 0 || op.new_axis_mask != 0) return 6;
  if (input.shape.size() > 4) return 4;
  if (input.dtype == DType::boolean) return 3;
  return version_8_2(node);
}

int version_split(const NodeView& node) {
  const Value& input = node.input(1);
  if (input.dtype == DType::int16) return 4;
  if (input.dtype == DType::int32) return 3;
  return input.dtype == DType::int8 ? 2 : 1;
}

int version_gather(const NodeView& node) {
  if (has_dtype(node, 1, DType::int16)) return 6;
  if (node.as<Gather>().batch_dims != 0) return 5;
  if (has_dtype(node, 0, DType::int16)) return 4;
  return has_dtype(node, 0, DType::boolean) ? 3 : version_8_2(node);
}

Region needed_slice(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto begin = constant_int32(node, 1);
  for (size_t i = 0; i < shape.size(); ++i) {
    region.dims[i] = needed_shifted(outputs[0].dims[i], shape[i], 1, begin[i]);
  }
  return region;
}

Region needed_strided_slice(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto ranges = strided_slice_ranges(node.as<StridedSlice>(), with_dynamic_as(shape, 1),
                                           constant_int32(node, 1), constant_int32(node, 2),
                                           constant_int32(node, 3));
  size_t output = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (ranges[i].shrink) {
      region.dims[i] = IndexSet::none(shape[i]);
      region.dims[i].add(ranges[i].start);
    } else {
      region.dims[i] =
          needed_shifted(outputs[0].dims[output++], shape[i], ranges[i].stride, ranges[i].start);
    }
  }
  return region;
}

QuantSpec moves(int version_int16) {
  return {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = version_int16};
}

}  // namespace

std::vector<SliceRange> strided_slice_ranges(const StridedSlice& op, const Shape& input,
                                             std::span<const int32_t> begin,
                                             std::span<const int32_t> end,
                                             std::span<const int32_t> strides) {
  if (op.ellipsis_mask != 0 || op.new_axis_mask != 0) {
    throw Error(ErrorCode::unsupported, "STRIDED_SLICE with an ellipsis or a new axis");
  }
  if (begin.size() != end.size() || begin.size() != strides.size() || begin.size() > input.size() ||
      begin.size() > 31) {
    throw Error(ErrorCode::data, "STRIDED_SLICE: begin, end and strides do not fit");
  }
  std::vector<SliceRange> ranges;
  for (size_t i = 0; i < input.size(); ++i) {
    const int64_t size = input[i];
    if (i >= begin.size()) {
      ranges.push_back({0, 1, input[i], false});
      continue;
    }
    const int32_t bit = static_cast<int32_t>(1u << i);
    const int64_t stride = strides[i];
    if (stride == 0) throw Error(ErrorCode::data, "STRIDED_SLICE: a stride is zero");
    const int64_t lowest = stride > 0 ? 0 : -1;
    const int64_t highest = stride > 0 ? size : size - 1;
    auto clamp = [&](int64_t index) {
      return std::clamp(index < 0 ? index + size : index, lowest, highest);
    };
    if ((op.shrink_axis_mask & bit) != 0) {
      const int64_t index = begin[i] < 0 ? begin[i] + size : begin[i];
      if (index < 0 || index >= size) {
        throw Error(ErrorCode::data, "STRIDED_SLICE: an index is outside " + to_string(input));
      }
      ranges.push_back({static_cast<int32_t>(index), 1, 1, true});
      continue;
    }
    const int64_t from = (op.begin_mask & bit) != 0 ? (stride > 0 ? 0 : size - 1) : clamp(begin[i]);
    const int64_t stated = op.offset ? int64_t{begin[i]} + end[i] : int64_t{end[i]};
    const int64_t to = (op.end_mask & bit) != 0 ? (stride > 0 ? size : -1) : clamp(stated);
    const int64_t span = stride > 0 ? to - from : from - to;
    const int64_t step = stride > 0 ? stride : -stride;
    const int64_t count = span > 0 ? (span + step - 1) / step : 0;
    ranges.push_back({static_cast<int32_t>(from), static_cast<int32_t>(stride),
                      static_cast<int32_t>(count), false});
  }
  return ranges;
}

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

const OpDef& StridedSlice::definition() {
  static const OpDef def = {.code = 45,
                            .name = "STRIDED_SLICE",
                            .options_tag = 32,
                            .make = make_op<StridedSlice>,
                            .infer = infer_strided_slice,
                            .version = version_strided_slice,
                            .runtime_versions = {"1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0",
                                                 "2.6.0", "2.14.0", "2.14.0"},
                            .quant = moves(2),
                            .needed = needed_strided_slice};
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
                            .version = version_8_2,
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
