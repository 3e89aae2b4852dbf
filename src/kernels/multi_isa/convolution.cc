// Convolution over a padded image: a tile of some windows by some vectors of output channels is
// kept in registers while the steps of the windows go by; weights are read in the order they are
// packed. Where a max pool follows, the windows of a tile are those of one output, and only the
// largest of their sums leaves the registers: before requantization or activation, which cost a
// quarter then.
//
// The same loops serve floats, pairs of int16 and fours of int8; they differ in how one step is
// read and multiplied.
#include <array>
#include <utility>

#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/saturating_finish.h"
#include "kernels/multi_isa/simd.h"
#include "kernels/multi_isa/tiles.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// The terms of a step, of one window, in every lane.
struct FloatStep {
  using Image = float;
  using Weight = float;
  using Vector = F32;
  static constexpr int terms = 1;
  static constexpr bool exact = false;
  [[gnu::always_inline]] static F32 read(const float* at) { return broadcast<F32>(*at); }
  [[gnu::always_inline]] static F32 weights(const float* at) { return load<F32>(at); }
  template <int n>
  [[gnu::always_inline]] static void add(F32 (&acc)[n], F32 x, const F32 (&w)[n]) {
#pragma GCC unroll 8
    for (int v = 0; v < n; ++v) acc[v] = fused_multiply_add(x, w[v], acc[v]);
  }
};

struct PairStep {
  using Image = int16_t;
  using Weight = int16_t;
  using Vector = I32;
  static constexpr int terms = 2;
  static constexpr bool exact = true;  // sums may be taken in any order
  static constexpr bool wide = true;   // some need int64
  [[gnu::always_inline]] static I16 read(const int16_t* at) { return broadcast_bits<I16>(at); }
  [[gnu::always_inline]] static I16 weights(const int16_t* at) { return load<I16>(at); }
  template <int n>
  [[gnu::always_inline]] static void add(I32 (&acc)[n], I16 x, const I16 (&w)[n]) {
    add_pairs_to_all(acc, x, w);
  }
};

#if defined(LITESMITH_HAS_DOT)
struct DotStep {
  using Image = uint8_t;  // or int8, as the instruction takes it
  using Weight = int8_t;
  using Vector = I32;
  static constexpr int terms = 4;
  static constexpr bool exact = true;
  static constexpr bool wide = false;
  [[gnu::always_inline]] static I8 read(const uint8_t* at) { return broadcast_bits<I8>(at); }
  [[gnu::always_inline]] static I8 weights(const int8_t* at) { return load<I8>(at); }
  template <int n>
  [[gnu::always_inline]] static void add(I32 (&acc)[n], I8 x, const I8 (&w)[n]) {
    add_dot_to_all(acc, x, w);
  }
};
#endif

template <class Step, int windows, int vectors>
using Sums = typename Step::Vector[windows][vectors];

// Adds the terms of some steps to the sums.
template <class Step, int windows, int vectors>
[[gnu::always_inline]] inline void accumulate(const Windows<typename Step::Image>& at,
                                              const int32_t* step, const int32_t* const end,
                                              const typename Step::Weight* weights,
                                              Sums<Step, windows, vectors>& result) {
  constexpr int weight_lanes = Step::terms * lanes;
  // Copies that nothing else points at: they stay in registers.
  Sums<Step, windows, vectors> acc;
  const typename Step::Image* window[windows];
#pragma GCC unroll 8
  for (int p = 0; p < windows; ++p) {
    window[p] = at[static_cast<size_t>(p)];
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) acc[p][v] = result[p][v];
  }
  for (; step != end; ++step) {
    const ptrdiff_t offset = *step;
    decltype(Step::weights(weights)) w[vectors];
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) w[v] = Step::weights(weights + v * weight_lanes);
#pragma GCC unroll 8
    for (int p = 0; p < windows; ++p) {
      Step::add(acc[p], Step::read(window[p] + offset), w);
    }
    weights += vectors * weight_lanes;
  }
#pragma GCC unroll 8
  for (int p = 0; p < windows; ++p) {
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) result[p][v] = acc[p][v];
  }
}

