// The transforms of winograd.h, vectors across channels: sums and differences in one order.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// V is a vector of channels, or one float for those behind the last whole vector.
template <class V>
struct Four {
  V a, b, c, d;
};
template <class V>
struct Two {
  V a, b;
};

// B^T d of four values: a step of the patch transform.
template <class V>
[[gnu::always_inline]] inline Four<V> patch_step(V a, V b, V c, V d) {
  return {a - c, b + c, c - b, b - d};
}

// A^T m of four values.
template <class V>
[[gnu::always_inline]] inline Two<V> output_step(V a, V b, V c, V d) {
  return {(a + b) + c, (b - c) - d};
}

template <class V>
[[gnu::always_inline]] inline V larger(V best, V x) {
  return best < x ? x : best;
}

// Calls body(V(), channel) for all channels.
template <class Body>
[[gnu::always_inline]] inline void each_channel(int32_t channels, Body body) {
  int32_t c = 0;
  for (; c + lanes <= channels; c += lanes) body(F32{}, c);
  for (; c < channels; ++c) body(float{}, c);
}

template <class V>
[[gnu::always_inline]] inline void transform_patch(const WinogradPatch& call, ptrdiff_t c) {
  Four<V> columns[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const float* d = call.image + ptrdiff_t{i} * call.channels + c;
    columns[i] = patch_step(load<V>(d), load<V>(d + call.row_step), load<V>(d + 2 * call.row_step),
                            load<V>(d + 3 * call.row_step));
  }
  const Four<V> rows[4] = {patch_step(columns[0].a, columns[1].a, columns[2].a, columns[3].a),
                           patch_step(columns[0].b, columns[1].b, columns[2].b, columns[3].b),
                           patch_step(columns[0].c, columns[1].c, columns[2].c, columns[3].c),
                           patch_step(columns[0].d, columns[1].d, columns[2].d, columns[3].d)};
  float* to = call.to + c;
#pragma GCC unroll 4
  for (const Four<V>& row : rows) {
    store(to, row.a);
    store(to + call.matrix_step, row.b);
    store(to + 2 * call.matrix_step, row.c);
    store(to + 3 * call.matrix_step, row.d);
    to += 4 * call.matrix_step;
  }
}

// The four outputs of some channels, before the bias.
template <class V>
[[gnu::always_inline]] inline Four<V> outputs_of(const WinogradOutput& call, ptrdiff_t c) {
  const ptrdiff_t step = call.matrix_step;
  Two<V> columns[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const float* m = call.products + i * step + c;
    columns[i] = output_step(load<V>(m), load<V>(m + 4 * step), load<V>(m + 8 * step),
                             load<V>(m + 12 * step));
  }
  const Two<V> top = output_step(columns[0].a, columns[1].a, columns[2].a, columns[3].a);
  const Two<V> bottom = output_step(columns[0].b, columns[1].b, columns[2].b, columns[3].b);
  return {top.a, top.b, bottom.a, bottom.b};
}

}  // namespace

void winograd_patch(const WinogradPatch& call) {
  each_channel(call.channels, [&]<class V>(V, ptrdiff_t c) { transform_patch<V>(call, c); });
}

void winograd_output(const WinogradOutput& call) {
  each_channel(call.channels, [&]<class V>(V, ptrdiff_t c) {
    const Four<V> y = outputs_of<V>(call, c);
    const V bias = load<V>(call.bias + c);
    const V low = broadcast<V>(call.min);
    const V high = broadcast<V>(call.max);
    store(call.to[0] + c, clamp(y.a + bias, low, high));
    store(call.to[1] + c, clamp(y.b + bias, low, high));
    store(call.to[2] + c, clamp(y.c + bias, low, high));
    store(call.to[3] + c, clamp(y.d + bias, low, high));
  });
}

void winograd_pooled_output(const WinogradOutput& call) {
  each_channel(call.channels, [&]<class V>(V, ptrdiff_t c) {
    const Four<V> y = outputs_of<V>(call, c);
    const V largest = larger(larger(y.a, y.b), larger(y.c, y.d));
    store(call.to[0] + c,
          clamp(largest + load<V>(call.bias + c), broadcast<V>(call.min), broadcast<V>(call.max)));
  });
}

}  // namespace litesmith::kernels::LITESMITH_ISA
