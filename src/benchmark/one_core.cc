#include "benchmark/one_core.h"

namespace litesmith {

// Where the system does not allow it, the measurement is only a little less quiet.
OneCore::OneCore() {
  ::sched_getaffinity(0, sizeof(before_), &before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  ::sched_setaffinity(0, sizeof(one), &one);
}

OneCore::~OneCore() { ::sched_setaffinity(0, sizeof(before_), &before_); }

}  // namespace litesmith
