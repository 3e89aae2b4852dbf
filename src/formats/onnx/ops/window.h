// What Conv and the pools share: windows, the padding around them, sequences as images.
#pragma once

#include "formats/onnx/call.h"

namespace litesmith::onnx {

// Along one spatial dimension.
struct WindowAxis {
  int32_t size = 1;
  int32_t stride = 1;
  int32_t dilation = 1;
  int32_t before = 0;  // padding
  int32_t after = 0;
  int32_t extra = 0;  // more of it that ceil_mode asks for, where no average counts
  int32_t input = 0;  // kDynamic when only known when the model runs
  int32_t output = 0;

  int32_t extent() const { return (size - 1) * dilation + 1; }
  bool pads() const { return before != 0 || after != 0 || extra != 0; }
};

struct Window2D {
  WindowAxis height;
  WindowAxis width;
};

// The attributes kernel_shape, strides, dilations, pads, auto_pad and ceil_mode of a node whose
// first input has one or two spatial dimensions; `kernel` is the filter's own shape, when there is
// one. A sequence becomes an image of height 1.
Window2D window_of(const Call& call, const std::vector<int64_t>& kernel);

// True when LiteRT's SAME pads exactly so.
bool is_same(const Window2D& window);
bool pads(const Window2D& window);

// Input 0, which has three or four dimensions, as [batch, height, width, channels].
ValueId to_image(Call& call, size_t i);
// Output 0 from such an image, of as many dimensions as input 0.
void set_from_image(Call& call, ValueId image);
// How many rows and columns are added to an image, as PAD and its like take it.
ValueId pad_amounts(Call& call, const Window2D& window);
// The image with rows and columns added. Value `fill`, zero when there is none.
ValueId pad_image(Call& call, ValueId image, const Window2D& window, std::optional<float> fill);

}  // namespace litesmith::onnx
