// The binding function of each op; the list in runtime/binding.cc refers to them.
#pragma once

#include "runtime/binding.h"

namespace litesmith::bindings {

BoundKernel copy(const BindContext& context);  // RESHAPE, SQUEEZE, EXPAND_DIMS

}  // namespace litesmith::bindings
