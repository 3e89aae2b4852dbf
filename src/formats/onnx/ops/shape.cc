// Shapes: what computes them, and what gives a tensor another.
#include <algorithm>
#include <cmath>

#include "formats/onnx/constant.h"
#include "formats/onnx/ops/ops.h"
#include "ops/arrange.h"

namespace litesmith::onnx {
namespace {

// Input 0 as memory that holds its elements in ONNX's order, whatever its dimensions.
ValueId in_sequence(Call& call) {
  const Order& order = call.order(0);
  return keeps_bytes(call.shape(0), order) ? call.value(0, order) : call.plain(0);
}

Shape to_shape(const std::vector<int64_t>& sizes) {
  Shape result;
  for (const int64_t size : sizes) result.push_back(to_int32(size));
  return result;
}

// The shape an ONNX Reshape means: 0 copies the input's, one -1 is what is left over, NaN is known
// when the model runs.
Shape target_shape(const Call& call, const Known& wanted, bool zero_copies) {
  const Shape& from = call.shape(0);
  Shape target;
  size_t open = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (std::isnan(wanted[i])) {
      target.push_back(kDynamic);
    } else if (wanted[i] == 0 && zero_copies) {
      if (i >= from.size()) call.wrong("it copies a dimension that its input does not have");
      target.push_back(from[i]);
    } else {
      target.push_back(to_int32(to_integer(wanted[i])));
      if (target.back() == -1) ++open;
      if (target.back() < -1) call.wrong("it reshapes to " + to_string(target));
    }
  }
  if (open > 1) call.wrong("it has more than one -1");
  const auto unknown = std::count(target.begin(), target.end(), kDynamic);
  if (unknown == 0) return target;
  // A batch known only when the model runs is on both sides: the rest decides what is left over.
  int64_t left = 1;
  size_t dynamic = 0;
  for (const int32_t dim : from) {
    if (dim < 0) {
      ++dynamic;
    } else {
      left *= dim;
    }
  }
  int64_t right = 1;
  for (const int32_t dim : target) right *= dim < 0 ? 1 : dim;
  if (dynamic == 0 && unknown == 1 && right > 0 && left % right == 0) {
    *std::find(target.begin(), target.end(), kDynamic) = to_int32(left / right);
  } else if (dynamic == 1 && unknown == 2 && open == 1 && right > 0 && left % right == 0) {
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] == -1) target[i] = to_int32(left / right);
    }
  }
  return target;
}

std::vector<int64_t> axes_of(Call& call, bool& given) {
  given = call.opset() >= 13 ? call.has(1) : call.has_attribute("axes");
  if (!given) return {};
  return call.opset() >= 13 ? call.integers(1, "axes") : call.integer_list("axes");
}

// Where a known tensor keeps its elements whatever its shape.
bool keep_known(Call& call, const Shape& shape) {
  const auto known = call.known(0);
  if (!known || !is_static(shape)) return false;
  if (element_count(shape) != static_cast<int64_t>(known->size())) {
    call.wrong("it reshapes " + std::to_string(known->size()) + " elements to " + to_string(shape));
  }
  call.set_known(0, call.input(0).dtype, shape, *known);
  return true;
}

}  // namespace

void build_shape(Call& call) {
  const Shape& shape = call.shape(0);
  const auto rank = static_cast<int64_t>(shape.size());
  auto bound = [&](std::string_view name, int64_t otherwise) {
    const int64_t given = call.integer(name, otherwise);
    return std::clamp<int64_t>(given < 0 ? given + rank : given, 0, rank);
  };
  const int64_t start = bound("start", 0);
  const int64_t end = std::max(start, bound("end", rank));
  Known known;
  for (int64_t i = start; i < end; ++i) {
    const int32_t size = shape[static_cast<size_t>(i)];
    known.push_back(size < 0 ? NAN : size);
  }
  const auto count = static_cast<int32_t>(known.size());
  call.set_known(0, DType::int64, {count}, std::move(known));
}

void build_size(Call& call) {
  double count = 1;
  for (const int32_t size : call.shape(0)) count *= size < 0 ? NAN : size;
  call.set_known(0, DType::int64, {}, {count});
}

