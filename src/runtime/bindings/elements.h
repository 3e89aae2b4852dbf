// Tensors as elements of so many bytes: what ops that only move data need to know of a type.
#pragma once

#include <cstddef>

#include "runtime/binding.h"

namespace litesmith::bindings {

// Bytes of one element; refuses types whose elements are no whole bytes or have no fixed size.
size_t element_bytes(const BindContext& context, const Value& value);

// Refuses operands of another type than the output; for quantized 8-bit tensors also of another
// scale or zero point, which LiteRT's kernels refuse too.
void require_same_type(const BindContext& context, const Value& input);
void require_same_quantization(const BindContext& context, const Value& input);

// The product of dimensions [begin, end) of a static shape.
size_t count_between(const Shape& shape, size_t begin, size_t end);

}  // namespace litesmith::bindings
