#include "runtime/bindings/elements.h"

#include <string>

#include "runtime/evaluate_node.h"

namespace litesmith::bindings {

size_t element_bytes(const BindContext& context, const Value& value) {
  const int width = element_bits(value);
  if (width == 0 || width % 8 != 0) context.unsupported("elements of whole bytes are wanted");
  return static_cast<size_t>(width / 8);
}

void require_same_type(const BindContext& context, const Value& input) {
  if (input.dtype != context.output().dtype) context.unsupported("inputs and output must agree");
}

void require_same_quantization(const BindContext& context, const Value& input) {
  require_same_type(context, input);
  const Quantization& a = input.quantization;
  const Quantization& b = context.output().quantization;
  if (a.scale != b.scale || a.zero_point != b.zero_point) {
    context.unsupported("'" + input.name + "' has another scale or zero point than the output");
  }
}

size_t count_between(const Shape& shape, size_t begin, size_t end) {
  size_t count = 1;
  for (size_t d = begin; d < end; ++d) count *= static_cast<size_t>(shape[d]);
  return count;
}

}  // namespace litesmith::bindings
