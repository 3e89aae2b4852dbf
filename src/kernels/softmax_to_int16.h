// SOFTMAX of int8 codes with an int16 result, by the formulas of softmax.h.
#pragma once

#include <cstdint>

#include "kernels/softmax.h"

namespace litesmith::kernels {

// The output's zero point is -32768, its scale 1/65536, as the fixed-point formula has it.
void softmax(Rows rows, const FixedSoftmax& softmax, const int8_t* in, int16_t* out);
void softmax(Rows rows, const TableSoftmax& softmax, const int8_t* in, int16_t* out);

}  // namespace litesmith::kernels