// The same for a single vector, whose additions would wait for each other: four sums take turns.
template <class Step>
[[gnu::always_inline]] inline void accumulate_in_turns(const typename Step::Image* window,
                                                       const int32_t* step,
                                                       const int32_t* const end,
                                                       const typename Step::Weight* weights,
                                                       typename Step::Vector& result) {
  constexpr int weight_lanes = Step::terms * lanes;
  typename Step::Vector acc[4][1] = {{result}};
  for (; end - step >= 4; step += 4) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      Step::add(acc[i], Step::read(window + step[i]), {Step::weights(weights + i * weight_lanes)});
    }
    weights += 4 * weight_lanes;
  }
  for (; step != end; ++step) {
    Step::add(acc[0], Step::read(window + *step), {Step::weights(weights)});
    weights += weight_lanes;
  }
  result = (acc[0][0] + acc[1][0]) + (acc[2][0] + acc[3][0]);
}

template <class Step, int windows, int vectors>
[[gnu::always_inline]] inline void add_terms(const Windows<typename Step::Image>& at,
                                             const int32_t* step, const int32_t* const end,
                                             const typename Step::Weight* weights,
                                             Sums<Step, windows, vectors>& result) {
  if constexpr (Step::exact && windows == 1 && vectors == 1) {
    accumulate_in_turns<Step>(at[0], step, end, weights, result[0][0]);
  } else {
    accumulate<Step, windows, vectors>(at, step, end, weights, result);
  }
}

// The same behind a max pool: `tile(number, first windows, first output)` computes so many outputs,
// `together` or fewer behind the last of these, from all their windows.
template <int together, class Image, class TileOf>
[[gnu::always_inline]] inline void each_pooled(const Walk& walk, const Image* image, TileOf tile) {
  const Image* windows[together];
  int32_t output = 0;
  int count = 0;
  for (int32_t row = 0; row < walk.output_rows; ++row) {
    const Image* window = image + row * walk.row_step;
    for (int32_t column = 0; column < walk.output_columns; ++column, window += walk.column_step) {
      windows[count++] = window;
      if (count < together) continue;
      tile(std::integral_constant<int, together>{}, windows, output);
      output += together;
      count = 0;
    }
  }
  for (int i = 0; i < count; ++i) tile(std::integral_constant<int, 1>{}, windows + i, output++);
}

// Outputs whose windows are summed together. Of a single vector, the sums of one would wait for
// each other.
template <int windows, int vectors>
constexpr int outputs_together = vectors == 1 && 2 * windows <= max_pixels ? 2 : 1;

// The windows of a pooled output, some at a time: `tile(windows, number, whether they are the
// first)`.
template <class Image, class TileOf>
[[gnu::always_inline]] inline void each_part(const Walk& walk, const Image* window, TileOf tile) {
  Windows<Image> windows = {};
  int count = 0;
  bool begins = true;
  for (int32_t y = 0; y < walk.pooled_rows; ++y) {
    const Image* at = window + y * walk.pooled_row_step;
    for (int32_t x = 0; x < walk.pooled_columns; ++x, at += walk.pooled_column_step) {
      windows[static_cast<size_t>(count++)] = at;
      if (count < max_pixels) continue;
      tile(windows, count, begins);
      begins = false;
      count = 0;
    }
  }
  if (count > 0) tile(windows, count, begins);
}

// Where the windows of a pooled output lie, from the first; for no more than a tile takes.
struct Parts {
  int count = 0;
  std::array<ptrdiff_t, max_pixels> offsets = {};
  explicit Parts(const Walk& walk) {
    for (int32_t y = 0; y < walk.pooled_rows; ++y) {
      for (int32_t x = 0; x < walk.pooled_columns; ++x) {
        offsets[static_cast<size_t>(count++)] =
            y * walk.pooled_row_step + x * walk.pooled_column_step;
      }
    }
  }
  static bool fit(const Walk& walk) {
    return int64_t{walk.pooled_rows} * walk.pooled_columns <= max_pixels;
  }
  // All windows of some outputs, `windows` of each, whose first are given.
  template <int windows, int outputs, class Image>
  [[gnu::always_inline]] Windows<Image> of(const Image* const* first) const {
    Windows<Image> result;
#pragma GCC unroll 2
    for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 8
      for (int i = 0; i < windows; ++i) {
        result[static_cast<size_t>(o * windows + i)] = first[o] + offsets[static_cast<size_t>(i)];
      }
    }
    return result;
  }
};

