// How convolutions go over their outputs: some windows at a time.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "kernels/kernel_set.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {

// Where the windows of a tile begin.
template <class Image>
using Windows = std::array<const Image*, max_pixels>;

// Function<n>::run as a function of its own: in a large one that holds several such loops g++ 12
// keeps their accumulators on the stack.
template <template <int> class Function, int n, class... Arguments>
[[gnu::noinline]] void run_apart(Arguments&... arguments) {
  Function<n>::run(arguments...);
}

// Calls Function<n>::run for a number n from 1 to max_pixels.
template <template <int> class Function, class... Arguments>
[[gnu::always_inline]] inline void call_for_windows(int n, Arguments&... arguments) {
  [&]<int... i>(std::integer_sequence<int, i...>) {
    ((n == i + 1 ? (run_apart<Function, i + 1>(arguments...), void()) : void()), ...);
  }
  (std::make_integer_sequence<int, max_pixels>());
}

// Integer sums wait in a buffer for their finish, which takes the longer the fewer it gets at once.
constexpr int buffered_outputs = 2 * max_pixels;
struct BufferedOutputs {
  int32_t first = 0;
  int count = 0;
  // The slot for the next `outputs`; `finish(first output, number)` makes room.
  template <class Finish>
  [[gnu::always_inline]] int take(int outputs, const Finish& finish) {
    if (count + outputs > buffered_outputs) empty(finish);
    const int slot = count;
    count += outputs;
    return slot;
  }
  template <class Finish>
  [[gnu::always_inline]] void empty(const Finish& finish) {
    if (count > 0) finish(first, count);
    first += count;
    count = 0;
  }
};

// Goes over the outputs of a walk: `tile(windows, number of them, first output)` computes as many.
template <class Image, class TileOf>
[[gnu::always_inline]] inline void each_tile(const Walk& walk, const Image* image, TileOf tile) {
  Windows<Image> windows = {};
  int32_t first = 0;
  int count = 0;
  for (int32_t row = 0; row < walk.output_rows; ++row) {
    const Image* window = image + row * walk.row_step;
    for (int32_t column = 0; column < walk.output_columns; ++column, window += walk.column_step) {
      windows[static_cast<size_t>(count++)] = window;
      if (count < max_pixels) continue;
      tile(windows, count, first);
      first += count;
      count = 0;
    }
  }
  if (count > 0) tile(windows, count, first);
}

}  // namespace litesmith::kernels::LITESMITH_ISA
