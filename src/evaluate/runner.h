// Runs a model over a dataset on several threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/feed.h"
#include "runtime/interpreter.h"

namespace litesmith {

class Runner {
 public:
  struct Options {
    PlanOptions plan = {};
    unsigned threads = 0;   // 0: all the machine has; results do not depend on it
    bool stateful = false;  // variables keep what the run before left in them; one thread
    Progress progress = {};
    std::string stage = "running";
  };

  // `feed` outlives the runner.
  Runner(const Feed& feed, Options options);

  const Feed& feed() const { return feed_; }
  const Plan& plan() const { return *plan_; }

  // One finished run, on the thread that made it.
  struct Finished {
    unsigned worker;  // below threads()
    size_t run;
    size_t first_sample;
    size_t samples;  // without the repetitions of a last, incomplete run
    const Interpreter& interpreter;

    // The part of a tensor that belongs to sample `slot` of this run. Only for tensors that have
    // the batch as their first dimension (Runner::is_batched).
    std::span<const std::byte> slice(ValueId id, size_t slot, size_t batch) const {
      const auto bytes = interpreter.value(id);
      return bytes.subspan(slot * (bytes.size() / batch), bytes.size() / batch);
    }
  };
  using Visit = std::function<void(const Finished&)>;

  // Runs that one worker makes one after the other: those with the same run / kChunk.
  static constexpr size_t kChunk = 8;
  unsigned threads() const { return options_.threads; }

  // Runs [begin, end), calling `visit` from several threads at once.
  void run(size_t begin, size_t end, const Visit& visit);
  void run_all(const Visit& visit) { run(0, feed_.runs(), visit); }

  // True when the tensor's first dimension is the batch, so that each sample owns a slice of it.
  bool is_batched(ValueId id) const;

 private:
  const Feed& feed_;
  Options options_;
  std::shared_ptr<const Plan> plan_;
  std::vector<std::unique_ptr<Interpreter>> interpreters_;  // one a thread, made when first used
};

}  // namespace litesmith
