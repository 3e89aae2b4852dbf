// Functions that exporters write out in several nodes, brought back to the one that they mean.
#pragma once

#include "formats/onnx/constant.h"
#include "formats/onnx/file.h"

namespace litesmith::onnx {

// GELU as PyTorch before opset 20 and most transformers have it, x (1 + erf(x / sqrt 2)) / 2, which
// is LiteRT's GELU and else some twenty operators. The factors may stand in any order.
void recognise_gelu(File& file, ConstantReader& constants);

// Outputs that nobody reads lose their names: an operator need not make them. Its first stays.
void forget_unread_outputs(File& file);

}  // namespace litesmith::onnx
