// STRIDED_SLICE: NumPy's slicing, given as three vectors and five bit sets.
//
// The entries of the vectors stand for dimensions from the first on, with two exceptions told by
// masks: a new axis is a dimension of 1 that the input does not have, an ellipsis stands for as
// many whole dimensions as are left. What follows the last entry is whole.
#include <algorithm>
#include <optional>

#include "base/error.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/slice.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

constexpr size_t kMostEntries = 31;  // the masks are 32 bits, one of them a sign

bool has_bit(int32_t mask, size_t i) { return (static_cast<uint32_t>(mask) >> i & 1u) != 0; }

// What becomes of one dimension: an entry of the vectors says it, or it is whole.
struct Dimension {
  std::optional<size_t> entry = std::nullopt;
  bool new_axis = false;
};

// One Dimension for each of the input's and each new axis, in the order of the result.
std::vector<Dimension> dimensions_of(const StridedSlice& op, size_t rank, size_t entries) {
  auto refuse_entries = [&](const std::string& why) {
    throw Error(ErrorCode::data, "STRIDED_SLICE: " + why);
  };
  if (entries > kMostEntries) refuse_entries("more than 31 dimensions are cut");
  size_t taken = 0;  // dimensions of the input that entries name
  size_t ellipses = 0;
  for (size_t i = 0; i < entries; ++i) {
    if (has_bit(op.ellipsis_mask, i)) {
      ++ellipses;
    } else if (!has_bit(op.new_axis_mask, i)) {
      ++taken;
    }
  }
  if (ellipses > 1) refuse_entries("there is more than one ellipsis");
  if (taken > rank) {
    refuse_entries(std::to_string(taken) + " dimensions are cut, but the input has " +
                   std::to_string(rank));
  }
  std::vector<Dimension> dimensions;
  for (size_t i = 0; i < entries; ++i) {
    if (has_bit(op.ellipsis_mask, i)) {
      dimensions.resize(dimensions.size() + rank - taken);
    } else if (has_bit(op.new_axis_mask, i)) {
      dimensions.push_back({.new_axis = true});
    } else {
      dimensions.push_back({.entry = i});
    }
  }
  if (ellipses == 0) dimensions.resize(dimensions.size() + rank - taken);
  return dimensions;
}

