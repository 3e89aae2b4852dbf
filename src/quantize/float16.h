// Float16 mode: constants stored as halves, each behind a DEQUANTIZE; arithmetic stays float32.
#pragma once

#include "quantize/convert.h"

namespace litesmith {

Model quantize_float16(const Model& model, const ConvertOptions& options, ConvertNotes& notes);

}  // namespace litesmith
