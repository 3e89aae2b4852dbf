// Whose integer arithmetic the interpreter reproduces: one of LiteRT's, or TFLite Micro's.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace litesmith {

enum class Arithmetic {
  reference,  // LiteRT's reference resolver (BUILTIN_REF)
  builtin,    // its optimized kernels without a delegate (BUILTIN_WITHOUT_DEFAULT_DELEGATES)
  litert,     // its default: XNNPACK where the delegate takes the node, `builtin` elsewhere
  tflm,       // TFLite Micro's reference kernels
};

// All of them, in this order.
std::span<const Arithmetic> all_arithmetics();
std::string_view to_string(Arithmetic arithmetic);
std::optional<Arithmetic> parse_arithmetic(std::string_view name);

}  // namespace litesmith
