// Dot: sums of products along one dimension of each of two tensors.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/normalization.h"
#include "ops/batch_matmul.h"
#include "ops/reshape.h"

namespace litesmith::keras {
namespace {

// The dimension of tensor `i` that is summed.
int32_t summed_axis(const LayerCall& call, size_t i) {
  const Json& axes = call.config()["axes"];
  const Json& axis = axes.is_number() ? axes : axes.items().at(i);
  return normalize_axis(to_integer(axis, "axes"), call.shape(call.inputs()[i]).size());
}

}  // namespace

void check_dot(const Json& config) {
  const Json& axes = config["axes"];
  if (!axes.is_number() && axes.items().size() != 2) {
    throw Error(ErrorCode::format, "its axes are neither one number nor two");
  }
}

// A matrix product of [batch, rows, summed] and [batch, summed, columns]; a tensor of two
// dimensions is one row, or one column.
ValueId build_dot(LayerCall& call) {
  if (call.inputs().size() != 2)
    throw Error(ErrorCode::format, "it is not called with two tensors");
  std::array<ValueId, 2> x = {call.inputs()[0], call.inputs()[1]};
  const std::array<int32_t, 2> axes = {summed_axis(call, 0), summed_axis(call, 1)};
  std::array<bool, 2> is_vector = {};
  for (size_t i = 0; i < 2; ++i) {
    const size_t rank = call.shape(x[i]).size();
    if (rank < 2 || rank > 3 || axes[i] == 0) {
      throw Error(ErrorCode::unsupported, "along axis " + std::to_string(axes[i]) + " of " +
                                              to_string(call.shape(x[i])) + " it is not supported");
    }
    is_vector[i] = rank == 2;
    if (call.config().flag("normalize", false)) x[i] = normalized(call, x[i], {axes[i]}, 1e7f);
    if (is_vector[i]) {
      x[i] = call.emit(ExpandDims(), {x[i], call.integers("axis", {}, {i == 0 ? 1 : 2})}, "expand");
    }
  }
  BatchMatMul op;
  op.adj_x = !is_vector[0] && axes[0] == 1;
  op.adj_y = !is_vector[1] && axes[1] == 2;
  const ValueId product = call.emit(op, {x[0], x[1]}, "product");
  if (!is_vector[0] && !is_vector[1]) return product;
  Squeeze squeeze;
  squeeze.squeeze_dims = {is_vector[0] ? 1 : 2};
  return call.emit(squeeze, {product}, "squeeze");
}

}  // namespace litesmith::keras
