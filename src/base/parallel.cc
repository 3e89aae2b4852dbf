#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
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
  grain = std::clamp<size_t>(grain, 1, count);
  const size_t chunks = count / grain + (count % grain != 0 ? 1 : 0);
  if (threads == 0) threads = hardware_threads();
  threads = static_cast<unsigned>(std::min<size_t>(threads, chunks));

  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::exception_ptr first;
  size_t first_chunk = 0;
  // A chunk that was handed out is always run, and they are handed out in order. So the lowest
  // chunk that throws is always among those that ran, and which error is reported does not depend
  // on the threads.
  auto work = [&](unsigned worker) {
    while (!failed) {
      const size_t chunk = next++;
      if (chunk >= chunks) return;
      try {
        const size_t begin = chunk * grain;
        body(worker, begin, begin + std::min(grain, count - begin));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first || chunk < first_chunk) {
          first = std::current_exception();
          first_chunk = chunk;
        }
        failed = true;
      }
    }
  };
  std::vector<std::jthread> helpers;
  helpers.reserve(threads - 1);
  try {
    for (unsigned worker = 1; worker < threads; ++worker) helpers.emplace_back(work, worker);
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are do the work.
  }
  work(0);
  helpers.clear();
  if (first) std::rethrow_exception(first);
}

}  // namespace litesmith
