#include "formats/keras/layers/image_layout.h"

#include "base/error.h"
#include "formats/keras/activations.h"
#include "ops/arrange.h"
#include "ops/reshape.h"

namespace litesmith::keras {
namespace {

constexpr size_t kImageRank = 4;
constexpr size_t kSequenceRank = 3;

}  // namespace

bool is_channels_first(const Json& config) {
  return config.string("data_format", "channels_last") == "channels_first";
}

void check_data_format(const Json& config) {
  const std::string format = config.string("data_format", "channels_last");
  if (format != "channels_last" && format != "channels_first") {
    throw Error(ErrorCode::unsupported, "the data format '" + format + "' is not supported");
  }
}

Padding to_padding(std::string_view text) {
  if (text == "valid") return Padding::valid;
  if (text == "same") return Padding::same;
  throw Error(ErrorCode::unsupported, "the padding '" + std::string(text) + "' is not supported");
}

ValueId to_image(LayerCall& call, ValueId x) {
  const size_t rank = call.shape(x).size();
  if (rank != kImageRank && rank != kSequenceRank) {
    throw Error(ErrorCode::data,
                "its input " + to_string(call.shape(x)) + " is neither a sequence nor an image");
  }
  if (is_channels_first(call.config())) {
    const std::vector<int32_t> order =
        rank == kImageRank ? std::vector<int32_t>{0, 2, 3, 1} : std::vector<int32_t>{0, 2, 1};
    x = call.emit(Transpose(), {x, call.integers("to_channels_last", order)}, "channels_last");
  }
  if (rank == kImageRank) return x;
  return call.emit(ExpandDims(), {x, call.integers("height_axis", {}, {1})}, "expand_dims");
}

ValueId from_image(LayerCall& call, ValueId x, size_t rank) {
  if (rank == kSequenceRank) {
    const Shape& image = call.shape(x);
    if (image[2] >= 0 && image[3] >= 0) {
      const ValueId target = call.integers("sequence_shape", {image[0], image[2], image[3]});
      x = call.emit(Reshape(), {x, target}, "squeeze");
    } else {
      Squeeze op;
      op.squeeze_dims = {1};
      x = call.emit(op, {x}, "squeeze");
    }
  }
  if (is_channels_first(call.config())) {
    const std::vector<int32_t> order =
        rank == kImageRank ? std::vector<int32_t>{0, 3, 1, 2} : std::vector<int32_t>{0, 2, 1};
    x = call.emit(Transpose(), {x, call.integers("to_channels_first", order)}, "channels_first");
  }
  return x;
}

ValueId activate_and_leave(LayerCall& call, const Json& activation, ValueId x, size_t rank) {
  if (is_elementwise(activation)) {
    return from_image(call, emit_activation(call, activation, x), rank);
  }
  return emit_activation(call, activation, from_image(call, x, rank));
}

}  // namespace litesmith::keras
