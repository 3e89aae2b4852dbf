// RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR of NHWC images; operand 1 is [height, width].
#pragma once

#include "ir/op.h"

namespace litesmith {

struct ResizeBilinear : OpOf<ResizeBilinear> {
  bool align_corners = false;
  bool half_pixel_centers = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(2, "align_corners", self.align_corners, false);
    visit(3, "half_pixel_centers", self.half_pixel_centers, false);
  }
};

struct ResizeNearestNeighbor : OpOf<ResizeNearestNeighbor> {
  bool align_corners = false;
  bool half_pixel_centers = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "align_corners", self.align_corners, false);
    visit(1, "half_pixel_centers", self.half_pixel_centers, false);
  }
};

}  // namespace litesmith
