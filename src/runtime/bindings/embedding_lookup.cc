// EMBEDDING_LOOKUP: rows of a table as they are, or of integers as the floats they stand for.
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/gather.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

[[noreturn]] void refuse_index(int64_t position, int64_t rows) {
  throw Error(ErrorCode::data, "the index at position " + std::to_string(position) +
                                   " is outside the " + std::to_string(rows) + " rows");
}

BoundKernel lookup_as_is(const BindContext& context, const Value& table) {
  require_same_type(context, table);
  const kernels::GatherSizes sizes = {
      .batch = 1,
      .outer = 1,
      .axis = table.shape[0],
      .coords = static_cast<size_t>(context.input(0).shape[0]),
      .inner_bytes =
          count_between(table.shape, 1, table.shape.size()) * element_bytes(context, table)};
  return {[sizes](const StepMemory& memory) {
    const int64_t outside =
        kernels::gather(sizes, memory.inputs[1], memory.in<int32_t>(0), memory.outputs[0]);
    if (outside >= 0) refuse_index(outside, sizes.axis);
  }};
}

// Scales of a table, each of so many elements one after the other.
struct Scales {
  std::vector<float> each;
  size_t elements;
};

Scales scales_of(const BindContext& context, const Value& table, size_t row_size) {
  if (table.block_scales) {
    return {block_scales(table), static_cast<size_t>(table.block_scales->size)};
  }
  const Quantization& quantization = table.quantization;
  for (const int64_t zero_point : quantization.zero_point) {
    if (zero_point != 0) context.unsupported("its table has a zero point");
  }
  if (quantization.per_channel()) {
    if (quantization.dimension != 0) context.unsupported("its table's scales are not of rows");
    return {quantization.scale, row_size};
  }
  if (!quantization.present()) context.unsupported("its table has no scale");
  return {quantization.scale, static_cast<size_t>(element_count(table.shape))};
}

BoundKernel lookup_real(const BindContext& context, const Value& table) {
  const auto row_size = static_cast<size_t>(count_between(table.shape, 1, table.shape.size()));
  const int width = bits(table.dtype);
  // LiteRT begins each row with a byte.
  if (row_size * static_cast<size_t>(width) % 8 != 0)
    context.unsupported("its rows do not end with a byte");
  return {[scales = scales_of(context, table, row_size), width, row_size, rows = table.shape[0],
           count = context.input(0).shape[0]](const StepMemory& memory) {
    const auto in_a_byte = static_cast<size_t>(8 / width);
    float* out = memory.out<float>();
    for (int32_t i = 0; i < count; ++i) {
      const int32_t row = memory.in<int32_t>(0)[i];
      if (row < 0 || row >= rows) refuse_index(i, rows);
      const size_t first = static_cast<size_t>(row) * row_size;
      for (size_t at = first; at < first + row_size; ++at) {
        const uint8_t byte = memory.in<uint8_t>(1)[at / in_a_byte];
        const int code = narrow_integer(byte, static_cast<int>(at % in_a_byte), width);
        *out++ = static_cast<float>(code) * scales.each[at / scales.elements];
      }
    }
  }};
}

}  // namespace

BoundKernel embedding_lookup(const BindContext& context) {
  const Value& table = context.input(1);
  const bool is_integer =
      table.dtype == DType::int8 || table.dtype == DType::int4 || table.dtype == DType::int2;
  return is_integer && context.output().dtype == DType::float32 ? lookup_real(context, table)
                                                                : lookup_as_is(context, table);
}

}  // namespace litesmith::bindings
