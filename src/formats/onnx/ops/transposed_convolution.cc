// ConvTranspose: TRANSPOSE_CONV. Padding that is not LiteRT's is cut away from the whole output.
#include <cstring>

#include "base/checked.h"
#include "formats/onnx/ops/ops.h"
#include "formats/onnx/ops/window.h"
#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/slice.h"
#include "ops/transpose_conv.h"

namespace litesmith::onnx {
namespace {

struct Side {
  int64_t whole = 1;   // outputs before anything is cut away
  int64_t before = 0;  // cut away in front
  int64_t output = 1;
  int32_t stride = 1;
  int32_t dilation = 1;
  bool same = true;  // what is cut away is what LiteRT's SAME cuts away

  bool whole_is_output() const { return before == 0 && whole == output; }
};

// SAME cuts away half of what the windows reach beyond the output, the smaller half in front.
bool is_same(const Side& side, int64_t input, int64_t reached) {
  const int64_t more = std::max<int64_t>(0, reached - side.output);
  return (side.output + side.stride - 1) / side.stride == input && side.before == more / 2;
}

// `input` elements and `size` of the kernel along spatial dimension `i`.
Side side_of(Call& call, int64_t input, int64_t size, size_t i, size_t spatial) {
  auto entry = [&](std::string_view name, size_t at, int64_t otherwise) {
    const auto list = call.integer_list(name);
    if (!list.empty() && at >= list.size()) call.wrong(std::string(name) + " is too short");
    const int64_t value = list.empty() ? otherwise : list[at];
    if (value < 0 || value > (1 << 20)) call.refuse(std::string(name) + " is out of range");
    return value;
  };
  const int64_t stride = entry("strides", i, 1);
  if (stride < 1) call.wrong("a stride is 0");
  const int64_t dilation = entry("dilations", i, 1);
  if (dilation < 1) call.wrong("a dilation is 0");
  const int64_t extra = entry("output_padding", i, 0);
  Side side;
  side.stride = to_int32(stride);
  side.dilation = to_int32(dilation);
  const int64_t reached = stride * (input - 1) + (size - 1) * dilation + 1;
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
  side.same = is_same(side, input, reached);
  return side;
}

// Zeros between the elements of filters [in, out, height, width]: LiteRT has no dilation here.
Value spread(Call& call, Value filters, int32_t dilation_h, int32_t dilation_w) {
  const Shape from = filters.shape;
  auto reach = [&](size_t axis, int64_t dilation) {
    return from[axis] == 0 ? 0 : to_int32((from[axis] - 1) * dilation + 1);
  };
  filters.shape[2] = reach(2, dilation_h);
  filters.shape[3] = reach(3, dilation_w);
  constexpr int64_t kMost = int64_t{1} << 24;
  if (checked_product({from[0], from[1], filters.shape[2], filters.shape[3]}) > kMost) {
    call.refuse("its dilations make too large a kernel");
  }
  const auto element = static_cast<size_t>(bits(filters.dtype)) / 8;
  const auto to_width = static_cast<size_t>(filters.shape[3]);
  const auto to_plane = to_width * static_cast<size_t>(filters.shape[2]);
  std::vector<std::byte> spread(static_cast<size_t>(element_count(filters.shape)) * element);
  const std::byte* source = filters.data->bytes().data();
  for (size_t plane = 0; plane < static_cast<size_t>(from[0]) * static_cast<size_t>(from[1]);
       ++plane) {
    for (size_t y = 0; y < static_cast<size_t>(from[2]); ++y) {
      for (size_t x = 0; x < static_cast<size_t>(from[3]); ++x, source += element) {
        const size_t to = plane * to_plane + y * static_cast<size_t>(dilation_h) * to_width +
                          x * static_cast<size_t>(dilation_w);
        std::memcpy(spread.data() + to * element, source, element);
      }
    }
  }
  filters.data = Buffer::of(spread);
  return filters;
}

// The filters of group `i` of `groups`, of weights whose shape is [in, out, height, width].
// Integers that DequantizeLinear makes the weights of stay integers.
Tensor filters_of_group(Call& call, const Shape& shape, int32_t i, int32_t groups, const Side& h,
                        const Side& w) {
  Tensor result{.dtype = DType::float32, .shape = shape};
  result.shape[0] = shape[0] / groups;
  const bool dilated = h.dilation != 1 || w.dilation != 1;
  const auto integers = call.input(1).quantized;
  const ValueId given = integers ? *integers : call.plain(1);
  if (!call[given].is_constant()) {
    if (groups > 1) call.refuse("groups of weights that are computed are not supported");
    if (dilated) call.refuse("dilations of weights that are computed are not supported");
    result.forms.push_back({plain_order(4), call.reshape(given, shape, "filter")});
    return result;
  }
  Value filters = call[given];
  const auto group = static_cast<size_t>(i);
  const auto bytes = call[given].data->bytes();
  const size_t size = bytes.size() / static_cast<size_t>(groups);
  const auto part = bytes.subspan(group * size, size);
  filters.data = Buffer::of(std::vector<std::byte>(part.begin(), part.end()));
  Quantization& parameters = filters.quantization;
  if (parameters.per_channel() && parameters.dimension == 0) {
    const auto rows = static_cast<std::ptrdiff_t>(result.shape[0]);
    const auto first = static_cast<std::ptrdiff_t>(group) * rows;
    parameters.scale = {parameters.scale.begin() + first, parameters.scale.begin() + first + rows};
    parameters.zero_point = {parameters.zero_point.begin() + first,
                             parameters.zero_point.begin() + first + rows};
  }
  if (call.rank(1) == 3 && parameters.dimension == 2) parameters.dimension = 3;
  filters.shape = result.shape;
  if (dilated) filters = spread(call, std::move(filters), h.dilation, w.dilation);
  result.shape = filters.shape;
  const ValueId stored = call.graph().add(std::move(filters));
  if (integers) {
    result.quantized = stored;
  } else {
    result.forms.push_back({plain_order(4), stored});
  }
  return result;
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
  const Side h = spatial == 2 ? side_of(call, shape[2], weights[2], 0, spatial) : Side();
  const Side w = side_of(call, shape.back(), weights.back(), spatial - 1, spatial);

  const Shape filter_shape = {weights[0], weights[1], spatial == 2 ? weights[2] : 1,
                              weights.back()};
  const bool is_whole = h.whole_is_output() && w.whole_is_output();
  TransposeConv op;
  op.padding = !is_whole && h.same && w.same ? Padding::same : Padding::valid;
  op.stride_h = h.stride;
  op.stride_w = w.stride;
  const bool crops = !is_whole && op.padding == Padding::valid;
  const ValueId image = to_image(call, 0);
  if (shape[0] < 0) {
    call.refuse("a batch known only when the model runs: give it with --dimension NAME=SIZE");
  }
  // TRANSPOSE_CONV without padding makes what the windows reach or, rounded the other way, a few
  // more.
  const ValueId size =
      call.int32s("output_shape", {shape[0], to_int32(crops ? h.whole : h.output),
                                   to_int32(crops ? w.whole : w.output), weights[1]});
  ValueId made = in_groups(call, image, groups, [&](ValueId part, int32_t i) {
    Tensor filters = filters_of_group(call, filter_shape, i, groups, h, w);
    std::vector<ValueId> operands = {size, call.in_order(filters, {1, 2, 3, 0}), part};
    if (call.has(2) && groups == 1) operands.push_back(call.plain(2));
    return call.emit(op, std::move(operands), "transpose_conv");
  });
  if (crops) {
    const ValueId begin = call.int32s("begin", {0, to_int32(h.before), to_int32(w.before), 0});
    const ValueId kept = call.int32s("size", {-1, to_int32(h.output), to_int32(w.output), -1});
    made = call.emit(Slice(), {made, begin, kept}, "crop");
  }
  if (call.has(2) && groups > 1) made = call.emit(Add(), {made, call.plain(2)}, "bias");
  set_from_image(call, made);
}

}  // namespace litesmith::onnx
