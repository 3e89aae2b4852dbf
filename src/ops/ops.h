// The list of every operator litesmith understands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ir/op.h"

namespace litesmith {

// In the order of their builtin codes.
std::span<const OpDef* const> all_ops();
// By BuiltinOperator; null when litesmith does not understand the op.
const OpDef* find_op(int32_t code);

// The schema's name of a builtin code, also of ops litesmith does not understand; empty for a
// number that is no code.
std::string_view builtin_name(int32_t code);

// The first TensorFlow release that runs `version` of the op, empty when unknown.
std::string_view runtime_version(const OpDef& def, int version);

}  // namespace litesmith
