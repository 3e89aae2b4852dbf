// Resizing by any filter, for what RESIZE_BILINEAR cannot do.
#pragma once

#include <string>

#include "formats/onnx/call.h"

namespace litesmith::onnx {

// One dimension that is resized.
struct ResizedAxis {
  int32_t input;
  int32_t output;
  double scale;  // as given: output / input where sizes were
};

// The position in the input that output position `x` means by ONNX's rule (the attribute
// coordinate_transformation_mode).
double source_of(const ResizedAxis& axis, int32_t x, const std::string& rule);

struct Filter {
  bool cubic = false;      // of Keys, "Cubic convolution interpolation", 1981; else a triangle
  double a = -0.75;        // the cubic's coefficient
  bool antialias = false;  // made as wide as the step where elements become fewer
  bool exclude_outside =
      false;  // what lies outside the input has no part in a sum; else it is the border
};

// Output 0 is input 0, an image [batch, channels, height, width], resized.
void resample(Call& call, const ResizedAxis& height, const ResizedAxis& width,
              const std::string& rule, const Filter& filter);

}  // namespace litesmith::onnx
