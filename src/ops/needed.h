// Which part of an op's input the needed part of its output depends on: the pieces that the ops'
// definitions are made of.
#pragma once

#include <span>

#include "ir/graph.h"
#include "ir/region.h"

namespace litesmith {

// Each element of the output depends on the element in the same place, of operands that broadcast.
Region needed_same_place(const NodeView& node, size_t input, std::span<const Region> outputs);
// The same, but a whole row along the last dimension.
Region needed_rows(const NodeView& node, size_t input, std::span<const Region> outputs);

// What a window that slides over a dimension of `input_size` covers.
struct Window {
  int32_t size;
  int32_t stride;
  int32_t dilation;
  Padding padding;
};
IndexSet needed_by_window(const IndexSet& output, int32_t input_size, const Window& window);
// An NHWC op with a window over height and width; `channels` are those of the input it needs.
Region needed_by_windows(const NodeView& node, std::span<const Region> outputs,
                         const Window& height, const Window& width, IndexSet channels);

// Input index = output index * step + offset, where that exists.
IndexSet needed_shifted(const IndexSet& output, int32_t input_size, int64_t step, int64_t offset);

}  // namespace litesmith
