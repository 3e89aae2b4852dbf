// Operators that take elements from elsewhere: joined, cut, repeated, moved.
#include "ops/arrange.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "formats/onnx/ops/align.h"
#include "formats/onnx/ops/ops.h"
#include "ops/index.h"
#include "ops/pad.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "ops/space_depth.h"

namespace litesmith::onnx {
namespace {

// The range that Slice takes of one dimension, as NumPy clamps it.
struct Range {
  int64_t start = 0;
  int64_t step = 1;
  int64_t count = 0;
};

Range clamped(int64_t start, int64_t end, int64_t step, int64_t size) {
  // Far from the ends of 64 bits, so that adding the size cannot overflow.
  constexpr int64_t kFar = int64_t{1} << 40;
  start = std::clamp(start, -kFar, kFar);
  end = std::clamp(end, -kFar, kFar);
  step = std::clamp(step, -kFar, kFar);
  if (start < 0) start += size;
  if (end < 0) end += size;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, size);
    end = std::clamp<int64_t>(end, 0, size);
    return {start, step, end > start ? (end - start + step - 1) / step : 0};
  }
  start = std::clamp<int64_t>(start, -1, size - 1);
  end = std::clamp<int64_t>(end, -1, size - 1);
  return {start, step, start > end ? (start - end - step - 1) / -step : 0};
}

struct Cuts {
  std::vector<int64_t> starts, ends, axes, steps;
};

Cuts cuts_of(Call& call) {
  Cuts result;
  if (call.opset() < 10) {
    result = {
        call.integer_list("starts"), call.integer_list("ends"), call.integer_list("axes"), {}};
  } else {
    result.starts = call.integers(1, "the starts");
    result.ends = call.integers(2, "the ends");
    if (call.has(3)) result.axes = call.integers(3, "the axes");
    if (call.has(4)) result.steps = call.integers(4, "the steps");
  }
  const size_t count = result.starts.size();
  if (result.axes.empty()) {
    for (size_t i = 0; i < count; ++i) result.axes.push_back(static_cast<int64_t>(i));
  }
  if (result.steps.empty()) result.steps.assign(count, 1);
  if (result.ends.size() != count || result.axes.size() != count || result.steps.size() != count) {
    call.wrong("its starts, ends, axes and steps are not equally many");
  }
  return result;
}

// Rows in front and behind that are copies of others: the outermost, or those of the other end.
ValueId pad_with_own(Call& call, ValueId x, const std::vector<int32_t>& padding, bool wrap) {
  for (size_t k = 0; k < call[x].shape.size(); ++k) {
    const int32_t before = padding[2 * k];
    const int32_t after = padding[2 * k + 1];
    if (before == 0 && after == 0) continue;
    const int32_t size = call[x].shape[k];
    constexpr int64_t kMost = 1 << 20;
    if (size < 1 || int64_t{size} + before + after > kMost) call.refuse("it pads this too far");
    std::vector<int32_t> from;
    for (int32_t i = -before; i < size + after; ++i) {
      from.push_back(wrap ? ((i % size) + size) % size : std::clamp(i, 0, size - 1));
    }
    Gather op;
    op.axis = static_cast<int32_t>(k);
    x = call.emit(op, {x, call.int32s("rows", from)}, "pad");
  }
  return x;
}

// A part of zeros: the initial states of recurrent layers, which come in one piece.
void set_zeros(Call& call, const std::vector<Range>& ranges, const std::vector<bool>& whole) {
  Tensor part{.dtype = DType::float32, .shape = {}};
  for (size_t dim = 0; dim < ranges.size(); ++dim) {
    part.shape.push_back(whole[dim] ? call.shape(0)[dim] : to_int32(ranges[dim].count));
  }
  part.filled_with = 0;
  if (is_static(part.shape)) {
    const auto count = static_cast<size_t>(element_count(part.shape));
    const ValueId zeros = call.constant("zeros", part.shape, std::vector<float>(count));
    part.forms.push_back({plain_order(part.shape.size()), zeros});
  }
  call.set(0, std::move(part));
}

}  // namespace

