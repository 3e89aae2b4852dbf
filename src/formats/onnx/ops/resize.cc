// Resize and Upsample of images.
//
// ONNX has six ways to say which input position an output position means; LiteRT has three. What
// none of them gives is gathered row by row and column by column for `nearest`, and else resampled.
#include "ops/resize.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "formats/onnx/ops/ops.h"
#include "formats/onnx/ops/resample.h"
#include "ops/slice.h"

namespace litesmith::onnx {
namespace {

int32_t nearest(double position, const std::string& rounding, int32_t size) {
  double result = 0;
  if (rounding == "floor") {
    result = std::floor(position);
  } else if (rounding == "ceil") {
    result = std::ceil(position);
  } else if (rounding == "round_prefer_ceil") {
    result = std::floor(position + 0.5);
  } else {
    result = std::ceil(position - 0.5);
  }
  return static_cast<int32_t>(std::clamp<double>(result, 0, size - 1));
}

std::vector<int32_t> nearest_positions(const ResizedAxis& axis, const std::string& rule,
                                       const std::string& rounding) {
  std::vector<int32_t> result;
  result.reserve(static_cast<size_t>(axis.output));
  for (int32_t x = 0; x < axis.output; ++x) {
    result.push_back(nearest(source_of(axis, x, rule), rounding, axis.input));
  }
  return result;
}

// What RESIZE_NEAREST_NEIGHBOR takes without its flags.
std::vector<int32_t> plain_positions(const ResizedAxis& axis) {
  const float scale = static_cast<float>(axis.input) / static_cast<float>(axis.output);
  std::vector<int32_t> result;
  result.reserve(static_cast<size_t>(axis.output));
  for (int32_t x = 0; x < axis.output; ++x) {
    result.push_back(
        std::min(static_cast<int32_t>(std::floor(static_cast<float>(x) * scale)), axis.input - 1));
  }
  return result;
}

void resize(Call& call, const std::vector<double>& scales, const std::vector<int64_t>& sizes,
            const std::string& mode, const std::string& rule, const std::string& rounding,
            const Filter& filter) {
  const size_t rank = call.rank(0);
  if (rank != 4)
    call.refuse("an input of shape " + to_string(call.shape(0)) + "; images are supported");
  const Shape& shape = call.shape(0);
  std::vector<ResizedAxis> axes;
  for (size_t i = 0; i < rank; ++i) {
    const bool same = sizes.empty() ? scales[i] == 1 : sizes[i] == shape[i];
    if (i < 2) {
      if (!same && shape[i] >= 0) call.refuse("it resizes the batch or the channels");
      continue;
    }
    if (shape[i] < 0) {
      call.refuse(
          "it resizes a dimension known only when the model runs: give it a value with "
          "--dimension NAME=SIZE");
    }
    const double scale =
        sizes.empty() ? scales[i] : static_cast<double>(sizes[i]) / static_cast<double>(shape[i]);
    const double output =
        sizes.empty() ? std::floor(shape[i] * scale) : static_cast<double>(sizes[i]);
    if (!(output >= 1 && output <= (1 << 20)))
      call.refuse("an output of " + std::to_string(output));
    axes.push_back({shape[i], static_cast<int32_t>(output), scale});
  }
  for (const ResizedAxis& axis : axes) {
    if (rule == "align_corners" && axis.scale * axis.input != axis.output) {
      call.refuse("align_corners with a scale of " + std::to_string(axis.scale) + " for " +
                  std::to_string(axis.input) + " elements is not supported");
    }
  }
  const Order order = channels_last(4);
  if (mode == "nearest") {
    ValueId x = call.value(0, order);
    bool plain = true;
    std::vector<std::vector<int32_t>> positions;
    for (const ResizedAxis& axis : axes) {
      positions.push_back(nearest_positions(axis, rule, rounding));
      plain &= positions.back() == plain_positions(axis);
    }
    if (plain) {
      const ValueId size = call.int32s("size", {axes[0].output, axes[1].output});
      x = call.emit(ResizeNearestNeighbor(), {x, size}, "resize");
    } else {
      for (int32_t i = 0; i < 2; ++i) {
        Gather op;
        op.axis = 1 + i;
        const std::string part = i == 0 ? "rows" : "columns";
        x = call.emit(op, {x, call.int32s(part + "_taken", positions[static_cast<size_t>(i)])},
                      part);
      }
    }
    return call.set(0, x, order, true);
  }
  ResizeBilinear op;
  op.align_corners = rule == "align_corners";
  op.half_pixel_centers = rule == "half_pixel" || rule == "pytorch_half_pixel";
  const bool known = op.align_corners || op.half_pixel_centers || rule == "asymmetric";
  // LiteRT knows sizes only: the scale they mean must be the one that was given.
  const bool exact = std::all_of(axes.begin(), axes.end(), [&](const ResizedAxis& axis) {
    return axis.scale * axis.input == axis.output &&
           (rule != "pytorch_half_pixel" || axis.output > 1);
  });
  if (filter.cubic || filter.antialias || filter.exclude_outside || !known || !exact) {
    return resample(call, axes[0], axes[1], rule, filter);
  }
  const ValueId size = call.int32s("size", {axes[0].output, axes[1].output});
  call.set(0, call.emit(op, {call.value(0, order), size}, "resize"), order, true);
}

// Throws for a mode that is none.
Filter filter_of(const Call& call, const std::string& mode) {
  if (mode != "nearest" && mode != "linear" && mode != "cubic") {
    call.refuse("the mode '" + mode + "' is not supported (nearest, linear and cubic are)");
  }
  return {.cubic = mode == "cubic",
          .a = call.number("cubic_coeff_a", -0.75f),
          .antialias = call.integer("antialias", 0) != 0,
          .exclude_outside = call.integer("exclude_outside", 0) != 0};
}

}  // namespace

void build_resize(Call& call) {
  const bool first = call.opset() < 11;  // Resize-10: scales are input 1, positions asymmetric
  const std::string mode = call.text("mode", "nearest");
  if (call.text("keep_aspect_ratio_policy", "stretch") != "stretch") {
    call.refuse("keep_aspect_ratio_policy is not supported");
  }
  std::vector<double> scales;
  std::vector<int64_t> sizes;
  const size_t at = first ? 1 : 2;
  if (call.has(at)) {
    for (const float scale : call.floats(at, "the scales")) scales.push_back(scale);
  }
  if (scales.empty() && call.has(3)) {
    // Batch and channels may be unknown, as long as they stay.
    const auto known = call.known(3);
    if (!known) static_cast<void>(call.integers(3, "the sizes"));
    for (size_t i = 0; i < known->size(); ++i) {
      const double size = (*known)[i];
      const bool kept = std::isnan(size) && i < 2;
      if (std::isnan(size) && !kept) static_cast<void>(call.integers(3, "the sizes"));
      sizes.push_back(kept ? -1 : to_integer(size));
    }
  }
  if (call.has_attribute("axes")) {
    const auto axes = call.integer_list("axes");
    const size_t rank = call.rank(0);
    const size_t given = scales.empty() ? sizes.size() : scales.size();
    if (axes.size() != given) call.wrong("its axes do not fit");
    std::vector<double> all_scales(rank, 1);
    std::vector<int64_t> all_sizes(call.shape(0).begin(), call.shape(0).end());
    for (size_t i = 0; i < axes.size(); ++i) {
      const auto dim = static_cast<size_t>(call.axis(axes[i], rank));
      if (scales.empty())
        all_sizes[dim] = sizes[i];
      else
        all_scales[dim] = scales[i];
    }
    if (scales.empty())
      sizes = all_sizes;
    else
      scales = all_scales;
  }
  const size_t given = scales.empty() ? sizes.size() : scales.size();
  if (given != call.rank(0)) call.wrong("its sizes do not fit " + to_string(call.shape(0)));
  const std::string rule =
      first ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel");
  const std::string rounding = first ? "floor" : call.text("nearest_mode", "round_prefer_floor");
  if (rule == "tf_crop_and_resize") call.refuse("tf_crop_and_resize is not supported");
  resize(call, scales, sizes, mode, rule, rounding, filter_of(call, mode));
}

void build_upsample(Call& call) {
  std::vector<double> scales;
  if (call.opset() >= 9) {
    for (const float scale : call.floats(1, "the scales")) scales.push_back(scale);
  } else if (const Attribute* given = call.node().find("scales")) {
    scales.assign(given->numbers.begin(), given->numbers.end());
  }
  if (scales.size() != call.rank(0))
    call.wrong("its scales do not fit " + to_string(call.shape(0)));
  const std::string given = call.text("mode", "nearest");
  const std::string mode = given == "bilinear" ? "linear" : given;
  resize(call, scales, {}, mode, "asymmetric", "floor", filter_of(call, mode));
}

}  // namespace litesmith::onnx
