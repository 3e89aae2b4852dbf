// Layers that are an activation with parameters: ReLU, LeakyReLU, ELU, Softmax. They also stand as
// other layers' activation, then with a configuration of their own.
#pragma once

#include <string_view>

#include "formats/keras/layer.h"

namespace litesmith::keras {

bool is_activation_layer(std::string_view class_name);
void check_activation_layer(std::string_view class_name, const Json& config);
ValueId emit_activation_layer(LayerCall& call, std::string_view class_name, const Json& config,
                              ValueId x);

}  // namespace litesmith::keras
