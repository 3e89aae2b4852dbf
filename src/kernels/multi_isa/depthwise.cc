// Depthwise convolution over a padded image, vectors across channels. Floats take one multiply-add
// a tap; integers the products of two or four taps at once, which lie side by side in the image
// (interleave.cc) and in the weights.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/saturating_finish.h"
#include "kernels/multi_isa/simd.h"
#include "kernels/multi_isa/tiles.h"

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

// The taps of a step, in each lane those of a channel.
struct PairStep {
  [[gnu::always_inline]] static I32 add(I32 acc, I32 x, I32 w) {
    return add_pairs(acc, reinterpret_cast<I16>(x), reinterpret_cast<I16>(w));
  }
};
#if defined(LITESMITH_HAS_DOT)
struct DotStep {
  [[gnu::always_inline]] static I32 add(I32 acc, I32 x, I32 w) {
    return add_dot(acc, reinterpret_cast<I8>(x), reinterpret_cast<I8>(w));
  }
};
#endif

// Channels that are finished together.
constexpr int block = 4 * lanes;

template <class Step>
struct Integer {
  struct Place {
    const IntegerDepthwiseCall& call;
    int32_t channel;
    int32_t channels;
    int32_t (*sums)[block];
    int64_t (*wide_sums)[block];
  };

  // One vector of channels of some windows over steps [begin, end).
  template <int windows>
  [[gnu::always_inline]] static inline void add_steps(const IntegerDepthwiseCall& call,
                                                      const Windows<int32_t>& at, int32_t channel,
                                                      int32_t begin, int32_t end,
                                                      I32 (&result)[windows]) {
    const int32_t* window[windows];
    I32 acc[windows];
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) {
      window[p] = at[static_cast<size_t>(p)] + channel;
      acc[p] = result[p];
    }
    const int32_t* weights = call.weights + ptrdiff_t{begin} * call.padded_channels + channel;
    for (int32_t step = begin; step < end; ++step) {
      const I32 w = load<I32>(weights);
      const ptrdiff_t offset = call.walk.steps[step];
#pragma GCC unroll 8
      for (int p = 0; p < windows; ++p)
        acc[p] = Step::add(acc[p], load<I32>(window[p] + offset), w);
      weights += call.padded_channels;
    }
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) result[p] = acc[p];
  }

  template <int windows>
  struct TileOf {
    static void run(const Place& place, const Windows<int32_t>& at, int slot) {
      const IntegerDepthwiseCall& call = place.call;
      for (int32_t i = 0; i < place.channels; i += lanes) {
        I32 acc[windows];
        for (I32& sum : acc) sum = load<I32>(call.start32 + place.channel + i);
        add_steps<windows>(call, at, place.channel + i, 0, call.walk.step_count, acc);
        for (int p = 0; p < windows; ++p) store(&place.sums[slot + p][i], acc[p]);
      }
    }
  };
#if defined(LITESMITH_FINISHES_REGISTERS)
  // Sums that are finished before they leave the registers.
  template <int windows, int vectors>
  [[gnu::always_inline]] static inline void finished(const Place& place, const Windows<int32_t>& at,
                                                     int32_t first, int32_t channel) {
    const IntegerDepthwiseCall& call = place.call;
    const FloatScaleFinish& to = *call.finish.saturating;
    const int32_t* window[windows];
    I32 acc[windows][vectors];
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) {
      window[p] = at[static_cast<size_t>(p)] + channel;
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) acc[p][v] = load<I32>(call.start32 + channel + v * lanes);
    }
    const int32_t* weights = call.weights + channel;
    const ptrdiff_t weights_step = call.padded_channels;
    const int32_t* const steps = call.walk.steps;
    for (int32_t step = 0; step < call.walk.step_count; ++step, weights += weights_step) {
      const ptrdiff_t offset = steps[step];
      I32 w[vectors];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) w[v] = load<I32>(weights + v * lanes);
