// One tensor's elements on another lattice: TRANSPOSE, SLICE, STRIDED_SLICE, TILE, BROADCAST_TO,
// REVERSE_V2.
#include <utility>

#include "kernels/strided_copy.h"
#include "ops/arrange.h"
#include "ops/inference.h"
#include "ops/slice.h"
#include "ops/space_depth.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

using kernels::dense_strides;
using kernels::LatticeDimension;
using kernels::StridedCopy;

// A copy from `first`, an element of the input, over these dimensions into a dense output.
BoundKernel lattice(const BindContext& context, int64_t first,
                    std::vector<LatticeDimension> dimensions) {
  const size_t size = element_bytes(context, context.output());
  if (element_count(context.output().shape) == 0) first = 0;
  StridedCopy copy(size, std::move(dimensions));
  const int64_t offset = first * static_cast<int64_t>(size);
  return {[copy = std::move(copy), offset](const StepMemory& memory) {
    copy(memory.inputs[0] + offset, memory.outputs[0]);
  }};
}

std::vector<int32_t> constant(const BindContext& context, size_t operand) {
  return constant_int32(context.node, operand);
}

}  // namespace

BoundKernel transpose(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  const auto strides_in = dense_strides(shape);
  const auto strides_out = dense_strides(context.output().shape);
  std::vector<LatticeDimension> dimensions;
  for (const int32_t from : constant(context, 1)) {
    const auto axis = static_cast<size_t>(normalize_axis(from, shape.size()));
    dimensions.push_back({shape[axis], strides_in[axis], strides_out[dimensions.size()]});
  }
  return lattice(context, 0, std::move(dimensions));
}

BoundKernel slice(const BindContext& context) {
  const Shape& shape = context.output().shape;
  const auto begin = constant(context, 1);
  const auto strides_in = dense_strides(context.input(0).shape);
  const auto strides_out = dense_strides(shape);
  int64_t first = 0;
  std::vector<LatticeDimension> dimensions;
  for (size_t d = 0; d < shape.size(); ++d) {
    first += begin[d] * strides_in[d];
    dimensions.push_back({shape[d], strides_in[d], strides_out[d]});
  }
  return lattice(context, first, std::move(dimensions));
}

BoundKernel strided_slice(const BindContext& context) {
  const auto ranges =
      strided_slice_ranges(context.op<StridedSlice>(), context.input(0).shape, constant(context, 1),
                           constant(context, 2), constant(context, 3));
  const auto strides_in = dense_strides(context.input(0).shape);
  std::vector<int32_t> counts;
  counts.reserve(ranges.size());
  for (const SliceRange& range : ranges) counts.push_back(range.count);
  const auto strides_out = dense_strides(counts);
  int64_t first = 0;
  std::vector<LatticeDimension> dimensions;
  size_t from = 0;
  for (size_t d = 0; d < ranges.size(); ++d) {
    if (ranges[d].new_axis) continue;  // one element, wherever it is looked for
    first += ranges[d].start * strides_in[from];
    dimensions.push_back({ranges[d].count, ranges[d].stride * strides_in[from], strides_out[d]});
    ++from;
  }
  return lattice(context, first, std::move(dimensions));
}

BoundKernel tile(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  const auto multiples = constant(context, 1);
  const auto strides_in = dense_strides(shape);
  const auto strides_out = dense_strides(context.output().shape);
  std::vector<LatticeDimension> dimensions;
  for (size_t d = 0; d < shape.size(); ++d) {
    dimensions.push_back({multiples[d], 0, shape[d] * strides_out[d]});
    dimensions.push_back({shape[d], strides_in[d], strides_out[d]});
  }
  return lattice(context, 0, std::move(dimensions));
}

BoundKernel reverse_v2(const BindContext& context) {
  require_same_type(context, context.input(0));
  const Shape& shape = context.output().shape;
  const auto strides = dense_strides(shape);
  std::vector<LatticeDimension> dimensions;
  for (size_t d = 0; d < shape.size(); ++d)
    dimensions.push_back({shape[d], strides[d], strides[d]});
  int64_t first = 0;
  for (const int32_t given : constant(context, 1)) {
    const auto axis = static_cast<size_t>(normalize_axis(given, shape.size()));
    if (dimensions[axis].stride_in < 0) context.unsupported("an axis is given twice");
    dimensions[axis].stride_in = -strides[axis];
    first += (shape[axis] - 1) * strides[axis];
  }
  return lattice(context, first, std::move(dimensions));
}

BoundKernel broadcast_to(const BindContext& context) {
  const Shape& from = context.input(0).shape;
  const Shape& to = context.output().shape;
  const auto strides_in = dense_strides(from);
  const auto strides_out = dense_strides(to);
  std::vector<LatticeDimension> dimensions;
  for (size_t d = 0; d < to.size(); ++d) {
    const size_t missing = to.size() - from.size();
    const bool repeats = d < missing || from[d - missing] == 1;
    dimensions.push_back({to[d], repeats ? 0 : strides_in[d - missing], strides_out[d]});
  }
  return lattice(context, 0, std::move(dimensions));
}

namespace {

// Pixels of an image with blocks, [n, h, block, w, block, c], against [n, h, w, block, block, c],
// where the blocks are channels. The image is the input or the output.
std::vector<LatticeDimension> block_dimensions(const Shape& image, int32_t block, bool from_image) {
  const int64_t channels = image[3];
  const int64_t height = image[1] / block;
  const int64_t width = image[2] / block;
  const int64_t row = image[2] * channels;         // of the image
  const int64_t pixel = block * block * channels;  // of the other side
  std::vector<LatticeDimension> dimensions = {{image[0], image[1] * row, height * width * pixel},
                                              {height, block * row, width * pixel},
                                              {block, row, block * channels},
                                              {width, block * channels, pixel},
                                              {block, channels, channels},
                                              {channels, 1, 1}};
  if (!from_image) {
    for (LatticeDimension& d : dimensions) std::swap(d.stride_in, d.stride_out);
  }
  return dimensions;
}

}  // namespace

BoundKernel space_to_depth(const BindContext& context) {
  const int32_t block = context.op<SpaceToDepth>().block_size;
  return lattice(context, 0, block_dimensions(context.input(0).shape, block, true));
}

BoundKernel depth_to_space(const BindContext& context) {
  const int32_t block = context.op<DepthToSpace>().block_size;
  return lattice(context, 0, block_dimensions(context.output().shape, block, false));
}

}  // namespace litesmith::bindings
