// Loops that do nothing but multiply and add, with every operand in a register: how fast this
// instruction set can be, for benchmarks to hold kernels against.
#pragma once

#include <cstdint>

namespace litesmith::kernels {

struct PeakLoop {
  // Null where the instruction set has no such instruction. What comes back depends on every step.
  int32_t (*run)(int64_t rounds) = nullptr;
  int64_t macs_per_round = 0;
};

struct PeakLoops {
  PeakLoop float32;  // fused multiply-add; multiply and add where there is none
  PeakLoop pairs;    // int16 by int16, summed in twos
  PeakLoop dot;      // uint8 by int8, summed in fours
};

}  // namespace litesmith::kernels
