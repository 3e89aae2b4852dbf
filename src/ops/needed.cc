#include "ops/needed.h"

#include <algorithm>

#include "ops/geometry.h"

namespace litesmith {
namespace {

// Dimensions of unknown or unusual size are needed as a whole: always true, if not always sharp.
bool too_large(const IndexSet& output, int32_t input_size) {
  return std::min(input_size, output.size()) < 0 ||
         std::max(input_size, output.size()) > IndexSet::kLargestTracked;
}

}  // namespace

Region needed_same_place(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  const Region& output = outputs[0];
  if (shape.size() > output.dims.size()) return Region::all(shape);
  Region region = Region::none(shape);
  region.nothing = output.nothing;
  for (size_t i = 0; i < shape.size(); ++i) {
    const IndexSet& wanted = output.dims[i + output.dims.size() - shape.size()];
    if (wanted.size() == shape[i]) {
      region.dims[i] = wanted;
    } else if (!wanted.is_empty()) {
      region.dims[i] = IndexSet::all(shape[i]);  // broadcast
    }
  }
  return region;
}

Region needed_rows(const NodeView& node, size_t input, std::span<const Region> outputs) {
  Region region = needed_same_place(node, input, outputs);
  if (!region.nothing && !region.dims.empty()) {
    region.dims.back() = IndexSet::all(region.dims.back().size());
  }
  return region;
}

IndexSet needed_by_window(const IndexSet& output, int32_t input_size, const Window& window) {
  if (too_large(output, input_size)) return IndexSet::all(input_size);
  const int64_t before = window.padding == Padding::valid
                             ? 0
                             : window_padding_before(input_size, output.size(), window.size,
                                                     window.stride, window.dilation);
  // Beyond this, walking every window is not worth the answer.
  constexpr int64_t kLargestWalk = 1 << 22;
  if (int64_t{output.size()} * window.size > kLargestWalk) return IndexSet::all(input_size);
  IndexSet input = IndexSet::none(input_size);
  for (int32_t o = 0; o < output.size() && !input.is_all(); ++o) {
    if (!output.contains(o)) continue;
    for (int32_t k = 0; k < window.size; ++k) {
      const int64_t at = int64_t{o} * window.stride - before + int64_t{k} * window.dilation;
      if (at >= 0 && at < input_size) input.add(static_cast<int32_t>(at));
    }
  }
  return input;
}

Region needed_by_windows(const NodeView& node, std::span<const Region> outputs,
                         const Window& height, const Window& width, IndexSet channels) {
  const Shape& shape = node.input(0).shape;
  const Region& output = outputs[0];
  Region region;
  region.nothing = output.nothing;
  region.dims = {output.dims[0], needed_by_window(output.dims[1], shape[1], height),
                 needed_by_window(output.dims[2], shape[2], width), std::move(channels)};
  return region;
}

IndexSet needed_shifted(const IndexSet& output, int32_t input_size, int64_t step, int64_t offset) {
  if (too_large(output, input_size)) return IndexSet::all(input_size);
  if (output.is_all() && step == 1 && offset <= 0 && offset + output.size() >= input_size) {
    return IndexSet::all(input_size);
  }
  IndexSet input = IndexSet::none(input_size);
  for (int32_t o = 0; o < output.size() && !input.is_all(); ++o) {
    const int64_t at = o * step + offset;
    if (output.contains(o) && at >= 0 && at < input_size) input.add(static_cast<int32_t>(at));
  }
  return input;
}

}  // namespace litesmith
