// Softmax as it is defined, to hold kernels against.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace litesmith::kernels {

inline std::vector<double> real_softmax(const std::vector<double>& x) {
  const double max = *std::max_element(x.begin(), x.end());
  std::vector<double> e;
  for (const double each : x) e.push_back(std::exp(each - max));
  const double sum = std::accumulate(e.begin(), e.end(), 0.0);
  for (double& each : e) each /= sum;
  return e;
}

}  // namespace litesmith::kernels
