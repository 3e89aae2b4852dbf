// Element-wise operators on booleans.
#pragma once

#include "ir/op.h"

namespace litesmith {

// clang-format off
struct LogicalAnd : OpOf<LogicalAnd> { static const OpDef& definition(); };
struct LogicalOr : OpOf<LogicalOr> { static const OpDef& definition(); };
struct LogicalNot : OpOf<LogicalNot> { static const OpDef& definition(); };
// clang-format on

}  // namespace litesmith
