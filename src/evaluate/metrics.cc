#include "evaluate/metrics.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace litesmith {
namespace {

std::optional<double> ratio(size_t part, size_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Interval wilson_interval(size_t correct, size_t n) {
  check(n > 0 && correct <= n, "a rate of nothing");
  constexpr double kZ = 1.959963984540054;  // the normal distribution's 97.5% point
  const auto count = static_cast<double>(n);
  const double rate = static_cast<double>(correct) / count;
  const double z2n = kZ * kZ / count;
  const double centre = (rate + z2n / 2) / (1 + z2n);
  const double half = kZ / (1 + z2n) * std::sqrt(rate * (1 - rate) / count + z2n / (4 * count));
  return {correct == 0 ? 0.0 : centre - half, correct == n ? 1.0 : centre + half};
}

size_t ConfusionMatrix::correct() const {
  size_t sum = 0;
  for (size_t i = 0; i < classes; ++i) sum += at(i, i);
  return sum;
}

ConfusionMatrix confusion_matrix(std::span<const int32_t> predicted,
                                 std::span<const int32_t> labels, size_t classes) {
  check(predicted.size() == labels.size(), "a label for each prediction");
  ConfusionMatrix matrix{.classes = classes, .counts = std::vector<size_t>(classes * classes)};
  for (size_t i = 0; i < labels.size(); ++i) {
    ++matrix.counts[static_cast<size_t>(labels[i]) * classes + static_cast<size_t>(predicted[i])];
  }
  return matrix;
}

std::vector<ClassFigures> class_figures(const ConfusionMatrix& matrix) {
  std::vector<ClassFigures> figures;
  for (size_t c = 0; c < matrix.classes; ++c) {
    size_t truths = 0;
    size_t predictions = 0;
    for (size_t other = 0; other < matrix.classes; ++other) {
      truths += matrix.at(c, other);
      predictions += matrix.at(other, c);
    }
    const size_t hits = matrix.at(c, c);
    figures.push_back({.samples = truths,
                       .precision = ratio(hits, predictions),
                       .recall = ratio(hits, truths),
                       .f1 = ratio(2 * hits, truths + predictions)});
  }
  return figures;
}

Agreement agreement(std::span<const int32_t> reference, std::span<const int32_t> predicted,
                    std::span<const int32_t> labels) {
  check(reference.size() == predicted.size(), "predictions for the same samples");
  Agreement result{.n = predicted.size()};
  for (size_t i = 0; i < predicted.size(); ++i) {
    result.same += reference[i] == predicted[i] ? 1 : 0;
    if (labels.empty()) continue;
    const bool was_right = reference[i] == labels[i];
    const bool is_right = predicted[i] == labels[i];
    result.lost += was_right && !is_right ? 1 : 0;
    result.gained += !was_right && is_right ? 1 : 0;
  }
  return result;
}

Detection detect(const Outputs& outputs, std::span<const int32_t> labels, size_t positive,
                 double threshold) {
  check(labels.size() == outputs.rows && positive < outputs.classes(), "a class of the outputs");
  Detection result{.positive_class = positive, .threshold = threshold};
  for (size_t i = 0; i < outputs.rows; ++i) {
    const auto row = outputs.row(i);
    double score = row[std::min(positive, outputs.columns - 1)];
    if (outputs.columns == 1 && positive == 0) score = 1 - score;
    const bool accepted = score > threshold;
    if (static_cast<size_t>(labels[i]) == positive) {
      ++result.positives;
      result.misses += accepted ? 0 : 1;
    } else {
      ++result.negatives;
      result.false_accepts += accepted ? 1 : 0;
    }
  }
  return result;
}

Difference difference(const Outputs& reference, const Outputs& outputs) {
  check(reference.values.size() == outputs.values.size(), "outputs of the same shape");
  Difference result;
  double squares = 0;
  for (size_t i = 0; i < outputs.values.size(); ++i) {
    const double apart = std::abs(static_cast<double>(outputs.values[i]) - reference.values[i]);
    result.max = std::max(result.max, apart);
    squares += apart * apart;
  }
  if (!outputs.values.empty()) {
    result.rms = std::sqrt(squares / static_cast<double>(outputs.values.size()));
  }
  return result;
}

}  // namespace litesmith
