// An op's attributes as text, for printing and comparing.
#pragma once

#include <string>

#include "ir/op.h"

namespace litesmith {

// "padding=SAME stride_w=2", attributes at their schema default left out unless `all`.
std::string attribute_text(const Op& op, bool all = false);

}  // namespace litesmith
