// BATCH_MATMUL in float, in integers, and on float rows that are quantized as they come (LiteRT
// reference/batch_matmul.h, which all of its resolvers use; XNNPACK by default).
#include "ops/batch_matmul.h"

#include <algorithm>
#include <numeric>

#include "kernels/dynamic_quantization.h"
#include "kernels/fixed_point.h"
#include "kernels/matrix_product.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

// The matrices of a node and how they meet.
struct Product {
  int64_t rows;
  int64_t depth;
  int64_t columns;
  bool left_transposed;
  bool right_transposed;
  kernels::Broadcast batches;

  explicit Product(const BindContext& context)
      : left_transposed(context.op<BatchMatMul>().adj_x),
        right_transposed(context.op<BatchMatMul>().adj_y),
        batches(leading(context.input(0).shape), leading(context.input(1).shape)) {
    const Shape& left = context.input(0).shape;
    rows = context.output().shape[context.output().shape.size() - 2];
    columns = context.output().shape.back();
    depth = left[left.size() - (left_transposed ? 2 : 1)];
  }

  int64_t left_row_step() const { return left_transposed ? 1 : depth; }
  int64_t left_step() const { return left_transposed ? rows : 1; }
  size_t right_elements() const {
    return static_cast<size_t>(depth) * static_cast<size_t>(columns);
  }

  // Calls body(left, right, out) for each product, the right matrix as [depth, columns], brought
  // into `packed` where it lies otherwise.
  template <class Left, class Right, class Out, class Body>
  void for_each(const StepMemory& memory, Right* packed, Body body) const {
    const int64_t step_left = batches.advance() == kernels::Advance::second ? 0 : 1;
    const int64_t step_right = batches.advance() == kernels::Advance::first ? 0 : 1;
    batches.for_each_run([&](int64_t at, int64_t at_left, int64_t at_right) {
      for (int64_t i = 0; i < batches.run(); ++i) {
        const Right* right = memory.in<Right>(1) + (at_right + i * step_right) * depth * columns;
        if (right_transposed) kernels::transpose(right, columns, depth, packed);
        body(memory.in<Left>(0) + (at_left + i * step_left) * rows * depth,
             right_transposed ? packed : right, memory.out<Out>() + (at + i) * rows * columns);
      }
    });
  }

 private:
  static std::span<const int32_t> leading(const Shape& shape) {
    return std::span(shape).first(shape.size() - 2);
  }
};

BoundKernel bind_float(const BindContext& context) {
  const Product product(context);
  const auto multiply_add = kernels::float_multiply_add(context.isa);
  return {.run =
              [=](const StepMemory& memory) {
                auto* packed = reinterpret_cast<float*>(memory.scratch);
                product.for_each<float, float, float>(
                    memory, packed, [&](const float* left, const float* right, float* out) {
                      for (int64_t i = 0; i < product.rows; ++i, out += product.columns) {
                        std::fill_n(out, product.columns, 0.0f);
                        const float* row = left + i * product.left_row_step();
                        for (int64_t k = 0; k < product.depth; ++k) {
                          multiply_add(row[k * product.left_step()], right + k * product.columns,
                                       out, product.columns);
                        }
                      }
                    });
              },
          .scratch_bytes = product.right_transposed ? product.right_elements() * sizeof(float) : 0};
}

// Sums of the products of codes above these zero points, handed to finish(sum, column).
template <class Left, class Right, class Out, class Sum, class Finish>
BoundKernel bind_sums(const BindContext& context, int32_t left_zero, int32_t right_zero,
                      Finish finish) {
  const Product product(context);
  const size_t sums_bytes = static_cast<size_t>(product.columns) * sizeof(Sum);
  return {
      .run =
          [=](const StepMemory& memory) {
            auto* sums = reinterpret_cast<Sum*>(memory.scratch);
            auto* packed = reinterpret_cast<Right*>(memory.scratch + sums_bytes);
            product.for_each<Left, Right, Out>(
                memory, packed, [&](const Left* left, const Right* right, Out* out) {
                  for (int64_t i = 0; i < product.rows; ++i) {
                    std::fill_n(sums, product.columns, Sum{0});
                    kernels::add_products(left + i * product.left_row_step(), product.left_step(),
                                          left_zero, right, right_zero, product.depth,
                                          product.columns, sums);
                    for (int64_t j = 0; j < product.columns; ++j) *out++ = finish(sums[j], j);
                  }
                });
          },
      .scratch_bytes =
          sums_bytes + (product.right_transposed ? product.right_elements() * sizeof(Right) : 0)};
}