void build_concat(Call& call) {
  const size_t count = call.input_count();
  if (count == 0) call.wrong("it has no inputs");
  const size_t rank = call.rank(0);
  const int32_t axis = call.axis(call.integer("axis", 0), rank);
  bool known = rank == 1;
  Known all;
  for (size_t i = 0; i < count; ++i) {
    if (call.rank(i) != rank) call.wrong("it joins tensors of different ranks");
    const auto part = known ? call.known(i) : std::nullopt;
    known &= part.has_value();
    if (part) all.insert(all.end(), part->begin(), part->end());
  }
  if (known && static_cast<int64_t>(all.size()) <= kMostKnown) {
    const auto size = static_cast<int32_t>(all.size());
    return call.set_known(0, call.input(0).dtype, {size}, std::move(all));
  }
  const Aligned operands = align(call, 0, count);
  Concatenation op;
  op.axis = stored_axis(operands.order, axis);
  std::vector<ValueId> parts;
  for (size_t i = 0; i < count; ++i) parts.push_back(call.value(i, operands.order));
  set_like(call, operands, call.emit(op, parts, "concat"));
}

void build_split(Call& call) {
  const size_t rank = call.rank(0);
  const int32_t axis = call.axis(call.integer("axis", 0), rank);
  const int32_t size = call.shape(0)[static_cast<size_t>(axis)];
  if (size < 0) call.refuse("it splits a dimension known only when the model runs");
  const size_t count = call.node().outputs.size();
  std::vector<int64_t> sizes = call.opset() >= 13 && call.has(1) ? call.integers(1, "the sizes")
                                                                 : call.integer_list("split");
  if (sizes.empty()) {
    const auto parts = static_cast<int64_t>(count);
    const int64_t each = (size + parts - 1) / parts;
    for (int64_t left = size, i = 0; i < parts; ++i, left -= each) {
      sizes.push_back(std::clamp<int64_t>(left, 0, each));
    }
  }
  if (sizes.size() != count) {
    call.wrong("it has " + std::to_string(count) + " outputs, but " + std::to_string(sizes.size()) +
               " sizes");
  }
  const Order order = call.order(0);
  const ValueId x = call.value(0, order);
  std::vector<int32_t> parts;
  parts.reserve(sizes.size());
  for (const int64_t part : sizes) parts.push_back(to_int32(part));
  auto op = std::make_shared<SplitV>();
  op->num_splits = static_cast<int32_t>(count);
  const ValueId at = call.constant<int32_t>("axis", {}, {stored_axis(order, axis)});
  const auto made = call.emit_all(op, {x, call.int32s("sizes", parts), at}, "part");
  for (size_t i = 0; i < count; ++i) call.set(i, made[i], order, call.input(0).channels_first);
}

void build_slice(Call& call) {
  const Cuts cuts = cuts_of(call);
  const Shape& shape = call.shape(0);
  std::vector<Range> ranges;
  std::vector<bool> whole(shape.size(), true);
  for (const int32_t size : shape) ranges.push_back({0, 1, size});
  for (size_t i = 0; i < cuts.axes.size(); ++i) {
    const auto dim = static_cast<size_t>(call.axis(cuts.axes[i], shape.size()));
    if (cuts.steps[i] == 0) call.wrong("a step is 0");
    if (shape[dim] < 0) {
      if (cuts.starts[i] == 0 && cuts.steps[i] == 1 && cuts.ends[i] > INT32_MAX) continue;
      call.refuse(
          "it cuts a dimension known only when the model runs: give it a value with "
          "--dimension NAME=SIZE");
    }
    ranges[dim] = clamped(cuts.starts[i], cuts.ends[i], cuts.steps[i], shape[dim]);
    whole[dim] = false;
  }
  if (const auto known = call.known(0); known && shape.size() == 1) {
    Known taken;
    for (int64_t i = 0; i < ranges[0].count; ++i) {
      taken.push_back((*known)[static_cast<size_t>(ranges[0].start + i * ranges[0].step)]);
    }
    const auto size = static_cast<int32_t>(taken.size());
    return call.set_known(0, call.input(0).dtype, {size}, std::move(taken));
  }
  if (call.is_zero(0)) return set_zeros(call, ranges, whole);
  const Order order = call.order(0);
  std::vector<int32_t> begin;
  std::vector<int32_t> end;
  std::vector<int32_t> steps;
  StridedSlice op;
  for (size_t k = 0; k < order.size(); ++k) {
    const auto dim = static_cast<size_t>(order[k]);
    const Range& range = ranges[dim];
    const int64_t last = range.start + range.count * range.step;
    begin.push_back(to_int32(range.start));
    end.push_back(whole[dim] ? 0 : to_int32(std::max<int64_t>(last, 0)));
    steps.push_back(to_int32(range.step));
    // An end in front of the first element cannot be written as a number.
    if (whole[dim] || last < 0) op.end_mask |= 1 << k;
    if (whole[dim]) op.begin_mask |= 1 << k;
  }
  const ValueId made = call.emit(op,
                                 {call.value(0, order), call.int32s("begin", begin),
                                  call.int32s("end", end), call.int32s("steps", steps)},
                                 "slice");
  call.set_like_input(made, order);
}

