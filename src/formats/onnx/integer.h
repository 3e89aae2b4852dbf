// Integer operators in place of float ones between DEQUANTIZE and QUANTIZE.
#pragma once

#include "ir/graph.h"

namespace litesmith::onnx {

// A QDQ graph computes in float between integers. Where an operator has an integer kernel
// (QuantSpec in ir/op.h) and all it reads and makes is quantized as that kernel insists, it takes
// and makes the integers themselves; what is left stays float behind DEQUANTIZE. QUANTIZE brings
// tensors to the scale that a kernel insists on. Nodes that nothing reads any more are left.
Graph with_integer_operators(const Graph& graph);

}  // namespace litesmith::onnx
