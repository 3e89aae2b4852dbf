#include "formats/onnx/ops/align.h"

#include <algorithm>

#include "ops/shape_and_cast.h"

namespace litesmith::onnx {
namespace {

// The order of the operand that says most about it: one that an operator called channels-first,
// else one that is computed, else one of full rank.
Order common_order(const Call& call, size_t first, size_t count, size_t rank, bool& channels) {
  const Tensor* best = nullptr;
  int best_score = -1;
  for (size_t i = first; i < first + count; ++i) {
    const Tensor& tensor = call.input(i);
    if (tensor.shape.size() != rank) continue;
    static_cast<void>(call.order(i));
    int score = call.is_constant(i) ? 0 : 1;
    if (tensor.channels_first && !is_plain(call.order(i))) score = 2;
    if (score > best_score) {
      best_score = score;
      best = &tensor;
    }
  }
  channels = best->channels_first;
  return best->forms.front().order;
}

// The shape among `rank` dimensions, so many of them behind it.
Shape with_ones(const Shape& shape, size_t rank, size_t behind) {
  Shape result(rank - shape.size() - behind, 1);
  result.insert(result.end(), shape.begin(), shape.end());
  result.insert(result.end(), behind, 1);
  return result;
}

// How many dimensions of the first operand lie behind operand `i`, of fewer.
size_t dimensions_behind(const Call& call, size_t i, size_t rank) {
  if (call.opset() >= 7 || !call.has_attribute("axis")) return 0;
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", 0), rank));
  if (axis + call.rank(i) > rank) {
    call.wrong("an operand of shape " + to_string(call.shape(i)) + " does not fit axis " +
               std::to_string(axis));
  }
  return rank - axis - call.rank(i);
}

// A constant without the leading ones that broadcasting adds anyway.
ValueId without_leading_ones(Call& call, ValueId x) {
  Shape shape = call[x].shape;
  while (shape.size() > 1 && shape.front() == 1) shape.erase(shape.begin());
  return call.reshape(x, shape, "constant");
}

}  // namespace

Aligned align(Call& call, size_t first, size_t count) {
  size_t rank = 0;
  for (size_t i = first; i < first + count; ++i) rank = std::max(rank, call.rank(i));
  Aligned result;
  result.order = common_order(call, first, count, rank, result.channels_first);
  const bool plain = is_plain(result.order);
  const bool computed_full = [&] {
    for (size_t i = first; i < first + count; ++i) {
      if (call.rank(i) == rank && !call.is_constant(i)) return true;
    }
    return false;
  }();
  for (size_t i = first; i < first + count; ++i) {
    const bool constant = call.is_constant(i);
    ValueId x;
    if (call.rank(i) == rank) {
      x = call.value(i, result.order);
    } else {
      x = call.plain(i);
      const size_t behind = dimensions_behind(call, i, rank);
      if ((!plain || behind > 0) && !call.shape(i).empty()) {
        const Shape full = with_ones(call.shape(i), rank, behind);
        Tensor widened{.dtype = call[x].dtype, .shape = full};
        widened.forms.push_back({plain_order(rank), call.reshape(x, full, "expand")});
        x = call.in_order(widened, result.order);
      }
    }
    if (constant && computed_full && !plain) x = without_leading_ones(call, x);
    result.values.push_back(x);
  }
  return result;
}

bool is_short_integer(DType dtype) {
  return dtype == DType::int8 || dtype == DType::uint8 || dtype == DType::int16;
}

ValueId widened(Call& call, ValueId x) {
  if (!is_short_integer(call[x].dtype)) return x;
  Cast op;
  op.in_data_type = call[x].dtype;
  op.out_data_type = DType::int32;
  return call.emit(op, {x}, "widened");
}

ValueId narrowed(Call& call, ValueId x, DType dtype) {
  if (call[x].dtype == dtype) return x;
  Cast op;
  op.in_data_type = call[x].dtype;
  op.out_data_type = dtype;
  return call.emit(op, {x}, "narrowed");
}

Shape broadcast_shape(const Call& call, size_t first, size_t count) {
  Shape result = call.shape(first);
  for (size_t i = first + 1; i < first + count; ++i) result = broadcast(result, call.shape(i));
  return result;
}

}  // namespace litesmith::onnx
