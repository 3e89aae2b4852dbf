// Pooling over windows of sequences and images, and over all of them.
#include "base/error.h"
#include "formats/keras/layers/convolution.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/masking.h"
#include "ops/binary.h"
#include "ops/pool_2d.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/shape_and_cast.h"

namespace litesmith::keras {
namespace {

template <class Op>
ValueId build_pooling(LayerCall& call, size_t dimensions) {
  const Json& config = call.config();
  const std::vector<int32_t> window = config.integers("pool_size", dimensions);
  const std::vector<int32_t> strides =
      config["strides"].is_null() ? window : config.integers("strides", dimensions);
  Op op;
  op.padding = to_padding(config.string("padding", "valid"));
  op.filter_width = window.back();
  op.stride_w = strides.back();
  op.filter_height = dimensions == 2 ? window.front() : 1;
  op.stride_h = dimensions == 2 ? strides.front() : 1;
  const ValueId result = call.emit(op, {to_image(call, call.input())}, "pool");
  return from_image(call, result, dimensions + 2);
}

template <class Op>
ValueId build_global_pooling(LayerCall& call, size_t dimensions) {
  const int32_t first = is_channels_first(call.config()) ? 2 : 1;
  const ValueId axes = dimensions == 1 ? call.integers("axes", {}, {first})
                                       : call.integers("axes", {first, first + 1});
  Op op;
  op.keep_dims = call.config().flag("keepdims", false);
  return call.emit(op, {call.input(), axes}, "pool");
}

// The sum of the steps that count, over how many they are.
ValueId mean_of_counted(LayerCall& call, ValueId mask) {
  if (is_channels_first(call.config())) {
    throw Error(ErrorCode::unsupported, "channels_first and a mask together are not supported");
  }
  const ValueId counts = with_axis(call, mask, 2);
  const ValueId counted =
      call.emit(SelectV2(), {counts, call.input(), call.scalar("zero", 0)}, "counted");
  Cast cast;
  cast.in_data_type = DType::boolean;
  cast.out_data_type = DType::float32;
  Sum op;
  op.keep_dims = call.config().flag("keepdims", false);
  const ValueId steps = call.integers("steps", {1}, {1});
  const ValueId sum = call.emit(op, {counted, steps}, "sum");
  const ValueId count = call.emit(op, {call.emit(cast, {counts}, "ones"), steps}, "count");
  return call.emit(Div(), {sum, count}, "mean");
}

}  // namespace

void check_pooling(const Json& config) {
  check_data_format(config);
  static_cast<void>(to_padding(config.string("padding", "valid")));
}

ValueId build_max_pooling1d(LayerCall& call) { return build_pooling<MaxPool2D>(call, 1); }
ValueId build_max_pooling2d(LayerCall& call) { return build_pooling<MaxPool2D>(call, 2); }
ValueId build_average_pooling1d(LayerCall& call) { return build_pooling<AveragePool2D>(call, 1); }
ValueId build_average_pooling2d(LayerCall& call) { return build_pooling<AveragePool2D>(call, 2); }

ValueId build_global_average_pooling1d(LayerCall& call) {
  if (call.masks().size() == 1 && call.masks().front()) {
    return mean_of_counted(call, call.masks().front()->value());
  }
  return build_global_pooling<Mean>(call, 1);
}
ValueId build_global_average_pooling2d(LayerCall& call) {
  return build_global_pooling<Mean>(call, 2);
}
ValueId build_global_max_pooling1d(LayerCall& call) {
  return build_global_pooling<ReduceMax>(call, 1);
}
ValueId build_global_max_pooling2d(LayerCall& call) {
  return build_global_pooling<ReduceMax>(call, 2);
}

}  // namespace litesmith::keras
