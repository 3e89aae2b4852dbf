#include "evaluate/latency.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "data/feed.h"
#include "evaluate/load_inputs.h"
#include "runtime/interpreter.h"

namespace litesmith {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// The smallest value that at least `share` of the sorted values do not exceed.
double quantile(const std::vector<double>& sorted, double share) {
  const auto count = static_cast<double>(sorted.size());
  const auto rank = static_cast<size_t>(std::max(share * count, 1.0) + 0.999999);
  return sorted[std::min(rank, sorted.size()) - 1];
}

}  // namespace

Latency measure_latency(const Model& model, const Dataset& data, Arithmetic arithmetic) {
  constexpr size_t kFewest = 5;
  constexpr size_t kMost = 200;
  constexpr double kEnoughUs = 50'000;
  const Feed feed(data, model, {.batch = 1});
  Interpreter interpreter(
      Plan::make(feed.graph(), {.arithmetic = arithmetic}, subgraphs_of(model)));
  auto fill = [&](size_t run) { load_inputs(feed, run % feed.runs(), interpreter); };
  fill(0);
  for (size_t i = 0; i < kFewest; ++i) interpreter.invoke();  // caches and branch predictors
  std::vector<double> times;
  double sum = 0;
  while (times.size() < kFewest || (times.size() < kMost && sum < kEnoughUs)) {
    fill(times.size());
    const auto start = Clock::now();
    interpreter.invoke();
    times.push_back(microseconds(Clock::now() - start));
    sum += times.back();
  }
  std::sort(times.begin(), times.end());
  return {.median_us = quantile(times, 0.5), .p95_us = quantile(times, 0.95), .runs = times.size()};
}

}  // namespace litesmith
