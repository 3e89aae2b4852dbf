// Floats, element by element and row by row. Plain loops over the functions of math.h, which
// compilers turn into vectors of this level's width.
#include "kernels/binary_operators.h"
#include "kernels/math.h"
#include "kernels/multi_isa/kernels.h"
#include "kernels/sum.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

template <class Function>
[[gnu::always_inline]] inline void map(const float* in, float* out, int64_t count,
                                       Function function) {
  for (int64_t i = 0; i < count; ++i) out[i] = function(in[i]);
}

// Of a row without NaN. Which of two zeros it is does not matter here.
float largest(const float* row, int64_t length) {
  constexpr int width = 16;
  float partial[width];
  for (float& each : partial) each = -__builtin_inff();
  int64_t i = 0;
  for (; i + width <= length; i += width) {
    for (int k = 0; k < width; ++k) partial[k] = row[i + k] > partial[k] ? row[i + k] : partial[k];
  }
  float result = -__builtin_inff();
  for (const float each : partial) result = each > result ? each : result;
  for (; i < length; ++i) result = row[i] > result ? row[i] : result;
  return result;
}

void unary(Unary op, float a, float b, const float* in, float* out, int64_t count) {
  switch (op) {
    case Unary::clamp:
      return map(in, out, count, [=](float x) {
        x = x < a ? a : x;
        return b < x ? b : x;
      });
    case Unary::leaky_relu:
      return map(in, out, count, [=](float x) { return x > 0 ? x : x * a; });
    case Unary::elu:
      return map(in, out, count, [](float x) {
        const float below = expm1_float(x < 0 ? x : 0.0f);
        return x < 0 ? below : x;
      });
    case Unary::gelu:
      return map(in, out, count,
                 [](float x) { return 0.5f * x * (1.0f + erf_float(x * 0x1.6a09e6p-1f)); });
    case Unary::approximate_gelu:
      return map(in, out, count, [](float x) {
        constexpr float kRoot2OverPi = 0x1.988454p-1f;
        const float inner = kRoot2OverPi * (x + 0.044715f * x * x * x);
        return 0.5f * x * (1.0f + tanh_float(inner));
      });
    case Unary::hard_swish:
      return map(in, out, count, [](float x) {
        float weight = x + 3.0f;
        weight = weight < 0.0f ? 0.0f : weight;
        weight = weight > 6.0f ? 6.0f : weight;
        return x * weight * (1.0f / 6.0f);
      });
    case Unary::logistic:
      return map(in, out, count, [](float x) { return logistic_float(x); });
    case Unary::logistic_in_pieces:
      return map(in, out, count, [](float x) {
        const float low = exp_float(x);
        const float high = 1.0f / (1.0f + exp_float(-x));
        return x < -9.0f ? low : high;
      });
    case Unary::tanh:
      return map(in, out, count, [](float x) { return tanh_float(x); });
    case Unary::exp:
      return map(in, out, count, [](float x) { return exp_float(x); });
    case Unary::log:
      return map(in, out, count, [](float x) { return log_float(x); });
    case Unary::sqrt:
      return map(in, out, count, [](float x) { return __builtin_sqrtf(x); });
    case Unary::rsqrt:
      // Rounded once: batch norms are folded with this.
      return map(in, out, count,
                 [](float x) { return static_cast<float>(1.0 / __builtin_sqrt(double{x})); });
    case Unary::magnitude:
      return map(in, out, count, [](float x) { return __builtin_fabsf(x); });
    case Unary::negate:
      return map(in, out, count, [](float x) { return -x; });
    case Unary::square:
      return map(in, out, count, [](float x) { return x * x; });
  }
}

void binary(Binary op, float min, float max, const float* first, int64_t step_first,
            const float* second, int64_t step_second, float* out, int64_t count) {
  binary_loop(op, min, max, first, step_first, second, step_second, out, count);
}

void softmax(Rows rows, float beta, const float* in, float* out) {
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const float max = largest(in, length);
    for (int64_t i = 0; i < length; ++i) out[i] = exp_float((in[i] - max) * beta);
    const float scale = 1.0f / sum_in_tree(length, [=](int64_t i) { return out[i]; });
    for (int64_t i = 0; i < length; ++i) out[i] *= scale;
  }
}

void log_softmax(Rows rows, const float* in, float* out) {
  const int64_t length = rows.length;
  for (int64_t r = 0; r < rows.count; ++r, in += length, out += length) {
    const float max = largest(in, length);
    for (int64_t i = 0; i < length; ++i) out[i] = exp_float(in[i] - max);
    const float log_sum = log_float(sum_in_tree(length, [=](int64_t i) { return out[i]; }));
    for (int64_t i = 0; i < length; ++i) out[i] = in[i] - max - log_sum;
  }
}

void multiply_add(float a, const float* in, float* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = __builtin_fmaf(a, in[i], out[i]);
}

}  // namespace

const ElementKernels elements = {unary,    binary,       softmax,     log_softmax,
                                 extremes, multiply_add, &int8_codes, &uint8_codes};

}  // namespace litesmith::kernels::LITESMITH_ISA