int64_t right_channel_dimension(const BindContext& context) {
  const auto rank = static_cast<int64_t>(context.input(1).shape.size());
  return context.op<BatchMatMul>().adj_y ? rank - 2 : rank - 1;
}

// XNNPACK's rounding, with a scale a column.
BoundKernel bind_xnnpack(const BindContext& context) {
  const Affine left = per_tensor(context.input(0));
  const Affine out = per_tensor(context.output());
  std::vector<float> scales =
      channel_scales(context.input(1), context.output().shape.back(),
                     static_cast<int32_t>(right_channel_dimension(context)));
  for (float& scale : scales) scale = left.scale * scale / out.scale;
  return bind_sums<int8_t, int8_t, int8_t, int32_t>(
      context, left.zero_point, 0,
      [scales = std::move(scales), zero = out.zero_point](int32_t sum, int64_t column) {
        const int32_t steps =
            kernels::FloatHalfEven::apply(sum, scales[static_cast<size_t>(column)]);
        return static_cast<int8_t>(std::clamp(steps + zero, -128, 127));
      });
}

template <class Left, class Right, class Policy>
BoundKernel bind_quantized(const BindContext& context) {
  const Affine left = per_tensor(context.input(0));
  const Affine right = only_scale(context, context.input(1));
  const Affine out = per_tensor(context.output());
  if (sizeof(Left) == 2 && (left.zero_point != 0 || right.zero_point != 0 || out.zero_point != 0)) {
    context.unsupported("zero points beside int16 must be 0");
  }
  const IntegerRange range = range_of(context.output().dtype);
  const kernels::Multiplier multiplier = kernels::quantize_multiplier(
      static_cast<double>(left.scale * right.scale) / static_cast<double>(out.scale),
      Policy::max_exponent);
  return bind_sums<Left, Right, Left, typename Policy::Accumulator>(
      context, left.zero_point, right.zero_point,
      [=, zero = out.zero_point](typename Policy::Accumulator sum, int64_t) {
        const int64_t steps = int64_t{Policy::apply(sum, multiplier)} + zero;
        return static_cast<Left>(std::clamp(steps, int64_t{range.min}, int64_t{range.max}));
      });
}

BoundKernel bind_int8(const BindContext& context) {
  if (context.output().dtype == DType::int32) {
    return bind_sums<int8_t, int8_t, int32_t, int32_t>(context, 0, 0,
                                                       [](int32_t sum, int64_t) { return sum; });
  }
  if (context.output().dtype != DType::int8) context.unsupported();
  if (runs_on_xnnpack(context)) return bind_xnnpack(context);
  return bind_quantized<int8_t, int8_t, kernels::DoubleRounding>(context);
}

// Each row of the left matrix is quantized by itself.
struct Hybrid {
  Product product;
  kernels::DynamicScheme scheme;
  kernels::ScaleOrder order;
  std::vector<float> weight_scales;  // by column
  bool sums_in_float;                // LiteRT takes the zero point off in float

  struct Scratch {
    int32_t* sums;
    int32_t* column_sums;
    float* row;
    int8_t* codes;
    int8_t* packed;
  };
  size_t scratch_bytes() const {
    const auto columns = static_cast<size_t>(product.columns);
    const auto depth = static_cast<size_t>(product.depth);
    return 2 * columns * sizeof(int32_t) + depth * (sizeof(float) + 1) +
           (product.right_transposed ? product.right_elements() : 0);
  }
  Scratch scratch(std::byte* memory) const {
    Scratch s{};
    s.sums = reinterpret_cast<int32_t*>(memory);
    s.column_sums = s.sums + product.columns;
    s.row = reinterpret_cast<float*>(s.column_sums + product.columns);
    s.codes = reinterpret_cast<int8_t*>(s.row + product.depth);
    s.packed = s.codes + product.depth;
    return s;
  }

