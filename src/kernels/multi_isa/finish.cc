// From accumulators to outputs, vectors across channels: the policies of fixed_point.h again, in a
// form that vectorizes. tests/unit/kernels/finish_test.cc holds them to the originals.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/saturating_finish.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// Roundings whose products take 64 bits work on half a vector of accumulators at a time, as many as
// a vector of 64-bit lanes holds.
template <class Sums>
constexpr int lanes_of = static_cast<int>(sizeof(Sums) / sizeof(int32_t));

[[gnu::always_inline]] inline I64 widen(HalfI32 x) { return __builtin_convertvector(x, I64); }
[[gnu::always_inline]] inline HalfI32 narrow(I64 x) { return __builtin_convertvector(x, HalfI32); }

// acc * 2^left * significand / 2^31, halves up; it fits 32 bits.
[[gnu::always_inline]] inline HalfI32 high_product(HalfI32 acc, HalfI32 significand,
                                                   HalfI32 exponent) {
  const HalfI32 left = exponent > 0 ? exponent : HalfI32{};
  using Unsigned = uint32_t __attribute__((vector_size(vector_bytes / 2)));
  const auto shifted = reinterpret_cast<HalfI32>(reinterpret_cast<Unsigned>(acc)
                                                 << reinterpret_cast<Unsigned>(left));
  const I64 product = multiply_low(widen(shifted), widen(significand));
  return narrow((product + (int64_t{1} << 30)) >> 31);
}

struct DoubleRoundingStep {
  static constexpr bool clamps = false;
  using Parameters = MultiplierFinish;
  using Sums = HalfI32;
  const MultiplierFinish& p;
  explicit DoubleRoundingStep(const MultiplierFinish& parameters) : p(parameters) {}
  [[gnu::always_inline]] HalfI32 operator()(HalfI32 acc, int32_t channel) const {
    const auto exponent = load<HalfI32>(p.exponents + channel);
    const HalfI32 x = high_product(acc, load<HalfI32>(p.significands + channel), exponent);
    const HalfI32 right = exponent < 0 ? -exponent : HalfI32{};
    // A remainder above a half rounds up; at a negative half the threshold decides. Comparisons
    // give -1 for true.
    const HalfI32 mask = ((HalfI32{} + 1) << right) - 1;
    const HalfI32 threshold = (mask >> 1) + (load<HalfI32>(p.ties_away + channel) & (x < 0));
    return (x >> right) - ((x & mask) > threshold);
  }
};

struct FloatHalfEvenStep {
  static constexpr bool clamps = true;
  using Parameters = FloatScaleFinish;
  using Sums = I32;
  const FloatScaleFinish& p;
  F32 low;
  F32 high;
  explicit FloatHalfEvenStep(const FloatScaleFinish& parameters)
      : p(parameters),
        low(broadcast<F32>(static_cast<float>(p.min - p.zero_point))),
        high(broadcast<F32>(static_cast<float>(p.max - p.zero_point))) {}
  [[gnu::always_inline]] I32 operator()(I32 acc, int32_t channel) const {
    const F32 exact = __builtin_convertvector(acc, F32) * load<F32>(p.scales + channel);
    // Bounds are integers: clamping first changes nothing, and what it leaves fits.
    return round_half_even(clamp(exact, low, high));
  }
};

struct DoubleProductStep {
  static constexpr bool clamps = true;
  using Parameters = DoubleScaleFinish;
  using Sums = HalfI32;
  const DoubleScaleFinish& p;
  F64 low;
  F64 high;
  explicit DoubleProductStep(const DoubleScaleFinish& parameters)
      : p(parameters),
        low(broadcast<F64>(static_cast<double>(p.min - p.zero_point))),
        high(broadcast<F64>(static_cast<double>(p.max - p.zero_point))) {}
  [[gnu::always_inline]] HalfI32 operator()(HalfI32 acc, int32_t channel) const {
    return round(__builtin_convertvector(acc, F64), channel);
  }
  [[gnu::always_inline]] HalfI32 round(F64 acc, int32_t channel) const {
    const F64 exact = clamp(acc * load<F64>(p.scales + channel), low, high);
    // Adding the number just below a half, away from zero, and cutting off rounds halves away.
    constexpr double half = 0x1.fffffffffffffp-2;
    const F64 moved = exact + (exact < 0 ? broadcast<F64>(-half) : broadcast<F64>(half));
    return __builtin_convertvector(moved, HalfI32);
  }
};

