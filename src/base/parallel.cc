#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace litesmith {

unsigned hardware_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) {
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

void parallel_chunks(size_t count, size_t grain, unsigned threads,
                     const std::function<void(unsigned, size_t, size_t)>& body) {
  if (count == 0) return;
  grain = std::max<size_t>(grain, 1);
  const size_t chunks = (count + grain - 1) / grain;
  if (threads == 0) threads = hardware_threads();
  threads = static_cast<unsigned>(std::min<size_t>(threads, chunks));

  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::exception_ptr first;
  auto work = [&](unsigned worker) {
    for (size_t chunk = next++; chunk < chunks && !failed; chunk = next++) {
      try {
        body(worker, chunk * grain, std::min(count, (chunk + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        failed = true;
      }
    }
  };
  std::vector<std::jthread> helpers;
  helpers.reserve(threads - 1);
  for (unsigned worker = 1; worker < threads; ++worker) helpers.emplace_back(work, worker);
  work(0);
  helpers.clear();
  if (first) std::rethrow_exception(first);
}

}  // namespace litesmith
