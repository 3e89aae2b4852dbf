// Functions that move elements: another shape, another order, parts and repetitions.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "formats/keras/operations/arguments.h"
#include "formats/keras/operations/operations.h"
#include "ops/arrange.h"
#include "ops/pad.h"
#include "ops/reshape.h"
#include "ops/slice.h"

namespace litesmith::keras {
namespace {

size_t rank_of(LayerCall& call, ValueId x) { return call.shape(x).size(); }

int32_t axis_of(LayerCall& call, ValueId x, size_t place, Arguments::Names names) {
  return normalize_axis(Arguments(call).integer(place, names), rank_of(call, x));
}

ValueId transposed_by(LayerCall& call, ValueId x, const std::vector<int32_t>& permutation) {
  return call.emit(Transpose(), {x, call.integers("permutation", permutation)}, "transpose");
}

std::vector<int32_t> plain_order(size_t rank) {
  std::vector<int32_t> order(rank);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// One index of x[...], of one dimension.
struct Index {
  int32_t begin = 0;
  int32_t end = 0;
  int32_t step = 1;
  bool from_start = true;
  bool to_end = true;
  bool single = false;  // a number: the dimension goes
};

bool is_slice(const Json& json) {
  return json["class_name"].text() == "__slice__" || !json["start"].is_null() ||
         !json["stop"].is_null() || !json["step"].is_null() ||
         (json.is_object() && json["class_name"].is_null());
}

bool is_ellipsis(const Json& json) { return json["class_name"].text() == "__ellipsis__"; }

Index index_of(const Json& json) {
  Index index;
  if (json.is_number()) {
    index.begin = to_integer(json, "index");
    index.from_start = index.to_end = false;
    index.single = true;
    return index;
  }
  if (!is_slice(json)) {
    throw Error(ErrorCode::unsupported,
                "an index that is neither a number, a slice, ... nor None is not supported");
  }
  const Json& slice = json["config"].is_object() ? json["config"] : json;
  auto read = [&](const char* key, int32_t& value) {
    if (slice[key].is_null()) return false;
    value = to_integer(slice[key], key);
    return true;
  };
  index.from_start = !read("start", index.begin);
  index.to_end = !read("stop", index.end);
  read("step", index.step);
  if (index.step == 0) throw Error(ErrorCode::format, "it slices with a step of 0");
  return index;
}

// STRIDED_SLICE for what is taken, then a dimension of 1 for every None.
ValueId emit_indexing(LayerCall& call, ValueId x, const Json& key) {
  Json::Array items = key.items();
  if (!key.is_array()) items.push_back(key);
  const auto rank = static_cast<int32_t>(rank_of(call, x));
  const auto count = [&](auto&& predicate) {
    return static_cast<int32_t>(std::count_if(items.begin(), items.end(), predicate));
  };
  const int32_t taken = static_cast<int32_t>(items.size()) - count(is_ellipsis) -
                        count([](const Json& each) { return each.is_null(); });
  if (taken > rank || count(is_ellipsis) > 1) {
    throw Error(ErrorCode::format, "its indices do not fit " + to_string(call.shape(x)));
  }
  if (count(is_ellipsis) == 0) {
    items.push_back(Json(Json::Object{{"class_name", Json(std::string("__ellipsis__"))}}));
  }
  StridedSlice op;
  std::vector<int32_t> begin;
  std::vector<int32_t> end;
  std::vector<int32_t> strides;
  std::vector<int32_t> new_axes;
  int32_t made = 0;  // dimensions of the result so far
  bool is_whole = true;
  auto take = [&](const Index& index) {
    const int bit = 1 << begin.size();
    if (index.from_start) op.begin_mask |= bit;
    if (index.to_end) op.end_mask |= bit;
    if (index.single) op.shrink_axis_mask |= bit;
    begin.push_back(index.begin);
    end.push_back(index.single ? index.begin + 1 : index.end);
    strides.push_back(index.step);
    made += index.single ? 0 : 1;
    is_whole = is_whole && index.from_start && index.to_end && index.step == 1;
  };
  for (const Json& item : items) {
    if (item.is_null()) {
      new_axes.push_back(made++);
    } else if (is_ellipsis(item)) {
      for (int32_t i = taken; i < rank; ++i) take({});
    } else {
      take(index_of(item));
    }
  }
  if (!is_whole) {
    x = call.emit(op,
                  {x, call.integers("begin", begin), call.integers("end", end),
                   call.integers("strides", strides)},
                  "slice");
  }
  for (const int32_t axis : new_axes) {
    x = call.emit(ExpandDims(), {x, call.integers("axis", {}, {axis})}, "expand_dims");
  }
  return x;
}

}  // namespace

ValueId build_op_reshape(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  auto target = Arguments(call).integers(1, {"newshape", "shape"});
  if (!target) throw Error(ErrorCode::format, "it has no target shape");
  // A batch that is open stays the only thing that is.
  const Shape& shape = call.shape(x);
  if (!target->empty() && target->front() == -1 && !shape.empty() && shape.front() >= 0) {
    size_t known = 1;
    for (size_t i = 1; i < target->size(); ++i) {
      known = checked_mul(known, static_cast<size_t>(std::max((*target)[i], 0)));
    }
    if (is_static(shape) && known > 0) {
      (*target)[0] = static_cast<int32_t>(static_cast<size_t>(element_count(shape)) / known);
    }
  }
  return call.emit(Reshape(), {x, call.integers("shape", *target)}, "reshape");
}

ValueId build_op_transpose(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  auto axes = Arguments(call).integers(1, {"axes", "perm"});
  if (!axes) {
    axes = plain_order(rank_of(call, x));
    std::reverse(axes->begin(), axes->end());
  }
  for (int32_t& axis : *axes) axis = normalize_axis(axis, rank_of(call, x));
  return transposed_by(call, x, *axes);
}

ValueId build_op_swap_axes(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  std::vector<int32_t> order = plain_order(rank_of(call, x));
  std::swap(order[static_cast<size_t>(axis_of(call, x, 1, {"axis1"}))],
            order[static_cast<size_t>(axis_of(call, x, 2, {"axis2"}))]);
  return transposed_by(call, x, order);
}

ValueId build_op_move_axis(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  const int32_t from = axis_of(call, x, 1, {"source"});
  const int32_t to = axis_of(call, x, 2, {"destination"});
  std::vector<int32_t> order = plain_order(rank_of(call, x));
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  return transposed_by(call, x, order);
}

ValueId build_op_concatenate(LayerCall& call) {
  const std::vector<ValueId> inputs = Arguments(call).operands();
  Concatenation op;
  op.axis = axis_of(call, inputs.at(0), 1, {"axis"});
  return call.emit(op, inputs, "concat");
}

ValueId build_op_stack(LayerCall& call) {
  const std::vector<ValueId> inputs = Arguments(call).operands();
  Pack op;
  op.values_count = static_cast<int32_t>(inputs.size());
  const Json& axis = Arguments(call).json(1, {"axis"});
  op.axis = axis.is_number()
                ? normalize_axis(to_integer(axis, "axis"), rank_of(call, inputs.at(0)) + 1)
                : 0;
  return call.emit(op, inputs, "stack");
}

namespace {

// Equal parts, or the sizes that TensorFlow tells (one may be -1: the rest), or those between the
// positions that Keras tells.
std::vector<int32_t> sizes_of_parts(LayerCall& call, int32_t size) {
  constexpr int32_t kMostParts = 1 << 16;
  const Arguments::Names names = {"indices_or_sections", "num_or_size_splits"};
  const Json& how = Arguments(call).json(1, names);
  const auto given = Arguments(call).integers(1, names);
  if (!given || given->empty()) {
    throw Error(ErrorCode::format, "it does not say into what it splits");
  }
  if (how.is_number()) {
    const int32_t parts = given->front();
    if (parts < 1 || parts > kMostParts || size % parts != 0) {
      throw Error(ErrorCode::data, "a dimension of " + std::to_string(size) + " in " +
                                       std::to_string(parts) + " equal parts");
    }
    return std::vector<int32_t>(static_cast<size_t>(parts), size / parts);
  }
  std::vector<int32_t> sizes;
  if (!Arguments(call).json(1, {"num_or_size_splits"}).is_null() &&
      call.config()["indices_or_sections"].is_null()) {
    sizes = *given;
    const auto rest = std::find(sizes.begin(), sizes.end(), -1);
    if (rest != sizes.end()) {
      *rest = 0;
      const int64_t told = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
      *rest = static_cast<int32_t>(std::clamp<int64_t>(size - told, 0, size));
    }
  } else {
    int32_t begin = 0;
    for (const int32_t end : *given) {
      // NumPy counts from behind, cuts at the end, and makes empty parts: nobody means these.
      if (end < begin || end > size) {
        throw Error(ErrorCode::unsupported, "positions that do not ascend are not supported");
      }
      sizes.push_back(end - std::exchange(begin, end));
    }
    sizes.push_back(size - begin);
  }
  const bool any_negative =
      std::any_of(sizes.begin(), sizes.end(), [](int32_t x) { return x < 0; });
  if (any_negative || std::accumulate(sizes.begin(), sizes.end(), int64_t{0}) != size) {
    throw Error(ErrorCode::data, "its parts do not make up a dimension of " + std::to_string(size));
  }
  return sizes;
}

}  // namespace

ValueId build_op_split(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  const int32_t axis = axis_of(call, x, 2, {"axis"});
  const std::vector<int32_t> sizes = sizes_of_parts(call, call.size(x, axis));
  int32_t begin = 0;
  std::vector<ValueId> parts;
  for (const int32_t each : sizes) {
    std::vector<int32_t> begins(rank_of(call, x), 0);
    std::vector<int32_t> extents(rank_of(call, x), -1);
    begins[static_cast<size_t>(axis)] = begin;
    extents[static_cast<size_t>(axis)] = each;
    begin += each;
    parts.push_back(call.emit(
        Slice(), {x, call.integers("begin", begins), call.integers("size", extents)}, "part"));
  }
  for (size_t i = 1; i < parts.size(); ++i) call.also_give(parts[i]);
  return parts.at(0);
}

ValueId build_op_expand_dims(LayerCall& call) {
  ValueId x = Arguments(call).first();
  auto axes = Arguments(call).integers(1, {"axis"}).value_or(std::vector<int32_t>{});
  const size_t rank = rank_of(call, x) + axes.size();
  for (int32_t& axis : axes) axis = normalize_axis(axis, rank);
  std::sort(axes.begin(), axes.end());
  for (const int32_t axis : axes) {
    x = call.emit(ExpandDims(), {x, call.integers("axis", {}, {axis})}, "expand_dims");
  }
  return x;
}

ValueId build_op_squeeze(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  Squeeze op;
  op.squeeze_dims = Arguments(call).integers(1, {"axis"}).value_or(std::vector<int32_t>{});
  for (int32_t& axis : op.squeeze_dims) axis = normalize_axis(axis, rank_of(call, x));
  return call.emit(op, {x}, "squeeze");
}

ValueId build_op_get_item(LayerCall& call) {
  return emit_indexing(call, call.input(), Arguments(call).json(1, {"key", "slice_spec"}));
}

ValueId build_op_pad(LayerCall& call) {
  constexpr float kMostPadding = 1 << 24;  // integers that a float holds
  const Arguments arguments(call);
  const ValueId x = arguments.first();
  const Json& mode = arguments.json(2, {"mode"});
  const Json& value = arguments.json(3, {"constant_values"});
  if (!value.is_null() && !value.is_number()) {
    throw Error(ErrorCode::unsupported, "constant_values that are no number are not supported");
  }
  const auto widths = Arguments::numbers(arguments.json(1, {"pad_width", "paddings"}));
  if (!widths || widths->shape != Shape{static_cast<int32_t>(rank_of(call, x)), 2}) {
    throw Error(ErrorCode::unsupported, "its pad_width is no pair for each dimension");
  }
  std::vector<int32_t> amounts;
  for (const float width : widths->elements) {
    if (width < 0 || width != std::floor(width) || width > kMostPadding) {
      throw Error(ErrorCode::unsupported, "a pad_width that is no small integer is not supported");
    }
    amounts.push_back(static_cast<int32_t>(width));
  }
  const ValueId paddings = call.integers("paddings", widths->shape, amounts);
  const auto is = [&](std::string_view keras, std::string_view tensorflow) {
    return mode.text() == keras || mode.text() == tensorflow;
  };
  const bool reflects = is("reflect", "REFLECT");
  if (reflects || is("symmetric", "SYMMETRIC")) {
    MirrorPad op;
    op.mode = reflects ? MirrorPadMode::reflect : MirrorPadMode::symmetric;
    return call.emit(op, {x, paddings}, "pad");
  }
  if (mode.is_string() && !is("constant", "CONSTANT")) {
    throw Error(ErrorCode::unsupported, "padding by '" + mode.text() + "' is not supported");
  }
  if (!value.is_number() || value.value() == 0) return call.emit(Pad(), {x, paddings}, "pad");
  const ValueId filler = call.floats("value", {}, {static_cast<float>(value.value())});
  return call.emit(PadV2(), {x, paddings, filler}, "pad");
}

ValueId build_op_flip(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  const size_t rank = rank_of(call, x);
  const auto axes = Arguments(call).integers(1, {"axis"}).value_or(plain_order(rank));
  StridedSlice op;
  op.begin_mask = op.end_mask = (1 << rank) - 1;
  std::vector<int32_t> strides(rank, 1);
  for (const int32_t axis : axes) strides[static_cast<size_t>(normalize_axis(axis, rank))] = -1;
  const ValueId zeros = call.integers("zeros", std::vector<int32_t>(rank, 0));
  return call.emit(op, {x, zeros, zeros, call.integers("strides", strides)}, "flip");
}

// Every element `repeats` times in a row: a GATHER of positions 0, 0, 1, 1, ...
ValueId build_op_repeat(LayerCall& call) {
  constexpr int64_t kMost = 1 << 20;
  const ValueId x = Arguments(call).first();
  Gather op;
  op.axis = axis_of(call, x, 2, {"axis"});
  const int32_t repeats = Arguments(call).integer(1, {"repeats"});
  const int32_t size = call.size(x, op.axis);
  if (repeats < 1 || int64_t{repeats} * size > kMost) {
    throw Error(ErrorCode::unsupported, std::to_string(repeats) + " repeats are not supported");
  }
  std::vector<int32_t> positions;
  for (int32_t i = 0; i < size; ++i)
    positions.insert(positions.end(), static_cast<size_t>(repeats), i);
  return call.emit(op, {x, call.integers("positions", positions)}, "repeat");
}

ValueId build_op_tile(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  auto repeats = Arguments(call).integers(1, {"repeats", "multiples"});
  if (!repeats || repeats->size() > rank_of(call, x)) {
    throw Error(ErrorCode::unsupported, "tiling to a higher rank is not supported");
  }
  repeats->insert(repeats->begin(), rank_of(call, x) - repeats->size(), 1);
  return call.emit(Tile(), {x, call.integers("repeats", *repeats)}, "tile");
}

ValueId build_op_take(LayerCall& call) {
  const Arguments arguments(call);
  const ValueId x = arguments.operand(0, {"x"});
  if (arguments.json(2, {"axis"}).is_null()) {
    throw Error(ErrorCode::unsupported, "without an axis it is not supported");
  }
  Gather op;
  op.axis = axis_of(call, x, 2, {"axis"});
  ValueId indices = arguments.operand(1, {"indices"}, DType::int32);
  if (call.dtype(indices) != DType::int32) {
    throw Error(ErrorCode::unsupported, "with computed indices that are no int32 (cast them)");
  }
  const Value& value = call.graph()[indices];
  if (value.is_constant()) {
    // GATHER does not count from behind.
    const auto given = value.elements<int32_t>();
    std::vector<int32_t> counted(given.begin(), given.end());
    if (std::any_of(counted.begin(), counted.end(), [](int32_t index) { return index < 0; })) {
      const int32_t size = call.size(x, op.axis);
      for (int32_t& index : counted) index += index < 0 ? size : 0;
      indices = call.integers("indices", Shape(value.shape), counted);
    }
  }
  return call.emit(op, {x, indices}, "take");
}

}  // namespace litesmith::keras