// Rounds every accumulator of a tile in steps, and writes what belongs to channels.
template <class Step, class Out, class Acc, class Round>
[[gnu::always_inline]] inline void finish_tile(const typename Step::Parameters& p, const Tile& tile,
                                               const Acc* acc, void* output, ptrdiff_t output_step,
                                               Round round) {
  using Sums = typename Step::Sums;
  constexpr int step = lanes_of<Sums>;
  const Step rounding(p);
  // Clamped before the zero point is added, so that nothing overflows.
  [[maybe_unused]] const auto low = broadcast<Sums>(p.min - p.zero_point);
  [[maybe_unused]] const auto high = broadcast<Sums>(p.max - p.zero_point);
  Out* out = static_cast<Out*>(output) + tile.pixel * output_step + tile.channel;
  typedef Out Narrow __attribute__((vector_size(step * sizeof(Out))));
  auto narrowed = [&](int32_t i) __attribute__((always_inline)) {
    Sums q = round(rounding, acc + i, tile.channel + i);
    if constexpr (!Step::clamps) q = clamp(q, low, high);
    return __builtin_convertvector(q + p.zero_point, Narrow);
  };
  for (int32_t pixel = 0; pixel < tile.pixels; ++pixel) {
    int32_t i = 0;
    for (; i + step <= tile.channels; i += step) store(out + i, narrowed(i));
    if (i < tile.channels) {
      const Narrow last = narrowed(i);
      for (int32_t j = 0; i + j < tile.channels; ++j) out[i + j] = last[j];
    }
    acc += tile.stride;
    out += output_step;
  }
}

template <class Step, class Out>
void finish32(const void* parameters, const Tile& tile, const int32_t* acc, void* output,
              ptrdiff_t output_step) {
  finish_tile<Step, Out>(
      *static_cast<const typename Step::Parameters*>(parameters), tile, acc, output, output_step, [
      ](const Step& rounding, const int32_t* from, int32_t channel) __attribute__((always_inline)) {
        return rounding(load<typename Step::Sums>(from), channel);
      });
}

void finish_float_to_int8(const void* parameters, const Tile& tile, const int32_t* acc,
                          void* output, ptrdiff_t output_step) {
#if defined(LITESMITH_FINISHES_REGISTERS)
  const auto& p = *static_cast<const FloatScaleFinish*>(parameters);
  if (p.saturates) {
    return finish_saturating(p.scales + tile.channel, p.zero_point, tile, acc,
                             static_cast<int8_t*>(output) + tile.pixel * output_step + tile.channel,
                             output_step);
  }
#endif
  finish32<FloatHalfEvenStep, int8_t>(parameters, tile, acc, output, output_step);
}

template <class Step>
constexpr FinishTo<Finish32> all_outputs() {
  return {finish32<Step, int8_t>, finish32<Step, uint8_t>, finish32<Step, int16_t>};
}

struct WideRoundingStep {
  static constexpr bool clamps = false;
  using Parameters = MultiplierFinish;
  using Sums = HalfI32;
  const MultiplierFinish& p;
  explicit WideRoundingStep(const MultiplierFinish& parameters) : p(parameters) {}
  [[gnu::always_inline]] HalfI32 operator()(I64 acc, int32_t channel) const {
    using Unsigned = uint64_t __attribute__((vector_size(vector_bytes)));
    const auto significand = load<HalfI32>(p.significands + channel);
    const HalfI32 reduced =
        significand < 0x7fff0000 ? (significand + (1 << 15)) >> 16 : HalfI32{} + 0x7fff;
    const I64 shift = 15 - widen(load<HalfI32>(p.exponents + channel));
    const auto product =
        reinterpret_cast<Unsigned>(acc) * reinterpret_cast<Unsigned>(widen(reduced));
    const Unsigned half = (Unsigned{} + 1) << reinterpret_cast<Unsigned>(shift - 1);
    return narrow(reinterpret_cast<I64>(product + half) >> shift);
  }
};

struct WideDoubleProductStep : DoubleProductStep {
  using DoubleProductStep::DoubleProductStep;
  [[gnu::always_inline]] HalfI32 operator()(I64 acc, int32_t channel) const {
    return round(__builtin_convertvector(acc, F64), channel);
  }
};