#pragma GCC unroll 8
      for (int p = 0; p < windows; ++p) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
          acc[p][v] = Step::add(acc[p][v], load<I32>(window[p] + offset + v * lanes), w[v]);
        }
      }
    }
    finish_registers(to.scales + channel, to.zero_point, acc,
                     place.channel + place.channels - channel,
                     static_cast<int8_t*>(call.output) + first * ptrdiff_t{call.channels} + channel,
                     call.channels);
  }
  template <int windows>
  struct FinishedTileOf {
    static void run(const Place& place, const Windows<int32_t>& at, int32_t first) {
      if (place.channels == block) return finished<windows, 4>(place, at, first, place.channel);
      for (int32_t i = 0; i < place.channels; i += lanes) {
        finished<windows, 1>(place, at, first, place.channel + i);
      }
    }
  };
#endif

  // As in convolution.cc.
  template <int windows>
  [[gnu::noinline]] static void sum_chunk(const IntegerDepthwiseCall& call,
                                          const Windows<int32_t>& at, int32_t channel,
                                          int32_t begin, int32_t end, I32 zero,
                                          I32 (&sums)[windows]) {
    I32 acc[windows];
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) acc[p] = zero;
    add_steps<windows>(call, at, channel, begin, end, acc);
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) sums[p] = acc[p];
  }
  template <int windows>
  struct WideTileOf {
    static void run(const Place& place, const Windows<int32_t>& at, int slot) {
      const IntegerDepthwiseCall& call = place.call;
      int64_t(*const sums)[block] = place.wide_sums + slot;
      // No more starts than there are channels: they are not padded to whole vectors of int64.
      for (int p = 0; p < windows; ++p) {
        for (int i = 0; i < block; ++i) {
          sums[p][i] = i < place.channels ? call.start64[place.channel + i] : 0;
        }
      }
      for (int32_t step = 0; step < call.walk.step_count; step += call.chunk_steps) {
        const int32_t left = call.walk.step_count - step;
        const int32_t end = step + (left < call.chunk_steps ? left : call.chunk_steps);
        for (int32_t i = 0; i < place.channels; i += lanes) {
          I32 acc[windows];
          sum_chunk<windows>(call, at, place.channel + i, step, end, I32{}, acc);
          for (int p = 0; p < windows; ++p) add_widened(&sums[p][i], acc[p]);
        }
      }
    }
  };

  template <template <int> class AnyTile, class FinishOutputs>
  static void each(const Place& place, const FinishOutputs& finish) {
    BufferedOutputs buffer;
    each_tile(
        place.call.walk, place.call.image,
        [&](const Windows<int32_t>& at, int windows, int32_t) __attribute__((always_inline)) {
          const int slot = buffer.take(windows, finish);
          call_for_windows<AnyTile>(windows, place, at, slot);
        });
    buffer.empty(finish);
  }

  static void run(const IntegerDepthwiseCall& call) {
    const Finish& to = call.finish;
    for (int32_t first = 0; first < call.channels; first += block) {
      const int32_t rest = call.channels - first;
      Place place{call, first, rest < block ? rest : block, nullptr, nullptr};
#if defined(LITESMITH_FINISHES_REGISTERS)
      if (to.saturating != nullptr) {
        each_tile(
            call.walk, call.image,
            [&](const Windows<int32_t>& at, int windows, int32_t output) __attribute__((
                always_inline)) { call_for_windows<FinishedTileOf>(windows, place, at, output); });
        continue;
      }
#endif
      auto tile = [&](int32_t pixel, int count) {
        return Tile{pixel, count, first, place.channels, block};
      };
      if (to.from32 != nullptr) {
        alignas(vector_bytes) int32_t sums[buffered_outputs][block];
        place.sums = sums;
        each<TileOf>(place, [&](int32_t pixel, int count) {
          to.from32(to.parameters, tile(pixel, count), sums[0], call.output, call.channels);
        });
      } else {
        alignas(vector_bytes) int64_t sums[buffered_outputs][block];
        place.wide_sums = sums;
        each<WideTileOf>(place, [&](int32_t pixel, int count) {
          to.from64(to.parameters, tile(pixel, count), sums[0], call.output, call.channels);
        });
      }
    }
  }
};

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

void pair_depthwise(const IntegerDepthwiseCall& call) { Integer<PairStep>::run(call); }

#if defined(LITESMITH_HAS_DOT)
void dot_depthwise(const IntegerDepthwiseCall& call) { Integer<DotStep>::run(call); }
#endif

}  // namespace litesmith::kernels::LITESMITH_ISA
