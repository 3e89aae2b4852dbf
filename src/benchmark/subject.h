// Our side of a benchmark: a model, ready to be invoked with inputs that are written anew each
// time.
#pragma once

#include <cstddef>
#include <vector>

#include "benchmark/turn.h"
#include "runtime/interpreter.h"

namespace litesmith {

class Subject {
 public:
  explicit Subject(std::shared_ptr<const Plan> plan);

  void invoke(size_t times);
  // One time for each step of the plan: the median over single passes, wall time, without what the
  // clock costs.
  Times step_times();

 private:
  void write_inputs();

  Interpreter interpreter_;
  std::vector<std::vector<std::byte>> inputs_;
};

}  // namespace litesmith
