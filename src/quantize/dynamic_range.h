// Dynamic range mode: int8 weights, float activations that the kernel quantizes as it runs.
#pragma once

#include "quantize/convert.h"

namespace litesmith {

Model quantize_dynamic_range(const Model& model, const ConvertOptions& options,
                             ConvertNotes& notes);

}  // namespace litesmith
