// What other layers normalize with.
#pragma once

#include <vector>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// x / |x| over these axes, which is x * min(1 / |x|, limit).
ValueId normalized(LayerCall& call, ValueId x, const std::vector<int32_t>& axes, float limit);

}  // namespace litesmith::keras
