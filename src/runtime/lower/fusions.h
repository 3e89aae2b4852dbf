// Pairs of ops that run as one step, with the results they have one after the other.
#pragma once

#include <optional>

#include "runtime/binding.h"

namespace litesmith {

// One step for two nodes, the second of which is the only one to read the first's only output. It
// reads the first's inputs and writes the second's output. Nothing when these two nodes cannot be
// one step, or when their results would differ.
using FusedBinding = std::optional<BoundKernel> (*)(const BindContext& first,
                                                    const BindContext& second);

// Null when the two ops are never one step.
FusedBinding find_fused_binding(const OpDef& first, const OpDef& second);

}  // namespace litesmith
