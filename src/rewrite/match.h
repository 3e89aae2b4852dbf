// The questions rules ask about a pattern's nodes and constants.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "rewrite/editor.h"

namespace litesmith {

// float32 that stands for itself: arithmetic on quantized tensors is no rule's business.
bool is_plain_float(const Value& value);

bool is_float_constant(const Editor& edit, ValueId id);
// The elements of a plain float32 constant.
std::optional<std::span<const float>> float_constant(const Editor& edit, ValueId id);
// The element of a plain float32 constant of one element.
std::optional<float> float_scalar(const Editor& edit, ValueId id);
std::optional<std::span<const int32_t>> int32_constant(const Editor& edit, ValueId id);

// The activation an op has fused; none for ops that cannot.
Activation fused_activation(const Op& op);
// A copy of the op with another fused activation.
std::shared_ptr<const Op> with_activation(const Op& op, Activation activation);

// Same type, shape and quantization: one can stand where the other stood.
bool interchangeable(const Value& a, const Value& b);

}  // namespace litesmith
