#include "benchmark/subject.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "benchmark/inputs.h"

namespace litesmith {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

double wall_clock_cost_us() {
  Times costs;
  for (int i = 0; i < 1000; ++i) {
    const auto start = Clock::now();
    costs.push_back(microseconds(Clock::now() - start));
  }
  return median(std::move(costs));
}

InputKind kind_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return InputKind::float32;
    case DType::int8:
    case DType::uint8:
    case DType::int16:
      return InputKind::codes;
    default:
      return InputKind::zeros;
  }
}

}  // namespace

Subject::Subject(std::shared_ptr<const Plan> plan) : interpreter_(std::move(plan)) {
  const Graph& graph = interpreter_.plan().graph();
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    inputs_.push_back(make_input(kind_of(graph[graph.inputs[i]].dtype),
                                 interpreter_.input(i).size(), /*seed=*/i + 1));
  }
}

void Subject::write_inputs() {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    std::memcpy(interpreter_.input(i).data(), inputs_[i].data(), inputs_[i].size());
  }
}

void Subject::invoke(size_t times) {
  for (size_t i = 0; i < times; ++i) {
    write_inputs();
    interpreter_.invoke();
  }
}

Times Subject::step_times() {
  constexpr size_t kFewestPasses = 5;
  constexpr size_t kMostPasses = 1001;
  constexpr double kEnoughUs = 200'000;
  const size_t steps = interpreter_.plan().steps().size();
  const double cost = wall_clock_cost_us();
  std::vector<Times> passes(steps);
  double used = 0;
  for (size_t pass = 0; pass < kMostPasses && (pass < kFewestPasses || used < kEnoughUs); ++pass) {
    write_inputs();
    auto before = Clock::now();
    for (size_t i = 0; i < steps; ++i) {
      interpreter_.run_step(i);
      const auto after = Clock::now();
      const double us = microseconds(after - before);
      passes[i].push_back(std::max(us - cost, 0.0));
      used += us;
      before = after;
    }
  }
  Times result;
  for (Times& times : passes) result.push_back(median(std::move(times)));
  return result;
}

}  // namespace litesmith
