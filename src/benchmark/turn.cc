#include "benchmark/turn.h"

#include <time.h>

#include <algorithm>

namespace litesmith {
namespace {

constexpr double kSampleUs = 100;
constexpr size_t kFewestSamples = 3;

double thread_cpu_us() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

double cpu_clock_cost_us() {
  double cost = 1e9;
  for (int i = 0; i < 100; ++i) {
    const double start = thread_cpu_us();
    cost = std::min(cost, thread_cpu_us() - start);
  }
  return cost;
}

}  // namespace

double quantile(Times values, double share) {
  if (values.empty()) return 0;
  const auto count = static_cast<double>(values.size());
  const auto rank = static_cast<size_t>(std::max(share * count, 1.0) + 0.999999);
  const size_t index = std::min(rank, values.size()) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(index), values.end());
  return values[index];
}

TurnTimer::TurnTimer(std::function<void(size_t)> run)
    : run_(std::move(run)), clock_us_(cpu_clock_cost_us()) {
  measure(1);  // pages and caches
  while (measure(invocations_) < kSampleUs) invocations_ *= 2;
}

double TurnTimer::measure(size_t invocations) const {
  const double start = thread_cpu_us();
  run_(invocations);
  return std::max(thread_cpu_us() - start - clock_us_, 0.0);
}

Times TurnTimer::take(double budget_us) {
  Times times;
  double used = 0;
  while (times.size() < kFewestSamples || used < budget_us) {
    const double us = measure(invocations_);
    used += us;
    times.push_back(us / static_cast<double>(invocations_));
  }
  return times;
}

}  // namespace litesmith
