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
  constexpr size_t limit = size_t{1} << 32;
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

Walk ImagePlan::walk(const ConvShape& shape, const std::vector<Run>& runs) const {
  return {.output_rows = shape.rows.output,
          .output_columns = shape.columns.output,
          .row_step = ptrdiff_t{shape.rows.stride} * copy.padded_columns * pixel,
          .column_step = ptrdiff_t{shape.columns.stride} * pixel,
          .runs = runs.data(),
          .run_count = static_cast<int32_t>(runs.size())};
}

std::vector<Run> ImagePlan::taps(const ConvShape& shape) const {
  std::vector<Run> result;
  for (int32_t y = 0; y < shape.rows.taps; ++y) {
    for (int32_t x = 0; x < shape.columns.taps; ++x) {
      const ptrdiff_t row = ptrdiff_t{y} * shape.rows.dilation * copy.padded_columns;
      result.push_back({(row + ptrdiff_t{x} * shape.columns.dilation) * pixel, pixel});
    }
  }
  return result;
}

std::vector<Run> ImagePlan::runs(const ConvShape& shape) const {
  std::vector<Run> result = taps(shape);
  const bool side_by_side = shape.groups == 1 && shape.columns.dilation == 1 &&
                            int64_t{shape.columns.taps} * pixel < INT32_MAX;
  if (!side_by_side) {
    for (Run& run : result) run.count = shape.group_inputs();
    return result;
  }
  std::vector<Run> rows;
  for (size_t i = 0; i < result.size(); i += static_cast<size_t>(shape.columns.taps)) {
    rows.push_back({result[i].offset, shape.columns.taps * pixel});
  }
  return rows;
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

std::vector<int32_t> split_into_chunks(std::vector<Run>& runs, int32_t terms, int32_t group) {
  const int32_t limit = terms / group * group;
  std::vector<Run> split;
  std::vector<int32_t> ends;
  int32_t used = 0;
  for (Run run : runs) {
    while (run.count > 0) {
      if (used == limit) {
        ends.push_back(static_cast<int32_t>(split.size()));
        used = 0;
      }
      // What a run takes is rounded up to whole groups, so what is left of a chunk is whole groups.
      const int32_t taken = std::min(run.count, limit - used);
      split.push_back({run.offset, taken});
      used += (taken + group - 1) / group * group;
      run.offset += taken;
      run.count -= taken;
    }
  }
  ends.push_back(static_cast<int32_t>(split.size()));
  runs = std::move(split);
  return ends;
}

}  // namespace litesmith::kernels