// The elements that entry `i` takes from a dimension of `size`.
SliceRange range_of(const StridedSlice& op, size_t i, int32_t size, int32_t begin, int32_t end,
                    int32_t stride) {
  if (stride == 0) throw Error(ErrorCode::data, "STRIDED_SLICE: a stride is zero");
  const int64_t n = size;
  if (has_bit(op.shrink_axis_mask, i)) {
    const int64_t index = has_bit(op.begin_mask, i) ? 0 : begin < 0 ? begin + n : begin;
    if (index < 0 || index >= n) {
      throw Error(ErrorCode::data, "STRIDED_SLICE: index " + std::to_string(begin) +
                                       " is outside a dimension of " + std::to_string(size));
    }
    return {.start = static_cast<int32_t>(index), .stride = 1, .count = 1, .shrink = true};
  }
  const bool forward = stride > 0;
  auto clamped = [&](int64_t index) {
    if (index < 0) index += n;
    return forward ? std::clamp<int64_t>(index, 0, n) : std::clamp<int64_t>(index, -1, n - 1);
  };
  int64_t from = clamped(begin);
  if (has_bit(op.begin_mask, i)) from = forward ? 0 : n - 1;
  int64_t to = clamped(op.offset ? from + end : end);
  if (has_bit(op.end_mask, i)) to = forward ? n : -1;
  const int64_t span = forward ? to - from : from - to;
  const int64_t step = forward ? int64_t{stride} : -int64_t{stride};
  const int64_t count = span > 0 ? (span + step - 1) / step : 0;
  // Nothing is taken, so it may as well begin where the dimension does.
  if (count == 0) return {.start = 0, .stride = stride, .count = 0};
  return {
      .start = static_cast<int32_t>(from), .stride = stride, .count = static_cast<int32_t>(count)};
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 4, 4);
  const Value& input = node.input(0);
  const auto& op = node.as<StridedSlice>();
  std::vector<std::optional<std::vector<int64_t>>> vectors;
  bool all_known = true;
  for (size_t operand = 1; operand <= 3; ++operand) {
    const Value& vector = node.input(operand);
    if (vector.dtype != DType::int32 || vector.shape.size() != 1 ||
        vector.shape != node.input(1).shape) {
      refuse(node, "begin, end and strides are int32 vectors of one length");
    }
    vectors.push_back(known_integers(node, operand));
    all_known &= vectors.back().has_value();
  }
  if (node.input(1).shape[0] < 0) return {{input.dtype, dynamic_of_stated_rank(node)}};
  const auto entries = static_cast<size_t>(node.input(1).shape[0]);

  Shape shape;
  size_t from = 0;
  for (const Dimension& dimension : dimensions_of(op, input.shape.size(), entries)) {
    if (dimension.new_axis) {
      shape.push_back(1);
      continue;
    }
    const int32_t size = input.shape[from++];
    if (!dimension.entry) {
      shape.push_back(size);
      continue;
    }
    const size_t i = *dimension.entry;
    if (!all_known || size < 0) {
      if (!has_bit(op.shrink_axis_mask, i)) shape.push_back(kDynamic);
      continue;
    }
    const auto element = [&](size_t v) { return static_cast<int32_t>((*vectors[v])[i]); };
    const SliceRange range = range_of(op, i, size, element(0), element(1), element(2));
    if (!range.shrink) shape.push_back(range.count);
  }
  return {{input.dtype, shape}};
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  Region region = Region::all(shape);
  if (input != 0) return region;
  const auto begin = known_integers(node, 1);
  const auto end = known_integers(node, 2);
  const auto strides = known_integers(node, 3);
  if (!begin || !end || !strides) return region;
  const auto& op = node.as<StridedSlice>();
  size_t from = 0;
  size_t output = 0;
  for (const Dimension& dimension : dimensions_of(op, shape.size(), begin->size())) {
    if (dimension.new_axis) {
      ++output;
      continue;
    }
    IndexSet& needed = region.dims[from];
    const int32_t size = shape[from++];
    if (!dimension.entry) {
      needed = outputs[0].dims[output++];
      continue;
    }
    const size_t i = *dimension.entry;
    const bool shrinks = has_bit(op.shrink_axis_mask, i);
    if (size >= 0) {
      const auto at = [&](const auto& vector) { return static_cast<int32_t>((*vector)[i]); };
      const SliceRange range = range_of(op, i, size, at(begin), at(end), at(strides));
      if (shrinks) {
        needed = IndexSet::none(size);
        needed.add(range.start);
      } else {
        needed = needed_shifted(outputs[0].dims[output], size, range.stride, range.start);
      }
    }
    if (!shrinks) ++output;
  }
  return region;
}

int version(const NodeView& node) {
  const auto& op = node.as<StridedSlice>();
  const Value& input = node.input(0);
  if (op.offset) return 8;
  if (input.dtype == DType::uint32) return 7;
  if (op.ellipsis_mask != 0 || op.new_axis_mask != 0) return 6;
  if (input.dtype == DType::string) return 5;
  if (input.shape.size() > 4) return 4;
  return input.dtype == DType::boolean ? 3 : version_8_2(node);
}

}  // namespace

std::vector<SliceRange> strided_slice_ranges(const StridedSlice& op, const Shape& input,
                                             std::span<const int32_t> begin,
                                             std::span<const int32_t> end,
                                             std::span<const int32_t> strides) {
  if (begin.size() != end.size() || begin.size() != strides.size()) {
    throw Error(ErrorCode::data, "STRIDED_SLICE: begin, end and strides do not fit");
  }
  std::vector<SliceRange> ranges;
  size_t from = 0;
  for (const Dimension& dimension : dimensions_of(op, input.size(), begin.size())) {
    if (dimension.new_axis) {
      ranges.push_back({.start = 0, .stride = 1, .count = 1, .new_axis = true});
    } else if (!dimension.entry) {
      ranges.push_back({.start = 0, .stride = 1, .count = input[from++]});
    } else {
      const size_t i = *dimension.entry;
      ranges.push_back(range_of(op, i, input[from++], begin[i], end[i], strides[i]));
    }
  }
  return ranges;
}

const OpDef& StridedSlice::definition() {
  static const OpDef def = {
      .code = 45,
      .name = "STRIDED_SLICE",
      .options_tag = 32,
      .make = make_op<StridedSlice>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.6.0", "1.14.0", "2.1.0", "2.2.0", "2.5.0", "2.6.0", "2.14.0",
                           "2.14.0"},
      .quant = {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2},
      .needed = needed};
  return def;
}

}  // namespace litesmith
