// Keras's activation functions in LiteRT's operators, as TensorFlow's converter writes them.
#pragma once

#include <string_view>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// `activation` is what a layer's configuration holds: nothing, a name, a function object, or a
// layer such as LeakyReLU. Throws Error(unsupported) for one that cannot be built.
void check_activation(const Json& activation);

// True when it is the function of that name.
bool is_function(const Json& activation, std::string_view name);

// Applies it to `x`.
ValueId emit_activation(LayerCall& call, const Json& activation, ValueId x);

// True when it looks at each element alone, so that it may as well be applied before the elements
// are given another shape or order.
bool is_elementwise(const Json& activation);

}  // namespace litesmith::keras
