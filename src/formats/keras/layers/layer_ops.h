// Which operators each layer becomes, for those who read docs/operators.md.
#pragma once

#include <span>

#include "formats/compose/becomes.h"

namespace litesmith::keras {

std::span<const compose::Becomes> all_layer_ops();

}  // namespace litesmith::keras