void build_constant(Call& call) {
  const Node& node = call.node();
  if (const Attribute* value = node.find("value"); value != nullptr && value->tensor) {
    call.wrong("its value was not read");  // the builder reads it: it may be external
  }
  if (const Attribute* value = node.find("value_float")) {
    return call.set(0, call.constant<float>("value", {}, {value->number}));
  }
  if (const Attribute* value = node.find("value_int")) {
    return call.set(0, call.constant<int64_t>("value", {}, {value->integer}));
  }
  if (const Attribute* value = node.find("value_floats")) {
    const auto count = static_cast<int32_t>(value->numbers.size());
    return call.set(0, call.constant("value", {count}, value->numbers));
  }
  if (const Attribute* value = node.find("value_ints")) {
    const auto count = static_cast<int32_t>(value->integers.size());
    return call.set(0, call.constant("value", {count}, value->integers));
  }
  call.refuse("a constant without numbers is not supported");
}

void build_constant_of_shape(Call& call) {
  Constant fill{.dtype = DType::float32, .shape = {1}, .data = Buffer::of(std::vector<float>{0})};
  if (const Attribute* value = call.node().find("value"); value != nullptr && value->tensor) {
    fill = ConstantReader({}, std::nullopt).read(*value->tensor);
  }
  if (element_count(fill.shape) != 1) call.wrong("its value is no single number");
  if (const auto known = call.known(0);
      known && fill.dtype == DType::float32 &&
      std::any_of(known->begin(), known->end(), [](double x) { return std::isnan(x); })) {
    Tensor open{.dtype = fill.dtype, .shape = {}};
    for (const double size : *known) {
      open.shape.push_back(std::isnan(size) ? kDynamic : to_int32(to_integer(size)));
    }
    open.filled_with = fill.data.as<float>()[0];
    return call.set(0, std::move(open));
  }
  const Shape shape = to_shape(call.integers(0, "the shape"));
  if (std::any_of(shape.begin(), shape.end(), [](int32_t size) { return size < 0; })) {
    call.wrong("its shape is " + to_string(shape));
  }
  const int64_t count = element_count(shape);
  if (count > (int64_t{1} << 22))
    call.refuse("a constant of shape " + to_string(shape) + " is too large");
  std::vector<uint8_t> bytes;
  const auto one = fill.data.bytes();
  bytes.reserve(static_cast<size_t>(count) * one.size());
  for (int64_t i = 0; i < count; ++i) {
    for (const std::byte byte : one) bytes.push_back(static_cast<uint8_t>(byte));
  }
  Value value{.name = call.node().outputs.at(0), .dtype = fill.dtype, .shape = shape};
  value.data = Buffer::of(bytes);
  call.set(0, call.graph().add(std::move(value)));
}

void build_range(Call& call) {
  const float start = call.scalar(0, "the start");
  const float limit = call.scalar(1, "the limit");
  const float step = call.scalar(2, "the step");
  if (step == 0) call.wrong("its step is 0");
  const double count = std::ceil((double{limit} - start) / step);
  if (count > kMostKnown) call.refuse("it is too long");
  Known known;
  for (int i = 0; i < count; ++i) known.push_back(double{start} + i * double{step});
  const auto size = static_cast<int32_t>(known.size());
  call.set_known(0, call.input(0).dtype, {size}, std::move(known));
}

void build_reshape(Call& call) {
  const auto wanted = call.known(1);
  if (!wanted) static_cast<void>(call.integers(1, "the shape"));
  const Shape target = target_shape(call, *wanted, call.integer("allowzero", 0) == 0);
  Shape whole = target;
  if (is_static(call.shape(0))) {
    // A -1 is what is left over.
    int64_t known = 1;
    for (const int32_t size : target) known *= size < 0 ? 1 : size;
    const int64_t all = element_count(call.shape(0));
    for (int32_t& size : whole) {
      if (size < 0 && known > 0 && all % known == 0) size = to_int32(all / known);
    }
  }
  if (keep_known(call, whole)) return;
  const bool row = target.size() == 2 && call.rank(0) > 2 && whole[0] == call.shape(0)[0];
  Tensor::Row from;
  if (row) {
    from = {.value = call.value(0, call.order(0)), .order = call.order(0), .shape = call.shape(0)};
  }
  call.set(0, call.reshape(in_sequence(call), whole, "reshape"));
  if (row) call.outputs()[0]->row = from;
}

void build_flatten(Call& call) {
  const Shape& shape = call.shape(0);
  const auto rank = static_cast<int64_t>(shape.size());
  const int64_t given = call.integer("axis", 1);
  if (given < -rank || given > rank) call.wrong("axis " + std::to_string(given));
  const int64_t axis = given < 0 ? given + rank : given;
  auto product = [&](int64_t begin, int64_t end) {
    const Shape part(shape.begin() + begin, shape.begin() + end);
    return is_static(part) ? to_int32(element_count(part)) : kDynamic;
  };
  const Shape target = {product(0, axis), product(axis, rank)};
  const Tensor::Row row = {
      .value = call.value(0, call.order(0)), .order = call.order(0), .shape = shape};
  call.set(0, call.reshape(in_sequence(call), target, "flatten"));
  if (axis == 1) call.outputs()[0]->row = row;
}

