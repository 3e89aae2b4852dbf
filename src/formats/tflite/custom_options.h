// The attributes of a custom operator and its options, a FlexBuffers map, each from the other: an
// attribute's name is its key.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "ir/op.h"

namespace litesmith::tflite {

// The op with the attributes that the options hold, and its defaults where they hold none. Numbers
// are converted as LiteRT's kernels do. Throws Error(format) when the options are no such map, or
// an attribute is no number or does not fit its type.
std::shared_ptr<const Op> read_custom_op(const OpDef& def, std::span<const std::byte> options);

// All attributes, those at their default too, as kernels know no defaults for most.
std::vector<std::byte> custom_options(const Op& op);

}  // namespace litesmith::tflite