void build_gather(Call& call) {
  const size_t rank = call.rank(0);
  const int32_t axis = call.axis(call.integer("axis", 0), rank);
  const int32_t size = call.shape(0)[static_cast<size_t>(axis)];
  const auto indices = call.known(1);
  const auto known = call.known(0);
  auto from_front = [&](double index) {
    const double at = index < 0 ? index + size : index;
    if (std::isnan(at) || at < 0 || at >= size) call.wrong("an index is outside its dimension");
    return at;
  };
  if (known && indices && rank == 1) {
    Known taken;
    for (const double index : *indices)
      taken.push_back((*known)[static_cast<size_t>(from_front(index))]);
    return call.set_known(0, call.input(0).dtype, call.shape(1), std::move(taken));
  }
  const Order order = call.order(0);
  ValueId at;
  if (indices && size >= 0) {
    std::vector<int32_t> positions;
    for (const double index : *indices)
      positions.push_back(static_cast<int32_t>(from_front(index)));
    at = call.constant("indices", call.shape(1), positions);
  } else {
    at = call.plain(1);  // LiteRT knows no negative ones
  }
  // The dimensions of the indices take the place of the axis.
  const auto added = static_cast<int32_t>(call.rank(1));
  Order made;
  for (const int32_t dim : order) {
    if (dim == axis) {
      for (int32_t i = 0; i < added; ++i) made.push_back(axis + i);
    } else {
      made.push_back(dim < axis ? dim : dim + added - 1);
    }
  }
  Gather op;
  op.axis = stored_axis(order, axis);
  call.set(0, call.emit(op, {call.value(0, order), at}, "gather"), made);
}

void build_gather_nd(Call& call) {
  if (call.integer("batch_dims", 0) != 0) call.refuse("batch_dims is not supported");
  ValueId at = call.plain(1);
  if (const auto known = call.known(1)) {
    const int32_t depth = call.shape(1).empty() ? 0 : call.shape(1).back();
    if (depth < 1 || depth > static_cast<int32_t>(call.rank(0)))
      call.wrong("its indices do not fit");
    std::vector<int32_t> positions;
    for (size_t i = 0; i < known->size(); ++i) {
      const int32_t size = call.shape(0)[i % static_cast<size_t>(depth)];
      const double index = (*known)[i] < 0 ? (*known)[i] + size : (*known)[i];
      if (!(index >= 0 && index < size)) call.wrong("an index is outside its dimension");
      positions.push_back(static_cast<int32_t>(index));
    }
    at = call.constant("indices", call.shape(1), positions);
  }
  call.set(0, call.emit(GatherNd(), {call.plain(0), at}, "gather_nd"));
}

void build_top_k(Call& call) {
  const size_t rank = call.rank(0);
  const int32_t axis = call.axis(call.integer("axis", -1), rank);
  if (call.integer("largest", 1) == 0) call.refuse("the smallest are not supported");
  const auto count =
      call.opset() >= 10 ? call.integers(1, "k") : std::vector<int64_t>{call.integer("k", 1)};
  if (count.size() != 1) call.wrong("k is no single number");
  // LiteRT looks along the dimension stored last.
  Order order = call.order(0);
  order.erase(order.begin() + stored_axis(order, axis));
  order.push_back(axis);
  const ValueId k = call.constant<int32_t>("k", {}, {to_int32(count.front())});
  const auto made = call.emit_all(std::make_shared<TopK>(), {call.value(0, order), k}, "top_k");
  call.set(0, made[0], order);
  if (!call.makes(1)) return;
  Cast op;
  op.in_data_type = call[made[1]].dtype;
  op.out_data_type = DType::int64;
  call.set(1, call.emit(op, {made[1]}, "indices"), order);
}

void build_tile(Call& call) {
  const Order order = call.order(0);
  const auto repeats = call.integers(1, "the repeats");
  if (repeats.size() != order.size())
    call.wrong("its repeats do not fit " + to_string(call.shape(0)));
  std::vector<int32_t> stored;
  for (const int32_t dim : order) stored.push_back(to_int32(repeats[static_cast<size_t>(dim)]));
  call.set(0, call.emit(Tile(), {call.value(0, order), call.int32s("repeats", stored)}, "tile"),
           order, call.input(0).channels_first);
}

