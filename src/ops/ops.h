// The list of every operator litesmith understands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ir/op.h"

namespace litesmith {

// BuiltinOperator CUSTOM: a file names the op itself, by its custom code.
inline constexpr int32_t kCustomOp = 32;

// The builtin operators, in the order of their codes.
std::span<const OpDef* const> all_ops();
// The custom operators, in the order of their names.
std::span<const OpDef* const> custom_ops();
// By BuiltinOperator and, of a custom op, its name; null when litesmith does not understand the op.
const OpDef* find_op(int32_t code, std::string_view custom_name = {});

// The schema's name of a builtin code, also of ops litesmith does not understand; empty for a
// number that is no code.
std::string_view builtin_name(int32_t code);

// The first TensorFlow release that runs `version` of the op, empty when unknown.
std::string_view runtime_version(const OpDef& def, int version);

}  // namespace litesmith
