// Pooling: the window's pixels are folded one after the other, vectors across channels.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// Channels that are averaged together, so that accumulators stay near.
constexpr int32_t block = 64;

// Calls body(pixels under the window: first, rows, columns; output pixel) for every window.
template <class T, class Body>
[[gnu::always_inline]] inline void each_window(const PoolCall<T>& call, Body body) {
  const ConvShape& shape = *call.shape;
  const ptrdiff_t channels = shape.input_channels;
  const ptrdiff_t row_step = shape.columns.input * channels;
  const T* image = call.input;
  T* out = call.output;
  for (int32_t batch = 0; batch < shape.batches; ++batch) {
    for (int32_t y = 0; y < shape.rows.output; ++y) {
      const Window::Range rows = shape.rows.inside(y);
      for (int32_t x = 0; x < shape.columns.output; ++x) {
        const Window::Range columns = shape.columns.inside(x);
        const T* first = image + (shape.rows.origin(y) + rows.begin) * row_step +
                         (shape.columns.origin(x) + columns.begin) * channels;
        body(first, rows.count(), columns.count(), out);
        out += channels;
      }
    }
    image += shape.rows.input * row_step;
  }
}

// Less than every number. What is no number is passed over.
template <class T>
constexpr T lowest = sizeof(T) == 1 ? (T(-1) < T(0) ? T(-128) : T(0)) : T(-32768);
template <>
constexpr float lowest<float> = -__builtin_inff();

template <class T>
struct VectorOf {
  using Type [[gnu::vector_size(vector_bytes)]] = T;
};

template <class T>
void max_pool(const PoolCall<T>& call) {
  using V = typename VectorOf<T>::Type;
  constexpr int32_t width = vector_bytes / sizeof(T);
  const int32_t channels = call.shape->input_channels;
  const ptrdiff_t row_step = ptrdiff_t{call.shape->columns.input} * channels;
  const V low = broadcast<V>(call.min);
  const V high = broadcast<V>(call.max);
  each_window(call, [&](const T* first, int32_t rows, int32_t columns, T* __restrict out) {
    // The largest of the window, of as many channels as X has elements.
    const auto largest = [&]<class X>(X best, int32_t channel) __attribute__((always_inline)) {
      for (int32_t y = 0; y < rows; ++y) {
        const T* pixel = first + y * row_step + channel;
        for (int32_t x = 0; x < columns; ++x, pixel += channels) {
          best = larger(best, load<X>(pixel));
        }
      }
      return best;
    };
    const auto vector = [&](int32_t channel) __attribute__((always_inline)) {
      store(out + channel, clamp(largest(broadcast<V>(lowest<T>), channel), low, high));
    };
    int32_t channel = 0;
    for (; channel + width <= channels; channel += width) vector(channel);
    if (channel < channels && channels >= width) {
      vector(channels - width);  // some of them again
    } else {
      for (; channel < channels; ++channel) {
        out[channel] = clamp(largest(lowest<T>, channel), call.min, call.max);
      }
    }
  });
}

// Sum is float for float, else wide enough for the integers. `divide(sum, number of terms)`.
template <class Sum, class T, class Divide>
[[gnu::always_inline]] inline void average(const PoolCall<T>& call, Divide divide) {
  const int32_t channels = call.shape->input_channels;
  const ptrdiff_t row_step = ptrdiff_t{call.shape->columns.input} * channels;
  each_window(call, [&](const T* first, int32_t rows, int32_t columns, T* __restrict out) {
    const auto terms = static_cast<Sum>(int64_t{rows} * columns);
    for (int32_t begin = 0; begin < channels; begin += block) {
      const int32_t count = channels - begin < block ? channels - begin : block;
      Sum acc[block] = {};
      for (int32_t y = 0; y < rows; ++y) {
        for (int32_t x = 0; x < columns; ++x) {
          const T* pixel = first + y * row_step + ptrdiff_t{x} * channels + begin;
          for (int32_t i = 0; i < count; ++i) acc[i] += pixel[i];
        }
      }
      for (int32_t i = 0; i < count; ++i) {
        out[begin + i] = clamp(static_cast<T>(divide(acc[i], terms)), call.min, call.max);
      }
    }
  });
}

template <class Sum, class T>
void integer_average(const PoolCall<T>& call) {
  average<Sum>(call, [](Sum sum, Sum terms) {
    return sum > 0 ? (sum + terms / 2) / terms : (sum - terms / 2) / terms;
  });
}

void float_average(const PoolCall<float>& call) {
  average<float>(call, [](float sum, float terms) { return sum / terms; });
}

}  // namespace

// 8-bit windows are kept below 2^23 taps (pooling.h).
const PoolKernels<float> float_pooling = {max_pool<float>, float_average};
const PoolKernels<int8_t> int8_pooling = {max_pool<int8_t>, integer_average<int32_t, int8_t>};
const PoolKernels<uint8_t> uint8_pooling = {max_pool<uint8_t>, integer_average<int32_t, uint8_t>};
const PoolKernels<int16_t> int16_pooling = {max_pool<int16_t>, integer_average<int64_t, int16_t>};

}  // namespace litesmith::kernels::LITESMITH_ISA
