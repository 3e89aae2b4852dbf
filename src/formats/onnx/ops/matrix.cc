// Gemm and MatMul: FULLY_CONNECTED where the right matrix is constant, BATCH_MATMUL else.
#include "formats/onnx/ops/ops.h"
#include "ir/transpose.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/fully_connected.h"

namespace litesmith::onnx {
namespace {

// Weights for a row that stays in the order it is stored in: their columns are moved instead.
ValueId permuted_columns(Call& call, ValueId weights, const Tensor::Row& row) {
  const Value& from = call[weights];
  const Shape inside(row.shape.begin() + 1, row.shape.end());
  Shape shape = {from.shape[0]};
  shape.insert(shape.end(), inside.begin(), inside.end());
  Value moved{.name = from.name, .dtype = from.dtype, .shape = from.shape};
  moved.data = transposed(*from.data, static_cast<size_t>(bits(from.dtype)) / 8, shape, row.order);
  return call.graph().add(std::move(moved));
}

// Input 0 as rows, and the weights [out, in] that fit.
std::pair<ValueId, ValueId> rows_and_weights(Call& call, ValueId weights) {
  const auto& row = call.input(0).row;
  const bool usable =
      row && row->order.front() == 0 && call[weights].is_constant() &&
      is_static({row->shape.begin() + 1, row->shape.end()}) &&
      element_count({row->shape.begin() + 1, row->shape.end()}) == call[weights].shape[1];
  if (!usable) return {call.plain(0), weights};
  return {call.reshape(row->value, {row->shape[0], call[weights].shape[1]}, "row"),
          permuted_columns(call, weights, *row)};
}

bool is_one_a_column(const Shape& shape, int32_t columns) {
  if (shape.empty() || shape.back() != columns) return false;
  return element_count(with_dynamic_as(shape, 1)) == columns && is_static(shape);
}

ValueId as_matrix(Call& call, size_t i, bool left) {
  const ValueId x = call.plain(i);
  if (call.rank(i) != 1) return x;
  const int32_t size = call.shape(i)[0];
  return call.reshape(x, left ? Shape{1, size} : Shape{size, 1}, left ? "row" : "column");
}

}  // namespace

void build_gemm(Call& call) {
  if (call.rank(0) != 2 || call.rank(1) != 2) {
    call.wrong("it multiplies " + to_string(call.shape(0)) + " and " + to_string(call.shape(1)));
  }
  const float alpha = call.number("alpha", 1);
  const float beta = call.number("beta", 1);
  const Order turned = {1, 0};
  const ValueId weights = call.integer("transB", 0) != 0 ? call.plain(1) : call.value(1, turned);
  auto [x, w] = call.integer("transA", 0) != 0 ? std::pair(call.value(0, turned), weights)
                                               : rows_and_weights(call, weights);
  if (alpha != 1 && call[w].is_constant()) {
    std::vector<float> scaled;
    for (const float element : call[w].elements<float>()) scaled.push_back(element * alpha);
    w = call.constant("weights", call[w].shape, scaled);
  } else if (alpha != 1) {
    w = call.emit(Mul(), {w, call.scalar_constant("alpha", alpha)}, "alpha");
  }
  ValueId added;
  if (call.has(2) && beta != 0) {
    added = call.plain(2);
    if (beta != 1) added = call.emit(Mul(), {added, call.scalar_constant("beta", beta)}, "beta");
  }
  const int32_t columns = call[w].shape[0];
  const bool fits = added.valid() && beta == 1 && is_one_a_column(call[added].shape, columns);
  const ValueId bias = fits ? call.reshape(added, {columns}, "bias") : ValueId();
  ValueId made = call.emit(FullyConnected(), {x, w, bias}, "gemm");
  if (added.valid() && !fits) made = call.emit(Add(), {made, added}, "add");
  call.set(0, made);
}

void build_mat_mul(Call& call) {
  const size_t left = call.rank(0);
  const size_t right = call.rank(1);
  if (left == 0 || right == 0) call.wrong("it multiplies a scalar");
  if (right == 2 && left >= 2 && call.is_constant(1)) {
    const ValueId weights = call.value(1, {1, 0});
    FullyConnected op;
    op.keep_num_dims = left > 2;
    auto [x, w] = left == 2 ? rows_and_weights(call, weights) : std::pair(call.plain(0), weights);
    return call.set(0, call.emit(op, {x, w, ValueId()}, "mat_mul"));
  }
  const ValueId a = as_matrix(call, 0, true);
  const ValueId b = as_matrix(call, 1, false);
  ValueId made = call.emit(BatchMatMul(), {a, b}, "mat_mul");
  if (left == 1 || right == 1) {
    Shape shape = call[made].shape;
    if (right == 1) shape.pop_back();
    if (left == 1) shape.erase(shape.end() - (right == 1 ? 1 : 2));
    made = call.reshape(made, shape, "vector");
  }
  call.set(0, made);
}

}  // namespace litesmith::onnx