// Of some vectors of channels, `whole` where the last of them is.
template <int vectors, bool whole>
struct FloatTiles {
  struct Place {
    const FloatConvCall& call;
    int32_t channel;
    const float* weights;
    bool bounded;  // there is something to clamp
  };

  template <int windows>
  [[gnu::always_inline]] static inline void sum(const Place& place, const Windows<float>& at,
                                                Sums<FloatStep, windows, vectors>& acc) {
    const FloatConvCall& call = place.call;
    for (int p = 0; p < windows; ++p) {
      for (int v = 0; v < vectors; ++v) {
        acc[p][v] = load<F32>(call.start + place.channel + v * lanes);
      }
    }
    add_terms<FloatStep, windows, vectors>(
        at, call.walk.steps, call.walk.steps + call.walk.step_count, place.weights, acc);
  }

  // Where sums go, and how: a copy that nothing else points at, so that its members stay in
  // registers while outputs are stored.
  struct Outputs {
    float* first;
    ptrdiff_t step;
    int32_t channels;  // from this block on
    bool bounded;
    F32 low;
    F32 high;

    explicit Outputs(const Place& place)
        : first(place.call.output + place.channel),
          step(place.call.output_step),
          channels(place.call.channels - place.channel),
          bounded(place.bounded),
          low(broadcast<F32>(place.call.min)),
          high(broadcast<F32>(place.call.max)) {}

    [[gnu::always_inline]] inline void write(int32_t output, const F32 (&values)[vectors]) const {
      float* const out = first + output * step;
      F32 bound[vectors];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v)
        bound[v] = bounded ? clamp(values[v], low, high) : values[v];
#pragma GCC unroll 4
      for (int v = 0; v + (whole ? 0 : 1) < vectors; ++v) store(out + v * lanes, bound[v]);
      if constexpr (!whole) {
        constexpr int last = (vectors - 1) * lanes;
        store_first(out + last, bound[vectors - 1], channels - last);
      }
    }
  };

  template <int windows>
  struct TileOf {
    static void run(const Place& place, const Windows<float>& at, int32_t first) {
      F32 acc[windows][vectors];
      sum<windows>(place, at, acc);
      const Outputs outputs(place);
#pragma GCC unroll 8
      for (int p = 0; p < windows; ++p) outputs.write(first + p, acc[p]);
    }
  };

  // So many windows of each of some outputs.
  template <int windows, int outputs>
  struct PooledTileOf {
    [[gnu::always_inline]] static inline void run(const Place& place, const Windows<float>& at,
                                                  F32 (&best)[outputs][vectors]) {
      F32 acc[outputs * windows][vectors];
      sum<outputs * windows>(place, at, acc);
#pragma GCC unroll 2
      for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
#pragma GCC unroll 8
          for (int p = 0; p < windows; ++p) {
            best[o][v] = larger(best[o][v], acc[o * windows + p][v]);
          }
        }
      }
    }
  };
  template <int windows>
  struct Part : PooledTileOf<windows, 1> {};

  template <int outputs>
  [[gnu::always_inline]] static inline void lowest(F32 (&best)[outputs][vectors]) {
#pragma GCC unroll 2
    for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) best[o][v] = broadcast<F32>(-__builtin_inff());
    }
  }

  // All outputs behind a pool of so many windows.
  template <int windows>
  struct AllPooled {
    static void run(const Place& place, const Parts& parts) {
      const Outputs outputs(place);
      each_pooled<outputs_together<windows, vectors>>(
          place.call.walk, place.call.image,
          [&]<int n>(std::integral_constant<int, n>, const float* const* first, int32_t output)
              __attribute__((always_inline)) {
                F32 best[n][vectors];
                lowest(best);
                PooledTileOf<windows, n>::run(place, parts.of<windows, n>(first), best);
#pragma GCC unroll 2
                for (int o = 0; o < n; ++o) outputs.write(output + o, best[o]);
              });
    }
  };

  static void run(const FloatConvCall& call, int32_t channel) {
    const Walk& walk = call.walk;
    const Place place{call, channel, call.weights + ptrdiff_t{walk.step_count} * channel,
                      call.min > -__builtin_inff() || call.max < __builtin_inff()};
    if (walk.pooled_rows * walk.pooled_columns == 1) {
      each_tile(
          walk, call.image,
          [&](const Windows<float>& at, int windows, int32_t first) __attribute__((always_inline)) {
            call_for_windows<TileOf>(windows, place, at, first);
          });
    } else if (Parts::fit(walk)) {
      const Parts parts(walk);
      call_for_windows<AllPooled>(parts.count, place, parts);
    } else {
      const Outputs outputs(place);
      each_pooled<1>(walk, call.image, [&](auto, const float* const* window, int32_t output) {
        F32 best[1][vectors];
        lowest(best);
        each_part(walk, *window, [&](const Windows<float>& at, int windows, bool) {
          call_for_windows<Part>(windows, place, at, best);
        });
        outputs.write(output, best[0]);
      });
    }
  }
};