// The dimensions change their names alone; in memory nothing moves.
void build_transpose(Call& call) {
  const size_t rank = call.rank(0);
  std::vector<int64_t> moves = call.integer_list("perm");
  if (moves.empty()) {
    for (size_t i = rank; i-- > 0;) moves.push_back(static_cast<int64_t>(i));
  }
  Order inverse(rank, -1);
  if (moves.size() != rank) call.wrong("its perm does not fit " + to_string(call.shape(0)));
  for (size_t i = 0; i < rank; ++i) {
    inverse[static_cast<size_t>(call.axis(moves[i], rank))] = static_cast<int32_t>(i);
  }
  if (std::count(inverse.begin(), inverse.end(), -1) > 0)
    call.wrong("its perm names a dimension twice");
  Tensor tensor{.dtype = call.input(0).dtype, .shape = {}};
  for (const int64_t dim : moves) {
    tensor.shape.push_back(call.shape(0)[static_cast<size_t>(call.axis(dim, rank))]);
  }
  static_cast<void>(call.order(0));
  for (const Form& form : call.input(0).forms) {
    Order order;
    for (const int32_t dim : form.order) order.push_back(inverse[static_cast<size_t>(dim)]);
    tensor.forms.push_back({std::move(order), form.value});
  }
  call.set(0, std::move(tensor));
}

void build_squeeze(Call& call) {
  const size_t rank = call.rank(0);
  bool given = false;
  std::vector<bool> removed(rank, false);
  for (const int64_t axis : axes_of(call, given)) {
    const int32_t dim = call.axis(axis, rank);
    if (call.shape(0)[static_cast<size_t>(dim)] > 1) {
      call.wrong("dimension " + std::to_string(dim) + " of " + to_string(call.shape(0)) +
                 " is not 1");
    }
    removed[static_cast<size_t>(dim)] = true;
  }
  Shape shape;
  for (size_t i = 0; i < rank; ++i) {
    if (!given) removed[i] = call.shape(0)[i] == 1;
    if (!removed[i]) shape.push_back(call.shape(0)[i]);
  }
  if (keep_known(call, shape)) return;
  const Order order = call.order(0);
  const Order left = without(order, removed);
  call.set(0, call.reshape(call.value(0, order), stored_shape(shape, left), "squeeze"), left);
}

void build_unsqueeze(Call& call) {
  bool given = false;
  const std::vector<int64_t> axes = axes_of(call, given);
  const size_t rank = call.rank(0) + axes.size();
  if (rank > 8) call.refuse("more than eight dimensions are not supported");
  std::vector<bool> added(rank, false);
  for (const int64_t axis : axes) added[static_cast<size_t>(call.axis(axis, rank))] = true;
  Shape shape;
  std::vector<int32_t> names;  // ONNX's dimensions of the input in those of the output
  for (size_t i = 0, from = 0; i < rank; ++i) {
    if (added[i]) {
      shape.push_back(1);
      continue;
    }
    if (from >= call.rank(0)) call.wrong("its axes name a dimension twice");
    shape.push_back(call.shape(0)[from++]);
    names.push_back(static_cast<int32_t>(i));
  }
  if (keep_known(call, shape)) return;
  // The stored order goes on; each new dimension lies in front of the one it stands in front of.
  const Order order = call.order(0);
  Order made;
  for (const int32_t dim : order) made.push_back(names[static_cast<size_t>(dim)]);
  for (int32_t i = static_cast<int32_t>(rank); i-- > 0;) {
    if (!added[static_cast<size_t>(i)]) continue;
    const auto next = std::find(made.begin(), made.end(), i + 1);
    made.insert(next, i);
  }
  call.set(0, call.reshape(call.value(0, order), stored_shape(shape, made), "unsqueeze"), made);
}

void build_expand(Call& call) {
  const Shape wanted = to_shape(call.integers(1, "the shape"));
  const Shape shape = broadcast(call.shape(0), wanted);
  if (const auto known = call.known(0);
      known && known->size() == 1 && is_static(shape) && element_count(shape) <= kMostKnown) {
    const Known repeated(static_cast<size_t>(element_count(shape)), known->front());
    return call.set_known(0, call.input(0).dtype, shape, repeated);
  }
  if (shape == call.shape(0)) return call.set(0, call.input(0));
  call.set(0, call.emit(BroadcastTo(), {call.plain(0), call.int32s("shape", shape)}, "expand"));
}

}  // namespace litesmith::onnx
