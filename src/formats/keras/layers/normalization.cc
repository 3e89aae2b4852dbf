// BatchNormalization (a product and a sum with constants, by the moving statistics),
// LayerNormalization, GroupNormalization and UnitNormalization.
#include "formats/keras/layers/normalization.h"

#include <cmath>

#include "base/checked.h"
#include "base/error.h"
#include "formats/compose/moments.h"
#include "formats/keras/layers/layers.h"
#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

// "axis": one integer, or a list of one (Keras 2).
int32_t single_axis(const Json& config) {
  const Json& axis = config["axis"];
  if (axis.items().size() == 1) return to_integer(axis.items().front(), "axis");
  return config.integer("axis", -1);
}

struct Affine {
  std::vector<float> scale;
  std::vector<float> offset;
};

// y = x * scale + offset, each step rounded to float32 in TensorFlow's order: the reciprocal root,
// times gamma; then beta minus mean times that.
Affine fold_statistics(LayerCall& call, int32_t channels) {
  const auto mean = call.weight("moving_mean", {channels}).elements.as<float>();
  const auto variance = call.weight("moving_variance", {channels}).elements.as<float>();
  const auto epsilon = static_cast<float>(call.config().number("epsilon", 1e-3));
  const auto count = static_cast<size_t>(channels);
  Affine result{std::vector<float>(count), std::vector<float>(count)};
  for (size_t i = 0; i < count; ++i) result.scale[i] = 1.0f / std::sqrt(variance[i] + epsilon);
  if (call.has_weight("gamma")) {
    const auto gamma = call.weight("gamma", {channels}).elements.as<float>();
    for (size_t i = 0; i < count; ++i) result.scale[i] *= gamma[i];
  }
  for (size_t i = 0; i < count; ++i) result.offset[i] = -(mean[i] * result.scale[i]);
  if (call.has_weight("beta")) {
    const auto beta = call.weight("beta", {channels}).elements.as<float>();
    for (size_t i = 0; i < count; ++i) result.offset[i] += beta[i];
  }
  return result;
}

// (x - mean) * inv + beta, inv = gamma / sqrt(variance + epsilon), over these axes; gamma and beta,
// of `size` elements, have this shape.
ValueId standardized(LayerCall& call, ValueId x, const std::vector<int32_t>& over, int32_t size,
                     const Shape& shape) {
  auto parameter = [&](std::string_view name) {
    return call.constant(name, [&] {
      WeightArray array = call.weight(name, {size});
      array.shape = shape;
      return array;
    });
  };
  const ValueId axes = call.integers("axes", over);
  compose::Composer composer = call.composer();
  const compose::Moments moments = compose::moments(composer, x, axes);
  const auto epsilon = static_cast<float>(call.config().number("epsilon", 1e-3));
  ValueId inverse =
      compose::inverse_deviation(composer, moments, axes, call.scalar("epsilon", epsilon));
  if (call.has_weight("gamma")) {
    inverse = call.emit(Mul(), {inverse, parameter("gamma")}, "scale");
  }
  const ValueId scaled = call.emit(Mul(), {moments.distance, inverse}, "scaled");
  if (!call.has_weight("beta")) return scaled;
  return call.emit(Add(), {scaled, parameter("beta")}, "sum");
}

}  // namespace

std::vector<Variable> batch_normalization_variables(const Json& config) {
  std::vector<Variable> result;
  if (config.flag("scale", true)) result.push_back({"gamma"});
  if (config.flag("center", true)) result.push_back({"beta"});
  result.push_back({"moving_mean", false});
  result.push_back({"moving_variance", false});
  return result;
}

void check_batch_normalization(const Json& config) {
  if (config["axis"].items().size() > 1) {
    throw Error(ErrorCode::unsupported, "batch normalization over several axes is not supported");
  }
  if (config.flag("renorm", false)) {
    throw Error(ErrorCode::unsupported, "batch renormalization is not supported");
  }
}

ValueId build_batch_normalization(LayerCall& call) {
  const ValueId x = call.input();
  const size_t rank = call.shape(x).size();
  const auto axis = static_cast<size_t>(normalize_axis(single_axis(call.config()), rank));
  const int32_t channels = call.size(x, static_cast<int>(axis));
  Shape shape = {channels};
  if (axis + 1 != rank) {
    shape.assign(rank, 1);
    shape[axis] = channels;
  }
  const Affine affine = fold_statistics(call, channels);
  const ValueId scaled = call.emit(Mul(), {x, call.floats("scale", shape, affine.scale)}, "mul");
  return call.emit(Add(), {scaled, call.floats("offset", shape, affine.offset)}, "add");
}

