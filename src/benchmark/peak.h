// The most that this machine multiplies and adds in a second, measured.
#pragma once

#include "base/cpu_features.h"
#include "benchmark/turn.h"
#include "inspect/macs.h"

namespace litesmith {

// Of one instruction set and kind of number, one thread. Where the set has no product of eight-bit
// numbers, theirs are made as those of sixteen.
class PeakMeter {
 public:
  PeakMeter(Isa isa, MacKind kind);

  // 1e9 operations a second, two for each MAC: the median of a turn.
  double gop_per_s(double budget_us);

 private:
  double operations_;  // of an invocation
  TurnTimer timer_;
};

}  // namespace litesmith