  void sum_columns(const int8_t* right, int32_t* sums) const {
    std::fill_n(sums, product.columns, 0);
    for (int64_t k = 0; k < product.depth; ++k) {
      for (int64_t j = 0; j < product.columns; ++j) sums[j] += right[k * product.columns + j];
    }
  }

  void multiply(const Scratch& s, const float* left, const int8_t* right, float* out) const {
    sum_columns(right, s.column_sums);
    for (int64_t i = 0; i < product.rows; ++i) {
      for (int64_t k = 0; k < product.depth; ++k) {
        s.row[k] = left[i * product.left_row_step() + k * product.left_step()];
      }
      const kernels::DynamicAffine affine = kernels::quantize_dynamically(
          scheme, std::span(s.row, static_cast<size_t>(product.depth)), s.codes);
      std::fill_n(s.sums, product.columns, 0);
      kernels::add_products(s.codes, 1, 0, right, 0, product.depth, product.columns, s.sums);
      for (int64_t j = 0; j < product.columns; ++j) {
        int32_t sum = s.sums[j];
        if (sums_in_float) {
          sum = static_cast<int32_t>(static_cast<float>(sum) -
                                     static_cast<float>(s.column_sums[j]) *
                                         static_cast<float>(affine.zero_point));
        } else {
          sum -= s.column_sums[j] * affine.zero_point;
        }
        *out++ =
            kernels::to_real(order, sum, weight_scales[static_cast<size_t>(j)], affine.scale, 0.0f);
      }
    }
  }
};

BoundKernel bind_hybrid(const BindContext& context) {
  using kernels::DynamicScheme;
  const bool xnnpack = runs_on_xnnpack(context);
  const bool asymmetric = context.op<BatchMatMul>().asymmetric_quantize_inputs;
  if (!xnnpack && (context.input(0).shape.size() > 3 || context.input(1).shape.size() > 3)) {
    context.unsupported("LiteRT's kernel mixes up the scales of several leading dimensions");
  }
  Hybrid hybrid{
      .product = Product(context),
      .scheme = xnnpack      ? DynamicScheme::xnnpack
                : asymmetric ? DynamicScheme::asymmetric
                             : DynamicScheme::symmetric,
      .order = xnnpack ? kernels::ScaleOrder::fused : kernels::ScaleOrder::scales_first,
      .weight_scales = channel_scales(context.input(1), context.output().shape.back(),
                                      static_cast<int32_t>(right_channel_dimension(context))),
      .sums_in_float = !xnnpack};
  const size_t bytes = hybrid.scratch_bytes();
  return {.run =
              [hybrid = std::move(hybrid)](const StepMemory& memory) {
                const Hybrid::Scratch scratch = hybrid.scratch(memory.scratch);
                hybrid.product.for_each<float, int8_t, float>(
                    memory, scratch.packed,
                    [&](const float* left, const int8_t* right, float* out) {
                      hybrid.multiply(scratch, left, right, out);
                    });
              },
          .scratch_bytes = bytes};
}

}  // namespace

BoundKernel batch_matmul(const BindContext& context) {
  if (element_count(context.output().shape) == 0) return {.run = [](const StepMemory&) {}};
  const DType left = context.input(0).dtype;
  const DType right = context.input(1).dtype;
  if (left == DType::float32 && right == DType::float32) return bind_float(context);
  if (left == DType::float32 && right == DType::int8) return bind_hybrid(context);
  if (left == DType::int8 && right == DType::int8) return bind_int8(context);
  if (left == DType::int16 && right == DType::int16) {
    return bind_quantized<int16_t, int16_t, kernels::WideRounding>(context);
  }
  if (left == DType::int16 && right == DType::int8) {
    return bind_quantized<int16_t, int8_t, kernels::WideRounding>(context);
  }
  context.unsupported();
}

}  // namespace litesmith::bindings
