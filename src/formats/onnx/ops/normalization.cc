// Normalizations, composed of what LiteRT has.
#include <cmath>
#include <limits>

#include "formats/compose/moments.h"
#include "formats/onnx/ops/ops.h"
#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

// (x - mean) / sqrt(variance + epsilon) over the stored axes, and its parts.
struct Normalized {
  ValueId value;
  ValueId mean;
  ValueId factor;  // 1 / sqrt(variance + epsilon)
};

Normalized normalized(Call& call, ValueId x, const std::vector<int32_t>& axes, float epsilon) {
  compose::Composer composer = call.composer();
  const ValueId over = call.int32s("axes", axes);
  const compose::Moments moments = compose::moments(composer, x, over);
  const ValueId factor =
      compose::inverse_deviation(composer, moments, over, call.scalar_constant("epsilon", epsilon));
  const ValueId value = call.emit(Mul(), {moments.distance, factor}, "normalized");
  return {value, moments.mean, factor};
}

}  // namespace

void build_batch_normalization(Call& call) {
  const size_t rank = call.rank(0);
  if (call.integer("training_mode", 0) != 0) call.refuse("training mode is not supported");
  if (call.opset() < 9 && call.integer("spatial", 1) == 0)
    call.refuse("spatial=0 is not supported");
  if (rank < 2) call.refuse("an input of shape " + to_string(call.shape(0)));
  const float epsilon = call.number("epsilon", 1e-5f);
  const Order order = channels_last(rank);
  const ValueId x = call.value(0, order);
  ValueId factor;
  ValueId term;
  bool constant = true;
  for (size_t i = 1; i <= 4; ++i) {
    constant &=
        call.is_constant(i) && !call.input(i).quantized && call.input(i).dtype == DType::float32;
  }
  if (constant) {
    // In double, so that folding costs no more than one rounding.
    const auto scale = call[call.plain(1)].elements<float>();
    const auto shift = call[call.plain(2)].elements<float>();
    const auto mean = call[call.plain(3)].elements<float>();
    const auto variance = call[call.plain(4)].elements<float>();
    if (scale.size() != shift.size() || scale.size() != mean.size() ||
        scale.size() != variance.size()) {
      call.wrong("its parameters are of different sizes");
    }
    std::vector<float> factors;
    std::vector<float> terms;
    for (size_t c = 0; c < scale.size(); ++c) {
      const double k = double{scale[c]} / std::sqrt(double{variance[c]} + double{epsilon});
      factors.push_back(static_cast<float>(k));
      terms.push_back(static_cast<float>(double{shift[c]} - double{mean[c]} * k));
    }
    const auto channels = static_cast<int32_t>(factors.size());
    factor = call.constant("factor", {channels}, factors);
    term = call.constant("term", {channels}, terms);
  } else {
    const ValueId shifted =
        call.emit(Add(), {call.plain(4), call.scalar_constant("epsilon", epsilon)}, "add");
    factor = call.emit(Mul(), {call.plain(1), call.emit(Rsqrt(), {shifted}, "rsqrt")}, "factor");
    term = call.emit(Sub(), {call.plain(2), call.emit(Mul(), {call.plain(3), factor}, "mean")},
                     "term");
  }
  const ValueId scaled = call.emit(Mul(), {x, factor}, "scale");
  call.set(0, call.emit(Add(), {scaled, term}, "shift"), order, true);
}

void build_instance_normalization(Call& call) {
  const size_t rank = call.rank(0);
  if (rank < 3) call.refuse("an input of shape " + to_string(call.shape(0)) + " has no space");
  const Order order = channels_last(rank);
  std::vector<int32_t> axes;
  for (size_t i = 1; i + 1 < rank; ++i) axes.push_back(static_cast<int32_t>(i));
  const ValueId x =
      normalized(call, call.value(0, order), axes, call.number("epsilon", 1e-5f)).value;
  const ValueId scaled = call.emit(Mul(), {x, call.plain(1)}, "scale");
  call.set(0, call.emit(Add(), {scaled, call.plain(2)}, "shift"), order, true);
}

void build_layer_normalization(Call& call) {
  const size_t rank = call.rank(0);
  const int32_t first = call.axis(call.integer("axis", -1), rank);
  std::vector<int32_t> axes;
  for (auto i = first; i < static_cast<int32_t>(rank); ++i) axes.push_back(i);
  const Normalized made = normalized(call, call.plain(0), axes, call.number("epsilon", 1e-5f));
  ValueId x = call.emit(Mul(), {made.value, call.plain(1)}, "scale");
  if (call.has(2)) x = call.emit(Add(), {x, call.plain(2)}, "shift");
  call.set(0, x);
  if (call.makes(1)) call.set(1, made.mean);
  if (call.makes(2)) call.set(2, made.factor);
}

void build_lp_normalization(Call& call) {
  const int64_t p = call.integer("p", 2);
  if (p != 1 && p != 2) call.refuse("p=" + std::to_string(p) + " is not supported (1 and 2 are)");
  const Order order = call.order(0);
  const ValueId x = call.value(0, order);
  const int32_t axis = stored_axis(order, call.axis(call.integer("axis", -1), order.size()));
  Sum op;
  op.keep_dims = true;
  const ValueId terms = p == 1 ? call.emit(Abs(), {x}, "abs") : call.emit(Mul(), {x, x}, "square");
  ValueId norm = call.emit(op, {terms, call.int32s("axes", {axis})}, "sum");
  if (p == 2) norm = call.emit(Sqrt(), {norm}, "norm");
  // Where all is zero the result is, too: whatever is above zero divides it.
  const ValueId least = call.scalar_constant("least", std::numeric_limits<float>::min());
  norm = call.emit(Maximum(), {norm, least}, "above_zero");
  call.set_like_input(call.emit(Div(), {x, norm}, "lp_normalization"), order);
}

}  // namespace litesmith::onnx
