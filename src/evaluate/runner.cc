#include "evaluate/runner.h"

#include <atomic>
#include <mutex>

#include "base/parallel.h"
#include "evaluate/load_inputs.h"

namespace litesmith {

Runner::Runner(const Feed& feed, Options options)
    : feed_(feed),
      options_(std::move(options)),
      plan_(Plan::make(feed.graph(), options_.plan, subgraphs_of(feed.model()))) {
  if (options_.threads == 0) options_.threads = hardware_threads();
  if (options_.stateful) options_.threads = 1;  // one sample after the other
  interpreters_.resize(options_.threads);
}

bool Runner::is_batched(ValueId id) const {
  const Shape& shape = plan_->graph()[id].shape;
  return !shape.empty() && static_cast<size_t>(shape[0]) == feed_.batch();
}

void Runner::run(size_t begin, size_t end, const Visit& visit) {
  std::atomic<size_t> done{begin};
  std::mutex reporting;
  auto tell = [&](size_t count) {
    const std::lock_guard lock(reporting);
    report(options_.progress, options_.stage, count, feed_.runs());
  };
  tell(begin);
  parallel_chunks(
      end - begin, kChunk, options_.threads, [&](unsigned worker, size_t from, size_t to) {
        auto& interpreter = interpreters_[worker];
        if (!interpreter) interpreter = std::make_unique<Interpreter>(plan_);
        for (size_t run = begin + from; run < begin + to; ++run) {
          load_inputs(feed_, run, *interpreter);
          if (!options_.stateful || run == 0) interpreter->reset();
          interpreter->invoke();
          visit({worker, run, run * feed_.batch(), feed_.samples_in(run), *interpreter});
        }
        tell(done += to - from);
      });
}

}  // namespace litesmith
