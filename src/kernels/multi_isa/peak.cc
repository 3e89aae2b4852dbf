// Peak loops: as many independent sums as hide the latency of one step, and the operands in
// registers. They take the steps that the kernels take, so what they measure is what those can
// reach.
#include "kernels/peak.h"

#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// A step takes about four cycles and up to four begin in each; the sets with 16 registers need some
// of them for operands.
#if defined(__AVX512BW__) || defined(__aarch64__)
constexpr int sums = 20;
#else
constexpr int sums = 12;
#endif

// Keeps the compiler from knowing a register's value, so that no step can be taken out of the loop.
template <class V>
[[gnu::always_inline]] inline void forget(V& value) {
#if defined(__x86_64__)
  asm volatile("" : "+x"(value));
#elif defined(__aarch64__)
  asm volatile("" : "+w"(value));
#endif
}

struct FloatStep {
  using Sum = F32;
  using Operand = F32;
  static constexpr int terms = 1;
  [[gnu::always_inline]] static F32 add(F32 sum, F32 a, F32 b) {
#if defined(__FMA__) || defined(__aarch64__)
    return fused_multiply_add(a, b, sum);
#else
    return sum + a * b;
#endif
  }
};

struct PairStep {
  using Sum = I32;
  using Operand = I16;
  static constexpr int terms = 2;
  [[gnu::always_inline]] static I32 add(I32 sum, I16 a, I16 b) { return add_pairs(sum, a, b); }
};

#if defined(LITESMITH_HAS_DOT)
struct DotStep {
  using Sum = I32;
  using Operand = I8;
  static constexpr int terms = 4;
  [[gnu::always_inline]] static I32 add(I32 sum, I8 a, I8 b) { return add_dot(sum, a, b); }
};
#endif

template <class Step>
int32_t run(int64_t rounds) {
  typename Step::Operand a = {};
  typename Step::Operand b = {};
  forget(b);
  typename Step::Sum acc[sums] = {};
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 32
    for (int i = 0; i < sums; ++i) {
      forget(a);
      acc[i] = Step::add(acc[i], a, b);
    }
  }
  typename Step::Sum all = {};
#pragma GCC unroll 32
  for (int i = 0; i < sums; ++i) all += acc[i];
  return static_cast<int32_t>(all[0]);
}

template <class Step>
constexpr PeakLoop loop = {.run = run<Step>, .macs_per_round = int64_t{sums} * lanes* Step::terms};

}  // namespace

constinit const PeakLoops peak = {
    .float32 = loop<FloatStep>,
    .pairs = loop<PairStep>,
#if defined(LITESMITH_HAS_DOT)
    .dot = loop<DotStep>,
#else
    .dot = {},
#endif
};

}  // namespace litesmith::kernels::LITESMITH_ISA
