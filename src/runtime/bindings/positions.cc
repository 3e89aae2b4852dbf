// ARG_MAX, ARG_MIN and TOPK_V2: where the extremes stand.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ops/index.h"
#include "ops/inference.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

// Whether a candidate takes the place of what was found before it. Numbers take that of NaN.
template <class T>
bool is_better(T candidate, T found, bool largest) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(candidate)) return false;
    if (std::isnan(found)) return true;
  }
  return largest ? candidate > found : candidate < found;
}

template <class T, class Position>
BoundKernel arg_kernel(const BindContext& context, bool largest) {
  const Shape& shape = context.input(0).shape;
  const auto axis = axis_of(context.node, constant_int32(context.node, 1).at(0), shape.size());
  const size_t outer = count_between(shape, 0, axis);
  const auto length = static_cast<size_t>(shape[axis]);
  const size_t inner = count_between(shape, axis + 1, shape.size());
  return {[=](const StepMemory& memory) {
    Position* out = memory.out<Position>();
    for (size_t o = 0; o < outer; ++o) {
      for (size_t i = 0; i < inner; ++i) {
        const T* row = memory.in<T>(0) + o * length * inner + i;
        size_t best = 0;
        for (size_t k = 1; k < length; ++k) {
          if (is_better(row[k * inner], row[best * inner], largest)) best = k;
        }
        *out++ = static_cast<Position>(best);
      }
    }
  }};
}

template <class T>
BoundKernel arg_of(const BindContext& context, bool largest) {
  if (context.output().dtype == DType::int64) return arg_kernel<T, int64_t>(context, largest);
  return arg_kernel<T, int32_t>(context, largest);
}

BoundKernel bind_arg(const BindContext& context, bool largest) {
  switch (context.input(0).dtype) {
    case DType::float32:
      return arg_of<float>(context, largest);
    case DType::int8:
      return arg_of<int8_t>(context, largest);
    case DType::uint8:
    case DType::boolean:
      return arg_of<uint8_t>(context, largest);
    case DType::int32:
      return arg_of<int32_t>(context, largest);
    default:
      context.unsupported();
  }
}

// Rows are sorted in scratch memory, equal elements by position, NaN last.
template <class T, class Position>
BoundKernel top_k_kernel(const BindContext& context) {
  const auto length = static_cast<size_t>(context.input(0).shape.back());
  const auto k = static_cast<size_t>(context.output().shape.back());
  const Shape& shape = context.input(0).shape;
  const size_t rows = count_between(shape, 0, shape.size() - 1);
  return {.run =
              [=](const StepMemory& memory) {
                auto* order = reinterpret_cast<uint32_t*>(memory.scratch);
                T* values = memory.out<T>(0);
                Position* positions = memory.out<Position>(1);
                for (size_t r = 0; r < rows; ++r) {
                  const T* row = memory.in<T>(0) + r * length;
                  std::iota(order, order + length, 0u);
                  std::partial_sort(order, order + k, order + length,
                                    [row](uint32_t a, uint32_t b) {
                                      if (is_better(row[a], row[b], true)) return true;
                                      return !is_better(row[b], row[a], true) && a < b;
                                    });
                  for (size_t i = 0; i < k; ++i) {
                    *values++ = row[order[i]];
                    *positions++ = static_cast<Position>(order[i]);
                  }
                }
              },
          .scratch_bytes = length * sizeof(uint32_t)};
}

template <class T>
BoundKernel top_k_of(const BindContext& context) {
  if (context.output(1).dtype == DType::int16) return top_k_kernel<T, int16_t>(context);
  return top_k_kernel<T, int32_t>(context);
}

}  // namespace

BoundKernel arg_max(const BindContext& context) { return bind_arg(context, true); }
BoundKernel arg_min(const BindContext& context) { return bind_arg(context, false); }

BoundKernel top_k(const BindContext& context) {
  switch (context.input(0).dtype) {
    case DType::float32:
      return top_k_of<float>(context);
    case DType::int8:
      return top_k_of<int8_t>(context);
    case DType::uint8:
      return top_k_of<uint8_t>(context);
    case DType::int16:
      return top_k_of<int16_t>(context);
    case DType::int32:
      return top_k_of<int32_t>(context);
    case DType::int64:
      return top_k_of<int64_t>(context);
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
