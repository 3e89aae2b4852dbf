// Flatten, Reshape, Permute and RepeatVector.
#include <numeric>

#include "base/error.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "ops/arrange.h"
#include "ops/reshape.h"

namespace litesmith::keras {
namespace {

// Elements of one sample.
int32_t sample_size(LayerCall& call, ValueId x) {
  int64_t count = 1;
  for (size_t axis = 1; axis < call.shape(x).size(); ++axis) {
    if (__builtin_mul_overflow(count, int64_t{call.size(x, static_cast<int>(axis))}, &count) ||
        count > INT32_MAX) {
      throw Error(ErrorCode::data, "its input " + to_string(call.shape(x)) + " is too large");
    }
  }
  return static_cast<int32_t>(count);
}

}  // namespace

ValueId build_flatten(LayerCall& call) {
  ValueId x = call.input();
  const size_t rank = call.shape(x).size();
  if (is_channels_first(call.config()) && rank > 2) {
    std::vector<int32_t> channels_last(rank);
    std::iota(channels_last.begin(), channels_last.end(), 1);
    channels_last.front() = 0;
    channels_last.back() = 1;
    x = call.emit(Transpose(), {x, call.integers("to_channels_last", channels_last)},
                  "channels_last");
  }
  const ValueId target = call.integers("shape", {-1, sample_size(call, x)});
  return call.emit(Reshape(), {x, target}, "reshape");
}

ValueId build_reshape(LayerCall& call) {
  const ValueId x = call.input();
  const int32_t count = sample_size(call, x);
  std::vector<int32_t> target = {-1};
  int32_t* unknown = nullptr;
  int64_t known = 1;
  const Json::Array& dims = call.config()["target_shape"].items();
  target.reserve(dims.size() + 1);
  for (const Json& dim : dims) {
    target.push_back(to_integer(dim, "target_shape"));
    if (target.back() == -1 && unknown == nullptr) {
      unknown = &target.back();
    } else if (target.back() < 0 || __builtin_mul_overflow(known, int64_t{target.back()}, &known)) {
      throw Error(ErrorCode::format, "its target shape is none");
    }
  }
  if (unknown != nullptr) *unknown = known > 0 ? static_cast<int32_t>(count / known) : 0;
  if ((unknown != nullptr ? known * *unknown : known) != count) {
    throw Error(ErrorCode::data, "an input of " + std::to_string(count) +
                                     " elements does not fill its target shape");
  }
  return call.emit(Reshape(), {x, call.integers("shape", target)}, "reshape");
}

ValueId build_permute(LayerCall& call) {
  // Keras counts from 1 and leaves the batch out.
  std::vector<int32_t> permutation = {0};
  for (const Json& dim : call.config()["dims"].items()) {
    permutation.push_back(to_integer(dim, "dims"));
  }
  return call.emit(Transpose(), {call.input(), call.integers("permutation", permutation)},
                   "transpose");
}

ValueId build_repeat_vector(LayerCall& call) {
  const ValueId x = call.input();
  const ValueId target = call.integers("shape", {-1, 1, sample_size(call, x)});
  const ValueId column = call.emit(Reshape(), {x, target}, "reshape");
  const ValueId counts = call.integers("counts", {1, call.config().integer("n"), 1});
  return call.emit(Tile(), {column, counts}, "tile");
}

}  // namespace litesmith::keras
