// Element-wise comparisons of two operands that broadcast as NumPy does; they make booleans.
#pragma once

#include "ir/op.h"

namespace litesmith {

// clang-format off
struct Equal : OpOf<Equal> { static const OpDef& definition(); };
struct NotEqual : OpOf<NotEqual> { static const OpDef& definition(); };
struct Less : OpOf<Less> { static const OpDef& definition(); };
struct LessEqual : OpOf<LessEqual> { static const OpDef& definition(); };
struct Greater : OpOf<Greater> { static const OpDef& definition(); };
struct GreaterEqual : OpOf<GreaterEqual> { static const OpDef& definition(); };
// clang-format on

}  // namespace litesmith
