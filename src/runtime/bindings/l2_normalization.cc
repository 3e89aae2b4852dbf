// L2_NORMALIZATION (LiteRT kernels/l2norm.cc).
#include <algorithm>
#include <cmath>

#include "kernels/fixed_point.h"
#include "kernels/rsqrt.h"
#include "ops/l2_normalization.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

// Calls row(in, out) for each row of the last dimension.
template <class T, class Row>
BoundKernel rows(const BindContext& context, Row row) {
  const Shape& shape = context.input(0).shape;
  const int64_t length = shape.back();
  const int64_t count = element_count(shape);
  return {[=](const StepMemory& memory) {
    for (int64_t at = 0; at < count; at += length) {
      row(memory.in<T>(0) + at, memory.out<T>() + at, length);
    }
  }};
}

void normalize(const float* in, float* out, int64_t length) {
  constexpr float kLeast = 1e-6f;
  float squares = 0;
  for (int64_t i = 0; i < length; ++i) squares = std::fma(in[i], in[i], squares);
  const float norm = std::max(std::sqrt(squares), kLeast);
  for (int64_t i = 0; i < length; ++i) out[i] = in[i] / norm;
}

// In steps of 1/128 of the fixed-point inverse root.
BoundKernel bind_int8(const BindContext& context) {
  const Affine out = per_tensor(context.output());
  if (out.scale != 1.0f / 128 || out.zero_point != 0) {
    context.unsupported("its output is in steps of 1/128, with zero point 0");
  }
  const int32_t zero_point = per_tensor(context.input(0)).zero_point;
  return rows<int8_t>(context, [zero_point](const int8_t* in, int8_t* to, int64_t length) {
    int32_t squares = 0;
    for (int64_t i = 0; i < length; ++i) {
      const int32_t x = in[i] - zero_point;
      squares += x * x;
    }
    kernels::Multiplier inverse = kernels::inverse_square_root(squares);
    inverse.exponent += 7;
    for (int64_t i = 0; i < length; ++i) {
      const int32_t steps = kernels::DoubleRounding::apply(in[i] - zero_point, inverse);
      to[i] = static_cast<int8_t>(std::clamp(steps, -128, 127));
    }
  });
}

}  // namespace

BoundKernel l2_normalization(const BindContext& context) {
  if (context.op<L2Normalization>().activation != Activation::none) {
    context.unsupported("a fused activation");
  }
  if (context.input(0).dtype == DType::float32) return rows<float>(context, normalize);
  if (context.input(0).dtype != DType::int8) context.unsupported();
  // Sums of more squares than this leave int32.
  constexpr int32_t kLongest = 1 << 15;
  if (context.input(0).shape.back() > kLongest) context.unsupported("rows that long");
  return bind_int8(context);
}

}  // namespace litesmith::bindings
