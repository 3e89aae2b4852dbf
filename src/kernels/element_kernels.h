// The element-wise and row-wise inner loops that are compiled once for each instruction set
// (multi_isa/elements.cc, multi_isa/codes.cc). Results do not depend on the set.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/cpu_features.h"
#include "kernels/affine.h"
#include "kernels/elementwise.h"
#include "kernels/quantized_add.h"
#include "kernels/quantized_multiply.h"
#include "kernels/softmax.h"

namespace litesmith::kernels {

// Of 8-bit codes of type T: the formulas of XNNPACK, which runs them by default. The functions of
// affine.h, quantized_add.h and quantized_multiply.h are their definitions.
template <class T>
struct CodeKernels {
  void (*add)(const XnnpackAddition& addition, const T* first, int64_t step_first, const T* second,
              int64_t step_second, T* out, int64_t count);
  void (*multiply)(const XnnpackMultiplication& multiplication, const T* first, int64_t step_first,
                   const T* second, int64_t step_second, T* out, int64_t count);
  void (*quantize)(const AffineScale& scale, const float* in, T* out, int64_t count);
  // Dequantization::product
  void (*dequantize)(const AffineScale& scale, const T* in, float* out, int64_t count);
};

struct ElementKernels {
  void (*unary)(Unary op, float a, float b, const float* in, float* out, int64_t count);
  // As kernels::binary, of floats.
  void (*binary)(Binary op, float min, float max, const float* first, int64_t step_first,
                 const float* second, int64_t step_second, float* out, int64_t count);
  // The sum of a row is taken in one fixed tree (sum.h).
  void (*softmax)(Rows rows, float beta, const float* in, float* out);
  void (*log_softmax)(Rows rows, const float* in, float* out);
  // Widens [min, max] by the values; says whether one is no number, which changes neither end.
  bool (*extremes)(const float* values, int64_t count, float* min, float* max);
  // out[i] = fma(a, in[i], out[i]): the step that products of matrices are made of.
  void (*multiply_add)(float a, const float* in, float* out, int64_t count);
  const CodeKernels<int8_t>* int8;
  const CodeKernels<uint8_t>* uint8;

  template <class T>
  const CodeKernels<T>& codes() const {
    if constexpr (std::is_signed_v<T>) {
      return *int8;
    } else {
      return *uint8;
    }
  }
};

// Those of a level the machine supports.
const ElementKernels& element_kernels(Isa isa);

// The loop over two operands of type T: kernels::binary, or a level's for floats.
template <class T>
auto binary_kernel(Isa isa) {
  if constexpr (std::is_same_v<T, float>) {
    return element_kernels(isa).binary;
  } else {
    static_cast<void>(isa);
    return binary<T>;
  }
}

}  // namespace litesmith::kernels
