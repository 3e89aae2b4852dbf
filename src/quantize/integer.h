// The integer modes: int8 activations, or int16 activations with int8 weights.
#pragma once

#include "quantize/convert.h"
#include "quantize/parameters.h"

namespace litesmith {

// `scheme` is int8 or int16x8. Ops without an integer kernel stay float between DEQUANTIZE and
// QUANTIZE and are named in `notes`.
Model quantize_to_integers(const Model& model, const ConvertOptions& options, Scheme scheme,
                           ConvertNotes& notes);

}  // namespace litesmith
