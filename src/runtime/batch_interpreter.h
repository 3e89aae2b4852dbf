// Runs a batch on several threads, each with a part of the samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/interpreter.h"

namespace litesmith {

// The samples of most graphs have nothing to do with each other: a plan for fewer of them, run as
// often as needed, gives the same bytes. Whether it is so is not assumed but read off the ops'
// definitions: walking back from some samples' outputs must lead to the same samples' inputs alone
// (ops/needed_region.h), and every tensor of the smaller plan must be the larger one's but for its
// first dimension. One thread at a time may use a BatchInterpreter.
class BatchInterpreter {
 public:
  // `graph` has inputs of concrete shapes. Null when they have no common first dimension, when
  // samples depend on each other or on a run before, when the plan observes all, or when a part
  // would take less time than a thread takes to start.
  static std::unique_ptr<BatchInterpreter> make(const Graph& graph, const PlanOptions& options,
                                                unsigned threads);

  // How many an invocation takes: at least 2, at most those asked for.
  unsigned threads() const { return static_cast<unsigned>(parts_.size()); }
  // The bytes of each graph input, whole.
  void invoke(std::span<const std::vector<std::byte>> inputs);
  // The i-th graph output, whole; its place stays the same.
  std::span<const std::byte> output(size_t i) const { return outputs_.at(i); }

 private:
  BatchInterpreter() = default;
  void run_part(size_t part, std::span<const std::vector<std::byte>> inputs);

  size_t batch_ = 0;
  size_t samples_ = 0;  // of a part; the last one may repeat its last sample
  std::vector<Interpreter> parts_;
  std::vector<std::vector<std::byte>> outputs_;
};

}  // namespace litesmith