template <int vectors>
struct FloatBlock {
  static void run(const FloatConvCall& call, int32_t channel) {
    if (call.channels - channel >= vectors * lanes) {
      FloatTiles<vectors, true>::run(call, channel);
    } else {
      FloatTiles<vectors, false>::run(call, channel);
    }
  }
};

template <class Step>
struct Integer {
  using Image = typename Step::Image;
  using Weight = typename Step::Weight;

  template <int vectors>
  struct Block {
    static constexpr int width = vectors * lanes;
    struct Place {
      const IntegerConvCall& call;
      int32_t channel;
      int32_t channels;
      const Weight* weights;
      const int32_t* start;  // what sums in int32 begin with
      int32_t (*sums)[width];
      int64_t (*wide_sums)[width];
    };

    template <int windows>
    [[gnu::always_inline]] static inline void sum(const Place& place, const Windows<Image>& at,
                                                  I32 (&acc)[windows][vectors]) {
      const Walk& walk = place.call.walk;
      for (int p = 0; p < windows; ++p) {
        for (int v = 0; v < vectors; ++v) {
          acc[p][v] = load<I32>(place.start + v * lanes);
        }
      }
      add_terms<Step, windows, vectors>(at, walk.steps, walk.steps + walk.step_count, place.weights,
                                        acc);
    }

    // A function of its own, as in call_for_windows, that does not know `zero`: g++ 12 clears
    // arrays in memory otherwise, and keeps them there.
    template <int windows>
    [[gnu::noinline]] static void sum_chunk(const Windows<Image>& at, const int32_t* step,
                                            const int32_t* end, const Weight* weights, I32 zero,
                                            I32 (&sums)[windows][vectors]) {
      I32 acc[windows][vectors];
#pragma GCC unroll 8
      for (int p = 0; p < windows; ++p) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) acc[p][v] = zero;
      }
      add_terms<Step, windows, vectors>(at, step, end, weights, acc);
#pragma GCC unroll 8
      for (int p = 0; p < windows; ++p) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) sums[p][v] = acc[p][v];
      }
    }

    template <int windows>
    static void wide_sum(const Place& place, const Windows<Image>& at, int64_t (*sums)[width]) {
      const Walk& walk = place.call.walk;
      // No more starts than there are channels: they are not padded to whole vectors of int64.
      for (int p = 0; p < windows; ++p) {
        for (int i = 0; i < width; ++i) {
          sums[p][i] = i < place.channels ? place.call.start64[place.channel + i] : 0;
        }
      }
      const Weight* weights = place.weights;
      for (int32_t step = 0; step < walk.step_count; step += place.call.chunk_steps) {
        const int32_t left = walk.step_count - step;
        const int32_t count = left < place.call.chunk_steps ? left : place.call.chunk_steps;
        I32 acc[windows][vectors];
        sum_chunk<windows>(at, walk.steps + step, walk.steps + step + count, weights, I32{}, acc);
        weights += ptrdiff_t{count} * Step::terms * width;
        for (int p = 0; p < windows; ++p) {
          for (int v = 0; v < vectors; ++v) add_widened(&sums[p][v * lanes], acc[p][v]);
        }
      }
    }

    template <int windows>
    struct TileOf {
      static void run(const Place& place, const Windows<Image>& at, int slot) {
        I32 acc[windows][vectors];
        sum<windows>(place, at, acc);
        for (int p = 0; p < windows; ++p) {
          for (int v = 0; v < vectors; ++v) store(&place.sums[slot + p][v * lanes], acc[p][v]);
        }
      }
    };
