// Layers that make sequences and images larger or smaller: padding, cropping, upsampling.
#include "base/error.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/sequence.h"
#include "ops/pad.h"
#include "ops/resize.h"
#include "ops/slice.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

struct Amounts {
  int32_t before;
  int32_t after;
};

// One dimension: a number for both ends, or a pair.
Amounts amounts_of(const Json& json, std::string_view key) {
  if (json.is_number()) return {to_integer(json, key), to_integer(json, key)};
  if (json.items().size() != 2) {
    throw Error(ErrorCode::format, "its '" + std::string(key) + "' is no pair of numbers");
  }
  return {to_integer(json.items()[0], key), to_integer(json.items()[1], key)};
}

// What a layer takes from, or adds to, both ends of each spatial dimension.
std::vector<Amounts> both_ends(const Json& config, std::string_view key, size_t dimensions) {
  const Json& json = config[key];
  std::vector<Amounts> result;
  if (dimensions == 1) {
    result.push_back(amounts_of(json, key));
  } else {
    for (size_t i = 0; i < dimensions; ++i) {
      const bool each = json.items().size() == dimensions;
      result.push_back(amounts_of(each ? json.items()[i] : json, key));
    }
  }
  for (const Amounts& amounts : result) {
    if (amounts.before < 0 || amounts.after < 0) {
      throw Error(ErrorCode::format, "its '" + std::string(key) + "' is negative");
    }
  }
  return result;
}

size_t first_spatial_axis(LayerCall& call) { return is_channels_first(call.config()) ? 2 : 1; }

void check_rank(LayerCall& call, size_t dimensions) {
  if (call.shape(call.input()).size() != dimensions + 2) {
    throw Error(ErrorCode::data, "its input " + to_string(call.shape(call.input())) +
                                     " is not of rank " + std::to_string(dimensions + 2));
  }
}

ValueId build_padding(LayerCall& call, size_t dimensions) {
  check_rank(call, dimensions);
  const auto ends = both_ends(call.config(), "padding", dimensions);
  const size_t rank = dimensions + 2;
  std::vector<int32_t> amounts(2 * rank, 0);
  for (size_t i = 0; i < dimensions; ++i) {
    const size_t axis = first_spatial_axis(call) + i;
    amounts[2 * axis] = ends[i].before;
    amounts[2 * axis + 1] = ends[i].after;
  }
  const ValueId paddings = call.integers("paddings", {static_cast<int32_t>(rank), 2}, amounts);
  return call.emit(Pad(), {call.input(), paddings}, "pad");
}

// x[:, before:-after, :], with the end left open where nothing is cropped there.
ValueId build_cropping(LayerCall& call, size_t dimensions) {
  check_rank(call, dimensions);
  const auto ends = both_ends(call.config(), "cropping", dimensions);
  const size_t rank = dimensions + 2;
  std::vector<int32_t> begin(rank, 0);
  std::vector<int32_t> end(rank, 0);
  StridedSlice op;
  op.begin_mask = (1 << rank) - 1;
  op.end_mask = op.begin_mask;
  for (size_t i = 0; i < dimensions; ++i) {
    const size_t axis = first_spatial_axis(call) + i;
    const Shape& shape = call.shape(call.input());
    if (shape[axis] >= 0 && int64_t{ends[i].before} + ends[i].after >= shape[axis]) {
      throw Error(ErrorCode::data, "it crops away all of its input " + to_string(shape));
    }
    begin[axis] = ends[i].before;
    op.begin_mask &= ~(1 << axis);
    if (ends[i].after > 0) {
      end[axis] = -ends[i].after;
      op.end_mask &= ~(1 << axis);
    }
  }
  const std::vector<int32_t> strides(rank, 1);
  return call.emit(op,
                   {call.input(), call.integers("begin", begin), call.integers("end", end),
                    call.integers("strides", strides)},
                   "crop");
}

int32_t enlarged(int32_t size, int32_t factor) {
  int32_t result = 0;
  if (factor < 1 || __builtin_mul_overflow(size, factor, &result)) {
    throw Error(ErrorCode::format, "a size of " + std::to_string(factor));
  }
  return result;
}

ValueId build_up_sampling(LayerCall& call, size_t dimensions) {
  check_rank(call, dimensions);
  const std::vector<int32_t> factors = call.config().integers("size", dimensions);
  const ValueId image = to_image(call, call.input());
  const ValueId size =
      call.integers("size", {dimensions == 2 ? enlarged(call.size(image, 1), factors.front()) : 1,
                             enlarged(call.size(image, 2), factors.back())});
  ValueId result;
  if (call.config().string("interpolation", "nearest") == "bilinear") {
    ResizeBilinear op;
    op.half_pixel_centers = true;
    result = call.emit(op, {image, size}, "resize");
  } else {
    result = call.emit(ResizeNearestNeighbor(), {image, size}, "resize");
  }
  return from_image(call, result, dimensions + 2);
}

}  // namespace

void check_resizing(const Json& config) {
  check_up_sampling(config);
  for (const char* option : {"crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"}) {
    if (config.flag(option, false)) {
      throw Error(ErrorCode::unsupported, std::string(option) + "=True is not supported");
    }
  }
}

// Pixels are areas, whose centers are matched. Of integers Keras 3 makes integers.
ValueId build_resizing(LayerCall& call) {
  check_rank(call, 2);
  const ValueId image = to_image(call, call.input());
  const ValueId size =
      call.integers("size", {call.config().integer("height"), call.config().integer("width")});
  ValueId result;
  if (call.config().string("interpolation", "bilinear") == "bilinear") {
    ResizeBilinear op;
    op.half_pixel_centers = true;
    result = call.emit(op, {image, size}, "resize");
    const bool of_integers = before_cast(call, call.input()) != call.input();
    if (of_integers && call.dialect().major >= 3) result = call.emit(Round(), {result}, "round");
  } else {
    ResizeNearestNeighbor op;
    op.half_pixel_centers = true;
    result = call.emit(op, {image, size}, "resize");
  }
  return from_image(call, result, 4);
}

void check_up_sampling(const Json& config) {
  check_data_format(config);
  const std::string interpolation = config.string("interpolation", "nearest");
  if (interpolation != "nearest" && interpolation != "bilinear") {
    throw Error(ErrorCode::unsupported,
                "the interpolation '" + interpolation + "' is not supported");
  }
}

ValueId build_zero_padding1d(LayerCall& call) { return build_padding(call, 1); }
ValueId build_zero_padding2d(LayerCall& call) { return build_padding(call, 2); }
ValueId build_cropping1d(LayerCall& call) { return build_cropping(call, 1); }
ValueId build_cropping2d(LayerCall& call) { return build_cropping(call, 2); }
ValueId build_up_sampling1d(LayerCall& call) { return build_up_sampling(call, 1); }
ValueId build_up_sampling2d(LayerCall& call) { return build_up_sampling(call, 2); }

}  // namespace litesmith::keras
