// Figures that judge predictions. Pure functions on class numbers and scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "evaluate/outputs.h"

namespace litesmith {

struct Interval {
  double low = 0;
  double high = 0;
};

// Wilson's score interval at 95% (E. B. Wilson, JASA 22, 1927): where the true rate lies when
// `correct` of `n` came out right. `n` > 0.
Interval wilson_interval(size_t correct, size_t n);

// How the true classes (rows) were taken for the predicted ones (columns).
struct ConfusionMatrix {
  size_t classes = 0;
  std::vector<size_t> counts;  // classes x classes

  size_t at(size_t truth, size_t predicted) const { return counts[truth * classes + predicted]; }
  size_t correct() const;
};
ConfusionMatrix confusion_matrix(std::span<const int32_t> predicted,
                                 std::span<const int32_t> labels, size_t classes);

// Nothing where the denominator is zero: a class never predicted has no precision, one that never
// occurs no recall.
struct ClassFigures {
  size_t samples = 0;
  std::optional<double> precision;
  std::optional<double> recall;
  std::optional<double> f1;
};
std::vector<ClassFigures> class_figures(const ConfusionMatrix& matrix);

// One model against another on the same samples.
struct Agreement {
  size_t n = 0;
  size_t same = 0;    // samples with the same class
  size_t lost = 0;    // right by the reference, wrong here
  size_t gained = 0;  // wrong by the reference, right here
};
// Without labels nothing is lost or gained.
Agreement agreement(std::span<const int32_t> reference, std::span<const int32_t> predicted,
                    std::span<const int32_t> labels);

// A detector at an operating point: a sample is accepted when the score of class `positive`
// exceeds `threshold`.
struct Detection {
  size_t positive_class = 0;
  double threshold = 0;
  size_t positives = 0;
  size_t misses = 0;
  size_t negatives = 0;
  size_t false_accepts = 0;
};
Detection detect(const Outputs& outputs, std::span<const int32_t> labels, size_t positive,
                 double threshold);

// How far outputs lie apart.
struct Difference {
  double max = 0;
  double rms = 0;
};
Difference difference(const Outputs& reference, const Outputs& outputs);

}  // namespace litesmith