#if defined(LITESMITH_FINISHES_REGISTERS)
    // Sums that are finished before they leave the registers.
    template <int windows>
    struct FinishedTileOf {
      static void run(const Place& place, const Windows<Image>& at, int32_t first) {
        I32 acc[windows][vectors];
        sum<windows>(place, at, acc);
        const IntegerConvCall& call = place.call;
        const FloatScaleFinish& to = *call.finish.saturating;
        finish_registers(
            to.scales + place.channel, to.zero_point, acc, place.channels,
            static_cast<int8_t*>(call.output) + first * call.output_step + place.channel,
            call.output_step);
      }
    };
#endif

    // So many windows of each of some outputs.
    template <int windows, int outputs>
    struct PooledTileOf {
      [[gnu::always_inline]] static inline void run(const Place& place, const Windows<Image>& at,
                                                    int slot, bool begins) {
        I32 acc[outputs * windows][vectors];
        sum<outputs * windows>(place, at, acc);
#pragma GCC unroll 2
        for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 4
          for (int v = 0; v < vectors; ++v) {
            int32_t* const best = &place.sums[slot + o][v * lanes];
            I32 largest = acc[o * windows][v];
#pragma GCC unroll 8
            for (int p = 1; p < windows; ++p) largest = larger(largest, acc[o * windows + p][v]);
            store(best, begins ? largest : larger(load<I32>(best), largest));
          }
        }
      }
    };
    template <int windows>
    struct WideTileOf {
      static void run(const Place& place, const Windows<Image>& at, int slot) {
        wide_sum<windows>(place, at, place.wide_sums + slot);
      }
    };
    template <int windows, int outputs>
    struct WidePooledTileOf {
      static void run(const Place& place, const Windows<Image>& at, int slot, bool begins) {
        int64_t sums[outputs * windows][width];
        wide_sum<outputs * windows>(place, at, sums);
        for (int o = 0; o < outputs; ++o) {
          int64_t* const best = place.wide_sums[slot + o];
          for (int i = 0; i < width; ++i) {
            int64_t largest = sums[o * windows][i];
            for (int p = 1; p < windows; ++p) largest = larger(largest, sums[o * windows + p][i]);
            best[i] = begins ? largest : larger(best[i], largest);
          }
        }
      }
    };

    template <template <int, int> class AnyPooledTile, class Finish>
    struct Pooling {
      template <int windows>
      struct Part : AnyPooledTile<windows, 1> {};

      // All outputs behind a pool of so many windows.
      template <int windows>
      struct All {
        static void run(const Place& place, const Parts& parts, const Finish& finish) {
          BufferedOutputs buffer;
          each_pooled<outputs_together<windows, vectors>>(
              place.call.walk, static_cast<const Image*>(place.call.image),
              [&]<int n>(std::integral_constant<int, n>, const Image* const* first, int32_t)
                  __attribute__((always_inline)) {
                    AnyPooledTile<windows, n>::run(place, parts.of<windows, n>(first),
                                                   buffer.take(n, finish), true);
                  });
          buffer.empty(finish);
        }
      };
    };

    template <template <int> class AnyTile, template <int, int> class AnyPooledTile, class Finish>
    [[gnu::always_inline]] static inline void each(const Place& place, const Finish& finish) {
      const Walk& walk = place.call.walk;
      const auto* const image = static_cast<const Image*>(place.call.image);
      if (Parts::fit(walk) && walk.pooled_rows * walk.pooled_columns > 1) {
        const Parts parts(walk);
        call_for_windows<Pooling<AnyPooledTile, Finish>::template All>(parts.count, place, parts,
                                                                       finish);
        return;
      }
      BufferedOutputs buffer;
      if (walk.pooled_rows * walk.pooled_columns == 1) {
        each_tile(
            walk, image,
            [&](const Windows<Image>& at, int windows, int32_t) __attribute__((always_inline)) {
              const int slot = buffer.take(windows, finish);
              call_for_windows<AnyTile>(windows, place, at, slot);
            });
      } else {
        each_pooled<1>(walk, image, [&](auto, const Image* const* window, int32_t) {
          const int slot = buffer.take(1, finish);
          each_part(walk, *window, [&](const Windows<Image>& at, int windows, bool begins) {
            call_for_windows<Pooling<AnyPooledTile, Finish>::template Part>(windows, place, at,
                                                                            slot, begins);
          });
        });
      }
      buffer.empty(finish);
    }

    // Sums in int64 whose products int32 holds: only what they begin with is wider.
    static void run_one_chunk(Place& place) {
      const IntegerConvCall& call = place.call;
      alignas(vector_bytes) static constexpr int32_t zeros[width] = {};
      alignas(vector_bytes) int32_t sums[buffered_outputs][width];
      // No more starts than there are channels: they are not padded to whole vectors of int64.
      alignas(vector_bytes) int64_t start[width] = {};
      for (int i = 0; i < place.channels; ++i) start[i] = call.start64[place.channel + i];
      place.start = zeros;
      place.sums = sums;
      each<TileOf, PooledTileOf>(place, [&](int32_t first, int count) {
        alignas(vector_bytes) int64_t wide[buffered_outputs][width];
        for (int p = 0; p < count; ++p) {
          for (int i = 0; i < width; ++i) wide[p][i] = start[i] + sums[p][i];
        }
        call.finish.from64(call.finish.parameters,
                           Tile{first, count, place.channel, place.channels, width}, wide[0],
                           call.output, call.output_step);
      });
    }

    static void run(const IntegerConvCall& call, int32_t channel) {
      const int32_t rest = call.channels - channel;
      Place place{.call = call,
                  .channel = channel,
                  .channels = rest < width ? rest : width,
                  .weights = static_cast<const Weight*>(call.weights) +
                             ptrdiff_t{call.walk.step_count} * Step::terms * channel,
                  .start = call.start32 + channel,
                  .sums = nullptr,
                  .wide_sums = nullptr};
      const Finish& to = call.finish;
#if defined(LITESMITH_FINISHES_REGISTERS)
      if (Step::terms == 4 && to.saturating != nullptr &&
          call.walk.pooled_rows * call.walk.pooled_columns == 1) {
        each_tile(
            call.walk, static_cast<const Image*>(call.image),
            [&](const Windows<Image>& at, int windows, int32_t first) __attribute__((
                always_inline)) { call_for_windows<FinishedTileOf>(windows, place, at, first); });
        return;
      }
#endif
      auto tile = [&](int32_t first, int count) {
        return Tile{first, count, channel, place.channels, width};
      };
      if (to.from32 != nullptr) {
        alignas(vector_bytes) int32_t sums[buffered_outputs][width];
        place.sums = sums;
        each<TileOf, PooledTileOf>(place, [&](int32_t first, int count) {
          to.from32(to.parameters, tile(first, count), sums[0], call.output, call.output_step);
        });
      } else if constexpr (Step::wide) {
        if (call.walk.step_count <= call.chunk_steps) return run_one_chunk(place);
        alignas(vector_bytes) int64_t sums[buffered_outputs][width];
        place.wide_sums = sums;
        each<WideTileOf, WidePooledTileOf>(place, [&](int32_t first, int count) {
          to.from64(to.parameters, tile(first, count), sums[0], call.output, call.output_step);
        });
      }
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
