// Several tensors into one: CONCATENATION, PACK.
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "kernels/strided_copy.h"
#include "ops/arrange.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

using Table = std::array<uint8_t, 256>;

// Rows of each input side by side: `rows` times, row_bytes[i] bytes of input i.
struct Part {
  size_t row_bytes;
  size_t offset_bytes;
  std::optional<Table> table;  // what each byte becomes on the way
};

BoundKernel side_by_side(size_t rows, size_t out_row_bytes, std::vector<Part> parts) {
  return {[rows, out_row_bytes, parts = std::move(parts)](const StepMemory& memory) {
    for (size_t i = 0; i < parts.size(); ++i) {
      const Part& part = parts[i];
      const std::byte* from = memory.inputs[i];
      std::byte* to = memory.outputs[0] + part.offset_bytes;
      for (size_t row = 0; row < rows; ++row) {
        if (part.table) {
          for (size_t b = 0; b < part.row_bytes; ++b) {
            to[b] = std::byte{(*part.table)[std::to_integer<uint8_t>(from[b])]};
          }
        } else if (part.row_bytes > 0) {
          std::memcpy(to, from, part.row_bytes);
        }
        from += part.row_bytes;
        to += out_row_bytes;
      }
    }
  }};
}

// uint8 of one scale as uint8 of another (reference/concatenation.h, ConcatenationWithScaling).
Table rescaled(const Affine& from, const Affine& to) {
  const float scale = from.scale * (1.0f / to.scale);
  const float bias = static_cast<float>(-from.zero_point) * scale;
  Table table;
  for (int q = 0; q < 256; ++q) {
    const float steps = std::round(static_cast<float>(q) * scale + bias);
    table[static_cast<size_t>(q)] =
        static_cast<uint8_t>(std::clamp(static_cast<double>(steps) + to.zero_point, 0.0, 255.0));
  }
  return table;
}

}  // namespace

BoundKernel concatenation(const BindContext& context) {
  const auto& op = context.op<Concatenation>();
  if (op.activation != Activation::none) context.unsupported("it has a fused activation");
  const Value& output = context.output();
  const size_t size = element_bytes(context, output);
  const auto axis = static_cast<size_t>(normalize_axis(op.axis, output.shape.size()));
  const size_t inner_bytes = count_between(output.shape, axis + 1, output.shape.size()) * size;
  std::vector<Part> parts;
  size_t offset = 0;
  for (const Value* input : context.node.inputs) {
    if (input == nullptr) context.unsupported("an input is absent");
    Part part{static_cast<size_t>(input->shape[axis]) * inner_bytes, offset, std::nullopt};
    if (output.dtype == DType::uint8 && output.quantization.present()) {
      require_same_type(context, *input);
      const Affine from = per_tensor(*input);
      const Affine to = per_tensor(output);
      if (from.scale != to.scale || from.zero_point != to.zero_point) {
        part.table = rescaled(from, to);
      }
    } else if (output.dtype == DType::int8) {
      require_same_quantization(context, *input);
    } else {
      require_same_type(context, *input);
    }
    offset += part.row_bytes;
    parts.push_back(part);
  }
  return side_by_side(count_between(output.shape, 0, axis), offset, std::move(parts));
}

BoundKernel pack(const BindContext& context) {
  const Value& output = context.output();
  const size_t size = element_bytes(context, output);
  const auto axis =
      static_cast<size_t>(normalize_axis(context.op<Pack>().axis, output.shape.size()));
  const size_t row_bytes = count_between(output.shape, axis + 1, output.shape.size()) * size;
  std::vector<Part> parts;
  for (const Value* input : context.node.inputs) {
    if (input == nullptr) context.unsupported("an input is absent");
    require_same_type(context, *input);
    parts.push_back({row_bytes, parts.size() * row_bytes, std::nullopt});
  }
  const size_t out_row_bytes = parts.size() * row_bytes;
  return side_by_side(count_between(output.shape, 0, axis), out_row_bytes, std::move(parts));
}

}  // namespace litesmith::bindings
