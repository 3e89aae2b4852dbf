// Depthwise convolution over a padded image: vectors across channels, each tap one multiply-add.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// The first `count` floats at `from`, zeros behind.
[[gnu::always_inline]] inline F32 load_some(const float* from, int32_t count) {
  F32 result = {};
  for (int32_t i = 0; i < count; ++i) result[i] = from[i];
  return result;
}

// `vectors` vectors of channels of one pixel; the last may hold fewer than its lanes.
template <int vectors, bool whole>
[[gnu::always_inline]] inline void float_pixel(const FloatDepthwiseCall& call, const float* window,
                                               int32_t channel, float* out) {
  const int32_t rest = call.channels - channel;
  F32 acc[vectors];
  for (int v = 0; v < vectors; ++v) acc[v] = load<F32>(call.start + channel + v * lanes);
  for (int32_t tap = 0; tap < call.walk.step_count; ++tap) {
    const float* x = window + call.walk.steps[tap] + channel;
    const float* w = call.weights + ptrdiff_t{tap} * call.channels + channel;
    for (int v = 0; v < vectors; ++v) {
      const F32 xs = whole ? load<F32>(x + v * lanes) : load_some(x, rest);
      const F32 ws = whole ? load<F32>(w + v * lanes) : load_some(w, rest);
      acc[v] = fused_multiply_add(xs, ws, acc[v]);
    }
  }
  const auto low = broadcast<F32>(call.min);
  const auto high = broadcast<F32>(call.max);
  for (int v = 0; v < vectors; ++v) {
    const F32 value = clamp(acc[v], low, high);
    if (whole) {
      store(out + channel + v * lanes, value);
    } else {
      for (int32_t i = 0; i < rest; ++i) out[channel + i] = value[i];
    }
  }
}

// Half a vector of int16 products, in int32.
[[gnu::always_inline]] inline I32 multiply_wide(const int16_t* a, const int16_t* b) {
  return __builtin_convertvector(load<HalfI16>(a), I32) *
         __builtin_convertvector(load<HalfI16>(b), I32);
}

// Accumulators of one vector of channels over taps [first, end).
[[gnu::always_inline]] inline I32 add_taps(const IntegerDepthwiseCall& call, const int16_t* window,
                                           int32_t channel, int32_t first, int32_t end, I32 acc) {
  for (int32_t tap = first; tap < end; ++tap) {
    acc += multiply_wide(window + call.walk.steps[tap] + channel,
                         call.weights + ptrdiff_t{tap} * call.channels + channel);
  }
  return acc;
}

// Channels that are finished together.
constexpr int32_t block = 4 * lanes;

void integer_pixel(const IntegerDepthwiseCall& call, const int16_t* window, int32_t pixel) {
  for (int32_t first = 0; first < call.channels; first += block) {
    const int32_t rest = call.channels - first;
    const Tile tile{pixel, 1, first, rest < block ? rest : block, block};
    if (call.finish.from32 != nullptr) {
      int32_t acc[block];
      for (int32_t i = 0; i < tile.channels; i += lanes) {
        store(acc + i, add_taps(call, window, first + i, 0, call.walk.step_count,
                                load<I32>(call.start32 + first + i)));
      }
      call.finish.from32(call.finish.parameters, tile, acc, call.output, call.channels);
      continue;
    }
    int64_t sums[block] = {};
    for (int32_t i = 0; i < tile.channels; ++i) sums[i] = call.start64[first + i];
    for (int32_t tap = 0; tap < call.walk.step_count; tap += call.chunk_taps) {
      const int32_t left = call.walk.step_count - tap;
      const int32_t end = tap + (left < call.chunk_taps ? left : call.chunk_taps);
      for (int32_t i = 0; i < tile.channels; i += lanes) {
        const I32 acc = add_taps(call, window, first + i, tap, end, I32{});
        for (int32_t j = 0; j < lanes; ++j) sums[i + j] += acc[j];
      }
    }
    call.finish.from64(call.finish.parameters, tile, sums, call.output, call.channels);
  }
}

}  // namespace

void float_depthwise(const FloatDepthwiseCall& call) {
  float* out = call.output;
  for (int32_t row = 0; row < call.walk.output_rows; ++row) {
    const float* window = call.image + row * call.walk.row_step;
    for (int32_t column = 0; column < call.walk.output_columns; ++column) {
      int32_t channel = 0;
      for (; call.channels - channel >= 4 * lanes; channel += 4 * lanes) {
        float_pixel<4, true>(call, window, channel, out);
      }
      for (; call.channels - channel >= lanes; channel += lanes) {
        float_pixel<1, true>(call, window, channel, out);
      }
      if (channel < call.channels) float_pixel<1, false>(call, window, channel, out);
      window += call.walk.column_step;
      out += call.channels;
    }
  }
}

void integer_depthwise(const IntegerDepthwiseCall& call) {
  int32_t pixel = 0;
  for (int32_t row = 0; row < call.walk.output_rows; ++row) {
    const int16_t* window = call.image + row * call.walk.row_step;
    for (int32_t column = 0; column < call.walk.output_columns; ++column) {
      integer_pixel(call, window, pixel++);
      window += call.walk.column_step;
    }
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA
