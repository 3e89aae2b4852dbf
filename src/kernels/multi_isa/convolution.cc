// Convolution over a padded image: a tile of some pixels by some vectors of output channels is kept
// in registers while the runs of the window go by; weights are read in the order they are packed.
//
// The same loop serves floats, pairs of int16 and fours of int8; they differ in how one step of a
// run is read and multiplied.
#include <array>
#include <utility>

#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// Steps of one term: the element of each pixel, in every lane.
struct FloatStep {
  using Image = float;
  using Weight = float;
  using Vector = F32;
  static constexpr int terms = 1;
  [[gnu::always_inline]] static F32 read(const float* at) { return broadcast<F32>(*at); }
  [[gnu::always_inline]] static F32 weights(const float* at) { return load<F32>(at); }
  [[gnu::always_inline]] static F32 add(F32 acc, F32 x, F32 w) {
    return fused_multiply_add(x, w, acc);
  }
};

struct PairStep {
  using Image = int16_t;
  using Weight = int16_t;
  using Vector = I32;
  static constexpr int terms = 2;
  [[gnu::always_inline]] static I16 read(const int16_t* at) { return broadcast_bits<I16>(at); }
  [[gnu::always_inline]] static I16 weights(const int16_t* at) { return load<I16>(at); }
  [[gnu::always_inline]] static I32 add(I32 acc, I16 x, I16 w) { return add_pairs(acc, x, w); }
};

#if defined(LITESMITH_HAS_DOT)
struct DotStep {
  using Image = uint8_t;
  using Weight = int8_t;
  using Vector = I32;
  static constexpr int terms = 4;
  [[gnu::always_inline]] static I8 read(const uint8_t* at) { return broadcast_bits<I8>(at); }
  [[gnu::always_inline]] static I8 weights(const int8_t* at) { return load<I8>(at); }
  [[gnu::always_inline]] static I32 add(I32 acc, I8 x, I8 w) { return add_dot(acc, x, w); }
};
#endif

// Where the windows of a tile's pixels begin.
template <class Image>
using Windows = std::array<const Image*, max_pixels>;

// Accumulators of `pixels` windows and `vectors` vectors of channels.
template <class Step, int pixels, int vectors>
using Sums = typename Step::Vector[pixels][vectors];

// Adds all terms of the runs to the accumulators.
template <class Step, int pixels, int vectors>
[[gnu::always_inline]] inline void accumulate(const Windows<typename Step::Image>& windows,
                                              const Run* run, const Run* runs_end,
                                              const typename Step::Weight* weights,
                                              Sums<Step, pixels, vectors>& result) {
  constexpr int weight_lanes = Step::terms * lanes;
  // A copy that nothing else points at: it stays in registers.
  Sums<Step, pixels, vectors> acc;
#pragma GCC unroll 8
  for (int p = 0; p < pixels; ++p) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) acc[p][v] = result[p][v];
  }
  for (; run != runs_end; ++run) {
    const int steps = (run->count + Step::terms - 1) / Step::terms;
    const typename Step::Image* at[pixels];
#pragma GCC unroll 8
    for (int p = 0; p < pixels; ++p) at[p] = windows[static_cast<size_t>(p)] + run->offset;
    for (int step = 0; step < steps; ++step) {
      decltype(Step::weights(weights)) w[vectors];
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) w[v] = Step::weights(weights + v * weight_lanes);
#pragma GCC unroll 8
      for (int p = 0; p < pixels; ++p) {
        const auto x = Step::read(at[p] + step * Step::terms);
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v) acc[p][v] = Step::add(acc[p][v], x, w[v]);
      }
      weights += vectors * weight_lanes;
    }
  }
#pragma GCC unroll 8
  for (int p = 0; p < pixels; ++p) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) result[p][v] = acc[p][v];
  }
}

// Calls body(windows, first pixel, number of pixels) with the pixels of a walk, some at a time.
template <class Image, class Body>
[[gnu::always_inline]] inline void each_tile(const Walk& walk, const Image* image, Body body) {
  Windows<Image> windows = {};
  int32_t first = 0;
  int count = 0;
  for (int32_t row = 0; row < walk.output_rows; ++row) {
    const Image* window = image + row * walk.row_step;
    for (int32_t column = 0; column < walk.output_columns; ++column) {
      windows[static_cast<size_t>(count++)] = window;
      window += walk.column_step;
      if (count == max_pixels) {
        body(windows, first, count);
        first += count;
        count = 0;
      }
    }
  }
  if (count > 0) body(windows, first, count);
}

// The weights before channel `first` (a multiple of the block).
ptrdiff_t weights_before(const Walk& walk, int32_t first, int terms) {
  ptrdiff_t steps = 0;
  for (int32_t i = 0; i < walk.run_count; ++i) {
    steps += (walk.runs[i].count + terms - 1) / terms;
  }
  return steps * first * terms;
}

// Calls one of table[0..max) by a number from 1 to max.
template <template <int> class Function, class... Arguments>
[[gnu::always_inline]] inline void call_for_pixels(int pixels, Arguments&&... arguments) {
  [&]<int... i>(std::integer_sequence<int, i...>) {
    ((pixels == i + 1 ? (Function<i + 1>::run(std::forward<Arguments>(arguments)...), void())
                      : void()),
     ...);
  }
  (std::make_integer_sequence<int, max_pixels>());
}

template <int vectors>
struct FloatBlock {
  template <int pixels>
  struct Tile {
    static void run(const FloatConvCall& call, const Windows<float>& windows, int32_t first_pixel,
                    int32_t channel, const float* weights) {
      F32 acc[pixels][vectors];
      for (int p = 0; p < pixels; ++p) {
        for (int v = 0; v < vectors; ++v) acc[p][v] = load<F32>(call.start + channel + v * lanes);
      }
      accumulate<FloatStep, pixels, vectors>(windows, call.walk.runs,
                                             call.walk.runs + call.walk.run_count, weights, acc);
      const F32 low = broadcast<F32>(call.min);
      const F32 high = broadcast<F32>(call.max);
      for (int p = 0; p < pixels; ++p) {
        float* out = call.output + (first_pixel + p) * call.output_step + channel;
        for (int v = 0; v < vectors; ++v) {
          const F32 value = clamp(acc[p][v], low, high);
          const int32_t rest = call.channels - channel - v * lanes;
          if (rest >= lanes) {
            store(out + v * lanes, value);
          } else {
            for (int i = 0; i < rest; ++i) out[v * lanes + i] = value[i];
          }
        }
      }
    }
  };
  static void run(const FloatConvCall& call, int32_t channel) {
    const float* weights = call.weights + weights_before(call.walk, channel, 1);
    each_tile(call.walk, call.image,
              [&](const Windows<float>& windows, int32_t first_pixel, int pixels) {
                call_for_pixels<Tile>(pixels, call, windows, first_pixel, channel, weights);
              });
  }
};

template <class Step>
struct Integer {
  template <int vectors>
  struct Block {
    static constexpr int width = vectors * lanes;

    template <int pixels>
    struct Tile {
      static void run(const IntegerConvCall& call, const Windows<typename Step::Image>& windows,
                      const kernels::Tile& tile, const typename Step::Weight* weights) {
        const Run* const begin = call.walk.runs;
        if (call.finish.from32 != nullptr) {
          I32 acc[pixels][vectors];
          for (int p = 0; p < pixels; ++p) {
            for (int v = 0; v < vectors; ++v) {
              acc[p][v] = load<I32>(call.start32 + tile.channel + v * lanes);
            }
          }
          accumulate<Step, pixels, vectors>(windows, begin, begin + call.walk.run_count, weights,
                                            acc);
          call.finish.from32(call.finish.parameters, tile, reinterpret_cast<int32_t*>(acc),
                             call.output, call.output_step);
          return;
        }
        // No more starts than the tile has channels: they are not padded to whole vectors of int64.
        int64_t sums[pixels][width] = {};
        for (int p = 0; p < pixels; ++p) {
          for (int i = 0; i < tile.channels; ++i) sums[p][i] = call.start64[tile.channel + i];
        }
        const Run* run = begin;
        for (int32_t chunk = 0; chunk < call.chunk_count; ++chunk) {
          const Run* const end = begin + call.chunk_ends[chunk];
          I32 acc[pixels][vectors] = {};
          accumulate<Step, pixels, vectors>(windows, run, end, weights, acc);
          for (; run != end; ++run) {
            weights += (run->count + Step::terms - 1) / Step::terms * Step::terms * width;
          }
          for (int p = 0; p < pixels; ++p) {
            for (int v = 0; v < vectors; ++v) {
              for (int i = 0; i < lanes; ++i) sums[p][v * lanes + i] += acc[p][v][i];
            }
          }
        }
        call.finish.from64(call.finish.parameters, tile, &sums[0][0], call.output,
                           call.output_step);
      }
    };
    static void run(const IntegerConvCall& call, int32_t channel) {
      using Image = typename Step::Image;
      const auto* weights = static_cast<const typename Step::Weight*>(call.weights) +
                            weights_before(call.walk, channel, Step::terms);
      const int32_t rest = call.channels - channel;
      each_tile(call.walk, static_cast<const Image*>(call.image),
                [&](const Windows<Image>& windows, int32_t first_pixel, int pixels) {
                  const kernels::Tile tile{first_pixel, pixels, channel,
                                           rest < width ? rest : width, width};
                  call_for_pixels<Tile>(pixels, call, windows, tile, weights);
                });
    }
  };
};

// Goes over the channels block by block; the last block has fewer vectors.
template <template <int> class Block, class Call>
void convolve(const Call& call) {
  int32_t channel = 0;
  for (; call.channels - channel > (max_vectors - 1) * lanes; channel += max_vectors * lanes) {
    Block<max_vectors>::run(call, channel);
  }
  const int32_t rest = (call.channels - channel + lanes - 1) / lanes;
  [&]<int... i>(std::integer_sequence<int, i...>) {
    ((rest == i + 1 ? Block<i + 1>::run(call, channel) : void()), ...);
  }
  (std::make_integer_sequence<int, max_vectors - 1>());
}

}  // namespace

void float_conv(const FloatConvCall& call) { convolve<FloatBlock>(call); }

void pair_conv(const IntegerConvCall& call) { convolve<Integer<PairStep>::Block>(call); }

#if defined(LITESMITH_HAS_DOT)
void dot_conv(const IntegerConvCall& call) { convolve<Integer<DotStep>::Block>(call); }
#endif

}  // namespace litesmith::kernels::LITESMITH_ISA
