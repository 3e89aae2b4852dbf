// Steps of a sequence [batch, steps, features...].
#pragma once

#include <string_view>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// The same steps from the last to the first.
ValueId reversed(LayerCall& call, ValueId x);
// [batch, features...]
ValueId last_step(LayerCall& call, ValueId x);
// The integers or booleans that a float of the graph was cast from (inputs are), or itself.
ValueId before_cast(LayerCall& call, ValueId x);
// LSTM, GRU, SimpleRNN.
bool is_recurrent(std::string_view class_name);

}  // namespace litesmith::keras