template <class Step, class Out>
void finish64(const void* parameters, const Tile& tile, const int64_t* acc, void* output,
              ptrdiff_t output_step) {
  finish_tile<Step, Out>(
      *static_cast<const typename Step::Parameters*>(parameters), tile, acc, output, output_step,
      [](const Step& rounding, const int64_t* from, int32_t channel)
          __attribute__((always_inline)) { return rounding(load<I64>(from), channel); });
}

template <class Step>
constexpr FinishTo<Finish64> all_wide_outputs() {
  return {finish64<Step, int8_t>, finish64<Step, uint8_t>, finish64<Step, int16_t>};
}

[[gnu::always_inline]] inline F32 to_real(ScaleOrder order, F32 acc, F32 weights, F32 input,
                                          F32 bias) {
  switch (order) {
    case ScaleOrder::weights_first:
      return (acc * weights) * input + bias;
    case ScaleOrder::input_first:
      return (acc * input) * weights + bias;
    case ScaleOrder::scales_first:
      return acc * (weights * input) + bias;
    case ScaleOrder::fused:
      break;
  }
  return fused_multiply_add(acc * input, weights, bias);
}

// The accumulators of hybrid layers as floats. Channels from orders.tail_begin on may be scaled in
// another order; the vector they begin in has both.
template <ScaleOrder order>
void real_tile(const RealFinish& p, const Tile& tile, const int32_t* acc, float* out,
               ptrdiff_t output_step) {
  const auto low = broadcast<F32>(p.min);
  const auto high = broadcast<F32>(p.max);
  out += tile.pixel * output_step + tile.channel;
  for (int32_t pixel = 0; pixel < tile.pixels; ++pixel) {
    const int32_t image = p.by_pixel ? tile.pixel + pixel : 0;
    const auto input_scale = broadcast<F32>(p.input_scales[image]);
    const int32_t offset = p.input_offsets == nullptr ? 0 : p.input_offsets[image];
    for (int32_t i = 0; i < tile.channels; i += lanes) {
      const int32_t channel = tile.channel + i;
      const I32 exact = load<I32>(acc + i) - load<I32>(p.weight_sums + channel) * offset;
      const F32 value = __builtin_convertvector(exact, F32);
      const F32 weight_scale = load<F32>(p.weight_scales + channel);
      const F32 bias = load<F32>(p.bias + channel);
      F32 result = to_real(order, value, weight_scale, input_scale, bias);
      if (channel + lanes > p.orders.tail_begin) {
        const F32 tail = to_real(p.orders.tail, value, weight_scale, input_scale, bias);
        const int32_t first = p.orders.tail_begin - channel;
        for (int32_t j = first > 0 ? first : 0; j < lanes; ++j) result[j] = tail[j];
      }
      result = clamp(result, low, high);
      if (i + lanes <= tile.channels) {
        store(out + i, result);
      } else {
        store_first(out + i, result, tile.channels - i);
      }
    }
    acc += tile.stride;
    out += output_step;
  }
}

}  // namespace

void real(const void* parameters, const Tile& tile, const int32_t* acc, void* output,
          ptrdiff_t output_step) {
  const auto& p = *static_cast<const RealFinish*>(parameters);
  auto* const out = static_cast<float*>(output);
  switch (p.orders.body) {
    case ScaleOrder::weights_first:
      return real_tile<ScaleOrder::weights_first>(p, tile, acc, out, output_step);
    case ScaleOrder::input_first:
      return real_tile<ScaleOrder::input_first>(p, tile, acc, out, output_step);
    case ScaleOrder::scales_first:
      return real_tile<ScaleOrder::scales_first>(p, tile, acc, out, output_step);
    case ScaleOrder::fused:
      return real_tile<ScaleOrder::fused>(p, tile, acc, out, output_step);
  }
}

const FinishTo<Finish32> double_rounding = all_outputs<DoubleRoundingStep>();
const FinishTo<Finish32> float_half_even = {finish_float_to_int8,
                                            finish32<FloatHalfEvenStep, uint8_t>,
                                            finish32<FloatHalfEvenStep, int16_t>};
const FinishTo<Finish32> double_product = all_outputs<DoubleProductStep>();
const FinishTo<Finish64> wide_rounding = all_wide_outputs<WideRoundingStep>();
const FinishTo<Finish64> wide_double_product = all_wide_outputs<WideDoubleProductStep>();

}  // namespace litesmith::kernels::LITESMITH_ISA
