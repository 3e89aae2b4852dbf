// Keeps a measurement where it began.
#pragma once

#include <sched.h>

namespace litesmith {

// While it lives, the calling thread and the processes it starts run on one core, so that all
// contenders meet the same clock rate and the same caches.
class OneCore {
 public:
  OneCore();
  ~OneCore();
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;

 private:
  cpu_set_t before_;
};

}  // namespace litesmith