std::vector<Variable> layer_normalization_variables(const Json& config) {
  std::vector<Variable> result;
  if (config.flag("scale", true)) result.push_back({"gamma"});
  if (config.flag("center", true)) result.push_back({"beta"});
  return result;
}

void check_layer_normalization(const Json& config) {
  if (config["axis"].items().size() > 1) {
    throw Error(ErrorCode::unsupported, "layer normalization over several axes is not supported");
  }
  if (config.flag("rms_scaling", false)) {
    throw Error(ErrorCode::unsupported, "layer normalization with rms_scaling is not supported");
  }
}

ValueId build_layer_normalization(LayerCall& call) {
  const ValueId x = call.input();
  const size_t rank = call.shape(x).size();
  const int32_t axis = normalize_axis(single_axis(call.config()), rank);
  const int32_t size = call.size(x, axis);
  Shape shape(rank, 1);
  shape[static_cast<size_t>(axis)] = size;
  return standardized(call, x, {axis}, size, shape);
}

// As four dimensions, the groups and what is in a group two of them: [batch, before, groups, size]
// or [batch, groups, size, behind] (Wu and He, Group Normalization, 2018).
ValueId build_group_normalization(LayerCall& call) {
  const ValueId x = call.input();
  const Shape shape = call.shape(x);
  const int32_t axis = normalize_axis(single_axis(call.config()), shape.size());
  const int32_t channels = call.size(x, axis);
  int32_t groups = call.config().integer("groups", 32);
  if (groups == -1) groups = channels;
  if (groups < 1 || channels % groups != 0 || axis == 0) {
    throw Error(ErrorCode::data, std::to_string(groups) + " groups do not fit its input " +
                                     to_string(shape) + " along axis " + std::to_string(axis));
  }
  auto count = [&](int32_t first, int32_t end) {
    int64_t result = 1;
    for (int32_t i = first; i < end; ++i) result = checked_product({result, call.size(x, i)});
    if (result > INT32_MAX) throw Error(ErrorCode::data, "its input is too large");
    return static_cast<int32_t>(result);
  };
  const auto rank = static_cast<int32_t>(shape.size());
  const int32_t before = count(1, axis);
  const int32_t behind = count(axis + 1, rank);
  if (before != 1 && behind != 1) {
    throw Error(ErrorCode::unsupported, "along an axis in the middle it is not supported");
  }
  const int32_t size = channels / groups;
  const bool is_last = behind == 1;
  const Shape split =
      is_last ? Shape{shape[0], before, groups, size} : Shape{shape[0], groups, size, behind};
  const ValueId in_groups = call.emit(Reshape(), {x, call.integers("groups", split)}, "groups");
  const ValueId made = is_last
                           ? standardized(call, in_groups, {1, 3}, channels, {1, 1, groups, size})
                           : standardized(call, in_groups, {2, 3}, channels, {1, groups, size, 1});
  return call.emit(Reshape(), {made, call.integers("whole", shape)}, "whole");
}

ValueId normalized(LayerCall& call, ValueId x, const std::vector<int32_t>& axes, float limit) {
  const ValueId square = call.emit(Square(), {x}, "square");
  Sum sum;
  sum.keep_dims = true;
  const ValueId total = call.emit(sum, {square, call.integers("axes", axes)}, "sum");
  const ValueId inverse = call.emit(Rsqrt(), {total}, "rsqrt");
  const ValueId bounded = call.emit(Minimum(), {inverse, call.scalar("limit", limit)}, "minimum");
  return call.emit(Mul(), {x, bounded}, "mul");
}

// x / max(|x|, 1e-12), along one or several axes.
ValueId build_unit_normalization(LayerCall& call) {
  const ValueId x = call.input();
  const size_t rank = call.shape(x).size();
  std::vector<int32_t> axes;
  for (const Json& each : call.config()["axis"].items()) {
    axes.push_back(normalize_axis(to_integer(each, "axis"), rank));
  }
  if (axes.empty()) axes.push_back(normalize_axis(call.config().integer("axis", -1), rank));
  return normalized(call, x, axes, 1e12f);
}

}  // namespace litesmith::keras
