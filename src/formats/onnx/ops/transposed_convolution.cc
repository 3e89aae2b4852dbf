// ConvTranspose: TRANSPOSE_CONV over the whole output, of which padding cuts a part away.
#include "formats/onnx/ops/ops.h"
#include "formats/onnx/ops/window.h"
#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/slice.h"
#include "ops/transpose_conv.h"

namespace litesmith::onnx {
namespace {

struct Side {
  int64_t whole = 0;   // outputs before anything is cut away
  int64_t before = 0;  // cut away in front
  int64_t output = 0;
};

Side side_of(Call& call, int64_t input, int64_t kernel, size_t i, size_t spatial) {
  auto entry = [&](std::string_view name, size_t at, int64_t otherwise) {
    const auto list = call.integer_list(name);
    if (!list.empty() && at >= list.size()) call.wrong(std::string(name) + " is too short");
    const int64_t value = list.empty() ? otherwise : list[at];
    if (value < 0 || value > (1 << 20)) call.refuse(std::string(name) + " is out of range");
    return value;
  };
  const int64_t stride = entry("strides", i, 1);
  if (stride < 1) call.wrong("a stride is 0");
  if (entry("dilations", i, 1) != 1) call.refuse("a dilation is not supported");
  const int64_t extra = entry("output_padding", i, 0);
  Side side;
  const int64_t reached = stride * (input - 1) + kernel;
  const std::string automatic = call.text("auto_pad", "NOTSET");
  const bool same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  int64_t before = entry("pads", i, 0);
  int64_t after = entry("pads", spatial + i, 0);
  if (call.has_attribute("output_shape") || same) {
    side.output = call.has_attribute("output_shape") ? entry("output_shape", i, 0) : input * stride;
    const int64_t total = std::max<int64_t>(0, reached + extra - side.output);
    before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
    after = total - before;
  } else if (automatic == "VALID") {
    before = after = 0;
  }
  side.output =
      same || call.has_attribute("output_shape") ? side.output : reached + extra - before - after;
  side.before = before;
  side.whole = std::max(reached, before + side.output);
  if (side.output < 1) call.wrong("nothing of its output is left");
  return side;
}

// The rows that group `i` of `groups` has of the weights [in, out, height, width].
Tensor filter_of_group(Call& call, const Shape& shape, int32_t i, int32_t groups) {
  Tensor filter{.dtype = call.input(1).dtype, .shape = shape};
  filter.shape[0] = shape[0] / groups;
  ValueId stored = call.reshape(call.plain(1), shape, "filter");
  if (groups > 1) {
    Value rows = call[stored];
    if (!rows.is_constant()) call.refuse("groups of weights that are computed are not supported");
    const auto bytes = rows.data->bytes();
    const size_t size = bytes.size() / static_cast<size_t>(groups);
    const auto part = bytes.subspan(static_cast<size_t>(i) * size, size);
    rows.shape = filter.shape;
    rows.data = Buffer::of(std::vector<std::byte>(part.begin(), part.end()));
    stored = call.graph().add(std::move(rows));
  }
  filter.forms.push_back({plain_order(4), stored});
  return filter;
}

// Each group's channels by themselves, side by side again afterwards: LiteRT has no groups here.
template <class Convolve>
ValueId in_groups(Call& call, ValueId image, int32_t groups, const Convolve& convolve) {
  if (groups == 1) return convolve(image, 0);
  auto split = std::make_shared<Split>();
  split->num_splits = groups;
  const ValueId axis = call.constant<int32_t>("axis", {}, {3});
  const std::vector<ValueId> parts = call.emit_all(split, {axis, image}, "group");
  std::vector<ValueId> made;
  made.reserve(parts.size());
  for (int32_t i = 0; i < groups; ++i) made.push_back(convolve(parts[static_cast<size_t>(i)], i));
  Concatenation join;
  join.axis = 3;
  return call.emit(join, made, "groups");
}

}  // namespace

void build_conv_transpose(Call& call) {
  const Shape shape = call.shape(0);
  const Shape weights = call.shape(1);
  if (shape.size() != weights.size() || (shape.size() != 3 && shape.size() != 4) ||
      !is_static(weights)) {
    call.refuse("weights of shape " + to_string(weights) + " do not fit an input of " +
                to_string(shape) + " (one or two spatial dimensions are supported)");
  }
  constexpr int64_t kMostGroups = 256;
  const int64_t group = call.integer("group", 1);
  if (group < 1 || group > kMostGroups) call.refuse(std::to_string(group) + " groups");
  const auto groups = static_cast<int32_t>(group);
  if (!is_static({shape.begin() + 1, shape.end()})) {
    call.refuse("the size of its input must be known: give it with --dimension NAME=SIZE");
  }
  if (shape[1] != weights[0] || shape[1] % groups != 0) {
    call.wrong("its weights are for another number of channels");
  }
  const size_t spatial = shape.size() - 2;
  const auto strides = call.integer_list("strides");
  const Side h = spatial == 2 ? side_of(call, shape[2], weights[2], 0, spatial)
                              : Side{.whole = 1, .before = 0, .output = 1};
  const Side w = side_of(call, shape.back(), weights.back(), spatial - 1, spatial);

  const Shape filter_shape = {weights[0], weights[1], spatial == 2 ? weights[2] : 1,
                              weights.back()};
  TransposeConv op;
  op.padding = Padding::valid;
  op.stride_h = spatial == 2 && !strides.empty() ? to_int32(strides[0]) : 1;
  op.stride_w = strides.empty() ? 1 : to_int32(strides.back());
  const ValueId image = to_image(call, 0);
  if (shape[0] < 0) {
    call.refuse("a batch known only when the model runs: give it with --dimension NAME=SIZE");
  }
  // TRANSPOSE_CONV without padding makes `reached` outputs or, rounded the other way, a few more.
  const ValueId size =
      call.int32s("output_shape", {shape[0], to_int32(h.whole), to_int32(w.whole), weights[1]});
  ValueId made = in_groups(call, image, groups, [&](ValueId part, int32_t i) {
    Tensor filter = filter_of_group(call, filter_shape, i, groups);
    return call.emit(op, {size, call.in_order(filter, {1, 2, 3, 0}), part}, "transpose_conv");
  });
  if (h.whole != h.output || w.whole != w.output) {
    const ValueId begin = call.int32s("begin", {0, to_int32(h.before), to_int32(w.before), 0});
    const ValueId kept = call.int32s("size", {-1, to_int32(h.output), to_int32(w.output), -1});
    made = call.emit(Slice(), {made, begin, kept}, "crop");
  }
  if (call.has(2)) made = call.emit(Add(), {made, call.plain(2)}, "bias");
  set_from_image(call, made);
}

}  // namespace litesmith::onnx
