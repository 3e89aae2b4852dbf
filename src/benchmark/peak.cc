#include "benchmark/peak.h"

#include "kernels/kernel_set.h"
#include "kernels/peak.h"

namespace litesmith {
namespace {

constexpr int64_t kRounds = 1000;

const kernels::PeakLoop& loop_for(Isa isa, MacKind kind) {
  const kernels::PeakLoops& loops = *kernels::kernel_set(isa).peak;
  if (kind == MacKind::float32) return loops.float32;
  if (kind == MacKind::int8 && loops.dot.run != nullptr) return loops.dot;
  return loops.pairs;
}

}  // namespace

PeakMeter::PeakMeter(Isa isa, MacKind kind)
    : operations_(2.0 * static_cast<double>(kRounds * loop_for(isa, kind).macs_per_round)),
      timer_([run = loop_for(isa, kind).run](size_t times) {
        volatile int32_t result = 0;
        for (size_t i = 0; i < times; ++i) result = run(kRounds);
        static_cast<void>(result);
      }) {}

double PeakMeter::gop_per_s(double budget_us) {
  return operations_ / median(timer_.take(budget_us)) * 1e-3;
}

}  // namespace litesmith