void build_pad(Call& call) {
  const size_t rank = call.rank(0);
  const bool inputs = call.opset() >= 11;
  const auto given = inputs ? call.integers(1, "the padding") : call.integer_list("pads");
  std::vector<int64_t> amounts(2 * rank, 0);
  if (call.has(3)) {
    const auto axes = call.integers(3, "the axes");
    if (given.size() != 2 * axes.size()) call.wrong("its pads do not fit its axes");
    for (size_t i = 0; i < axes.size(); ++i) {
      const auto dim = static_cast<size_t>(call.axis(axes[i], rank));
      amounts[dim] = given[i];
      amounts[rank + dim] = given[axes.size() + i];
    }
  } else {
    amounts = given;
  }
  if (amounts.size() != 2 * rank) call.wrong("its pads do not fit " + to_string(call.shape(0)));
  const std::string mode = call.text("mode", "constant");
  const Order order = call.order(0);
  ValueId x = call.value(0, order);
  std::vector<int32_t> begin;
  std::vector<int32_t> size;
  std::vector<int32_t> padding;
  bool cuts = false;
  bool adds = false;
  for (const int32_t dim : order) {
    const int32_t before = to_int32(amounts[static_cast<size_t>(dim)]);
    const int32_t after = to_int32(amounts[rank + static_cast<size_t>(dim)]);
    const int32_t whole = call.shape(0)[static_cast<size_t>(dim)];
    const bool cut = before < 0 || after < 0;
    if (cut && whole < 0) call.refuse("it cuts a dimension known only when the model runs");
    begin.push_back(before < 0 ? -before : 0);
    size.push_back(cut ? to_int32(int64_t{whole} + std::min(before, 0) + std::min(after, 0)) : -1);
    padding.push_back(std::max(before, 0));
    padding.push_back(std::max(after, 0));
    cuts |= cut;
    adds |= before > 0 || after > 0;
  }
  if (cuts)
    x = call.emit(Slice(), {x, call.int32s("begin", begin), call.int32s("size", size)}, "cut");
  const ValueId pads = call.constant("padding", {static_cast<int32_t>(rank), 2}, padding);
  if (!adds) {
    // Nothing to add.
  } else if (mode == "reflect") {
    x = call.emit(MirrorPad(), {x, pads}, "pad");
  } else if (mode == "constant") {
    const float fill =
        inputs ? (call.has(2) ? call.scalar(2, "the value") : 0) : call.number("value", 0);
    if (fill == 0) {
      x = call.emit(Pad(), {x, pads}, "pad");
    } else if (call[x].dtype == DType::float32) {
      x = call.emit(PadV2(), {x, pads, call.scalar_constant("value", fill)}, "pad");
    } else {
      call.refuse("a value beside integers is not supported");
    }
  } else if (mode == "edge" || mode == "wrap") {
    x = pad_with_own(call, x, padding, mode == "wrap");
  } else {
    call.refuse("the mode '" + mode + "' is not supported");
  }
  call.set_like_input(x, order);
}

void build_space_to_depth(Call& call) {
  if (call.text("mode", "DCR") != "DCR") call.refuse("modes other than DCR are not supported");
  SpaceToDepth op;
  op.block_size = to_int32(call.integer("blocksize", 0));
  const Order order = channels_last(4);
  if (call.rank(0) != 4) call.refuse("its input is " + to_string(call.shape(0)));
  call.set(0, call.emit(op, {call.value(0, order)}, "space_to_depth"), order, true);
}

void build_depth_to_space(Call& call) {
  if (call.rank(0) != 4) call.refuse("its input is " + to_string(call.shape(0)));
  const Order order = channels_last(4);
  DepthToSpace op;
  op.block_size = to_int32(call.integer("blocksize", 0));
  if (op.block_size < 1) call.wrong("its blocksize is " + std::to_string(op.block_size));
  ValueId x = call.value(0, order);
  if (call.text("mode", "DCR") == "CRD") {
    // The same with the block's dimensions behind the channels: those are brought to the front.
    const int32_t channels = call.shape(0)[1];
    const int32_t square = to_int32(int64_t{op.block_size} * op.block_size);
    if (channels < 0 || channels > (1 << 20) || channels % square != 0)
      call.wrong("its channels do not make blocks");
    std::vector<int32_t> from;
    for (int32_t block = 0; block < square; ++block) {
      for (int32_t c = 0; c < channels / square; ++c) from.push_back(c * square + block);
    }
    Gather gather;
    gather.axis = 3;
    x = call.emit(gather, {x, call.int32s("channels", from)}, "channels");
  }
  call.set(0, call.emit(op, {x}, "depth_to_space"), order, true);
}

}  // namespace litesmith::onnx
