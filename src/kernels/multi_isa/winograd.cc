// The transforms of winograd.h, vectors across channels: sums and differences in one order.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// V is a vector of channels, or one float for those behind the last whole vector.
template <class V>
[[gnu::always_inline]] inline V multiply_add(float a, V b, V c) {
  if constexpr (sizeof(V) == sizeof(float)) {
    return __builtin_fmaf(a, b, c);
  } else {
    return fused_multiply_add(broadcast<V>(a), b, c);
  }
}

// One dimension of F(outputs, 3): `inputs` gives B^T d of as many values as there are products,
// `outputs` gives A^T m of the products.
template <int outputs>
struct Transform;

// Points 0, 1, -1 and infinity.
template <>
struct Transform<2> {
  static constexpr int products = 4;
  template <class V>
  [[gnu::always_inline]] static inline void inputs(const V (&d)[4], V (&result)[4]) {
    result[0] = d[0] - d[2];
    result[1] = d[1] + d[2];
    result[2] = d[2] - d[1];
    result[3] = d[1] - d[3];
  }
  template <class V>
  [[gnu::always_inline]] static inline void outputs(const V (&m)[4], V (&result)[2]) {
    result[0] = (m[0] + m[1]) + m[2];
    result[1] = (m[1] - m[2]) - m[3];
  }
};

// Points 0, p, -p, q, -q and infinity.
template <>
struct Transform<4> {
  static constexpr int products = 6;
  static constexpr float p = WinogradPoints::p;
  static constexpr float q = WinogradPoints::q;
  static constexpr float pp = p * p;
  static constexpr float qq = q * q;
  template <class V>
  [[gnu::always_inline]] static inline void inputs(const V (&d)[6], V (&result)[6]) {
    result[0] = multiply_add(pp * qq, d[0], multiply_add(-(pp + qq), d[2], d[4]));
    const V even_p = multiply_add(-qq, d[2], d[4]);
    const V odd_p = multiply_add(-qq, d[1], d[3]);
    result[1] = multiply_add(p, odd_p, even_p);
    result[2] = multiply_add(-p, odd_p, even_p);
    const V even_q = multiply_add(-pp, d[2], d[4]);
    const V odd_q = multiply_add(-pp, d[1], d[3]);
    result[3] = multiply_add(q, odd_q, even_q);
    result[4] = multiply_add(-q, odd_q, even_q);
    result[5] = multiply_add(pp * qq, d[1], multiply_add(-(pp + qq), d[3], d[5]));
  }
  template <class V>
  [[gnu::always_inline]] static inline void outputs(const V (&m)[6], V (&result)[4]) {
    const V sum_p = m[1] + m[2];
    const V sum_q = m[3] + m[4];
    const V difference_p = m[1] - m[2];
    const V difference_q = m[3] - m[4];
    result[0] = (m[0] + sum_p) + sum_q;
    result[1] = multiply_add(p, difference_p, q * difference_q);
    result[2] = multiply_add(pp, sum_p, qq * sum_q);
    result[3] = multiply_add(pp * p, difference_p, multiply_add(qq * q, difference_q, m[5]));
  }
};

// Calls body(V(), channel) for all channels.
template <class Body>
[[gnu::always_inline]] inline void each_channel(int32_t channels, Body body) {
  int32_t c = 0;
  for (; c + lanes <= channels; c += lanes) body(F32{}, c);
  for (; c < channels; ++c) body(float{}, c);
}

// Patches of `rows` x 2 outputs.
template <int rows>
struct Patches {
  using Down = Transform<rows>;
  using Across = Transform<2>;

  static void patch(const WinogradPatch& call) {
    each_channel(
        call.channels, [&]<class V>(V, ptrdiff_t c) __attribute__((always_inline)) {
          V columns[Across::products][Down::products];
#pragma GCC unroll 4
          for (int x = 0; x < Across::products; ++x) {
            const float* const d = call.image + ptrdiff_t{x} * call.channels + c;
            V column[Down::products];
#pragma GCC unroll 6
            for (int y = 0; y < Down::products; ++y) column[y] = load<V>(d + y * call.row_step);
            Down::inputs(column, columns[x]);
          }
          float* to = call.to + c;
#pragma GCC unroll 6
          for (int y = 0; y < Down::products; ++y) {
            const V row[4] = {columns[0][y], columns[1][y], columns[2][y], columns[3][y]};
            V values[4];
            Across::inputs(row, values);
#pragma GCC unroll 4
            for (int x = 0; x < Across::products; ++x, to += call.matrix_step) store(to, values[x]);
          }
        });
  }

  // The outputs of some channels, before the bias.
  template <class V>
  [[gnu::always_inline]] static inline void outputs_of(const WinogradOutput& call, ptrdiff_t c,
                                                       V (&result)[rows][2]) {
    V columns[Across::products][rows];
#pragma GCC unroll 4
    for (int x = 0; x < Across::products; ++x) {
      const float* m = call.products + x * call.matrix_step + c;
      V column[Down::products];
#pragma GCC unroll 6
      for (int y = 0; y < Down::products; ++y, m += Across::products * call.matrix_step) {
        column[y] = load<V>(m);
      }
      Down::outputs(column, columns[x]);
    }
#pragma GCC unroll 4
    for (int y = 0; y < rows; ++y) {
      const V row[4] = {columns[0][y], columns[1][y], columns[2][y], columns[3][y]};
      Across::outputs(row, result[y]);
    }
  }

  template <class V>
  [[gnu::always_inline]] static inline V finished(const WinogradOutput& call, ptrdiff_t c, V sum) {
    return clamp(sum + load<V>(call.bias + c), broadcast<V>(call.min), broadcast<V>(call.max));
  }

  static void output(const WinogradOutput& call) {
    each_channel(
        call.channels, [&]<class V>(V, ptrdiff_t c) __attribute__((always_inline)) {
          V sums[rows][2];
          outputs_of(call, c, sums);
          float* to = call.to + c;
#pragma GCC unroll 4
          for (int y = 0; y < rows; ++y, to += call.row_step) {
            store(to, finished(call, c, sums[y][0]));
            store(to + call.channels, finished(call, c, sums[y][1]));
          }
        });
  }

  static void pooled_output(const WinogradOutput& call) {
    each_channel(
        call.channels, [&]<class V>(V, ptrdiff_t c) __attribute__((always_inline)) {
          V sums[rows][2];
          outputs_of(call, c, sums);
          float* to = call.to + c;
#pragma GCC unroll 2
          for (int y = 0; y < rows; y += 2, to += call.row_step) {
            const V largest =
                larger(larger(sums[y][0], sums[y][1]), larger(sums[y + 1][0], sums[y + 1][1]));
            store(to, finished(call, c, largest));
          }
        });
  }

  static constexpr WinogradKernels kernels = {patch, output, pooled_output};
};

}  // namespace

constinit const WinogradKernels square_winograd = Patches<2>::kernels;
constinit const WinogradKernels tall_winograd = Patches<4>::kernels;

}  // namespace litesmith::kernels::LITESMITH_ISA
