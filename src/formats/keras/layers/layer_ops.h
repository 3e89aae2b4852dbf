// Which operators each layer becomes, for those who read docs/operators.md.
#pragma once

#include <span>
#include <string_view>

namespace litesmith::keras {

// Operators by name, separated by blanks: those that a float32 file of the layer holds, in one of
// its settings or another. Layers that vanish have no row.
struct LayerOps {
  std::string_view class_name;
  std::string_view ops;
};

std::span<const LayerOps> all_layer_ops();

}  // namespace litesmith::keras
