// How the time of one contender is taken: CPU time of the calling thread, which neighbours on the
// machine disturb least, over samples long enough for the clock.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace litesmith {

// Microseconds an invocation. Each is the mean of one sample: one invocation, or as many as make a
// tenth of a millisecond.
using Times = std::vector<double>;

// The smallest value that at least `share` of the values do not exceed; 0 when there are none.
double quantile(Times values, double share);
inline double median(Times values) { return quantile(std::move(values), 0.5); }

class TurnTimer {
 public:
  // `run(n)` makes n invocations.
  explicit TurnTimer(std::function<void(size_t)> run);

  // At least three samples, more until `budget_us` of CPU time are used.
  Times take(double budget_us);

 private:
  double measure(size_t invocations) const;  // microseconds, all together

  std::function<void(size_t)> run_;
  double clock_us_;  // what reading the clock costs
  size_t invocations_ = 1;
};

}  // namespace litesmith
