#include "kernels/packing.h"

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

// Image positions that the windows of one dimension reach over.
int64_t reach(const Window& window) {
  return int64_t{window.output - 1} * window.stride + int64_t{window.taps - 1} * window.dilation +
         1;
}

}  // namespace

ImagePlan::ImagePlan(const ConvShape& shape, int32_t repeat) {
  const int64_t rows = reach(shape.rows);
  const int64_t columns = reach(shape.columns);
  padded = shape.rows.padding_before > 0 || shape.columns.padding_before > 0 ||
           rows > shape.rows.input || columns > shape.columns.input;
  // Where nothing is padded the whole image is walked over as it lies.
  const int64_t padded_rows = padded ? rows : shape.rows.input;
  const int64_t padded_columns = padded ? columns : shape.columns.input;
  const size_t elements = checked_mul(
      checked_mul(static_cast<size_t>(padded_rows), static_cast<size_t>(padded_columns)),
      checked_mul(static_cast<size_t>(shape.input_channels), static_cast<size_t>(repeat)));
  constexpr size_t limit = INT32_MAX;  // of the offsets of taps
  if (elements > limit || padded_rows > INT32_MAX || padded_columns > INT32_MAX) {
    throw Error(ErrorCode::unsupported, "a padded image of " + std::to_string(padded_rows) + " x " +
                                            std::to_string(padded_columns) +
                                            " pixels is too large");
  }
  copy = {.rows = shape.rows.input,
          .columns = shape.columns.input,
          .channels = shape.input_channels,
          .padded_rows = static_cast<int32_t>(padded_rows),
          .padded_columns = static_cast<int32_t>(padded_columns),
          .top = shape.rows.padding_before,
          .left = shape.columns.padding_before,
          .repeat = repeat};
  pixel = shape.input_channels * repeat;
  padded_size = elements;
}

Walk ImagePlan::walk(const ConvShape& shape, const PooledOutputs& pooled,
                     const std::vector<int32_t>& steps) const {
  const ptrdiff_t row_step = ptrdiff_t{shape.rows.stride} * copy.padded_columns * pixel;
  const ptrdiff_t column_step = ptrdiff_t{shape.columns.stride} * pixel;
  return {.output_rows = pooled.output_rows,
          .output_columns = pooled.output_columns,
          .row_step = row_step * pooled.row_stride,
          .column_step = column_step * pooled.column_stride,
          .pooled_rows = pooled.rows,
          .pooled_columns = pooled.columns,
          .pooled_row_step = row_step,
          .pooled_column_step = column_step,
          .steps = steps.data(),
          .step_count = static_cast<int32_t>(steps.size())};
}

std::vector<int32_t> ImagePlan::taps(const ConvShape& shape) const {
  std::vector<int32_t> result;
  for (int32_t y = 0; y < shape.rows.taps; ++y) {
    for (int32_t x = 0; x < shape.columns.taps; ++x) {
      // Within the padded image, so within int32.
      const int64_t row = int64_t{y} * shape.rows.dilation * copy.padded_columns;
      result.push_back(static_cast<int32_t>((row + int64_t{x} * shape.columns.dilation) * pixel));
    }
  }
  return result;
}

std::vector<Run> ImagePlan::runs(const ConvShape& shape) const {
  const std::vector<int32_t> offsets = taps(shape);
  const bool side_by_side = shape.groups == 1 && shape.columns.dilation == 1 &&
                            int64_t{shape.columns.taps} * pixel < INT32_MAX;
  const int32_t joined = side_by_side ? shape.columns.taps : 1;
  std::vector<Run> result;
  for (size_t i = 0; i < offsets.size(); i += static_cast<size_t>(joined)) {
    result.push_back({offsets[i], joined * shape.group_inputs()});
  }
  return result;
}

std::vector<int32_t> steps_of(const std::vector<Run>& runs, int32_t group) {
  std::vector<int32_t> result;
  for (const Run& run : runs) {
    for (int32_t term = 0; term < run.count; term += group) result.push_back(run.offset + term);
  }
  return result;
}

size_t packed_size(PackedShape packing, const std::vector<Run>& runs) {
  size_t terms = 0;
  for (const Run& run : runs) {
    terms += static_cast<size_t>((run.count + packing.group - 1) / packing.group * packing.group);
  }
  const auto channels =
      static_cast<size_t>((packing.channels + packing.lanes - 1) / packing.lanes * packing.lanes);
  return checked_mul(terms, channels);
}

}  // namespace litesmith::kernels
