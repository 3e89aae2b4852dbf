#include "optimize/warnings.h"

#include <algorithm>
#include <set>

#include "base/format.h"

namespace litesmith {
namespace {

// A thousandth of a tensor's values beyond its range begins to show in its outputs.
constexpr double kWorthAWarning = 0.001;
constexpr size_t kFewSamples = 20;

std::string list_of(const std::set<int32_t>& classes) {
  constexpr size_t kShown = 10;
  std::string text;
  size_t shown = 0;
  for (const int32_t each : classes) {
    if (shown++ == kShown) return text + ", ...";
    text += (text.empty() ? "" : ", ") + std::to_string(each);
  }
  return text;
}

}  // namespace

std::optional<std::string> warn_of_shared_samples(const Dataset& calibration,
                                                  const Dataset& evaluation) {
  const size_t shared = count_shared_samples(calibration, evaluation);
  if (shared == 0) return std::nullopt;
  const std::string which =
      shared == calibration.size()
          ? (shared == 1 ? std::string("the calibration sample is")
                         : "all " + with_commas(shared) + " calibration samples are")
          : with_commas(shared) + " of " + with_commas(calibration.size()) +
                " calibration samples are";
  return which +
         " also evaluated: ranges fitted to the samples a model is judged on flatter its figures; "
         "calibrate on other samples";
}

std::optional<std::string> warn_of_missing_classes(std::span<const int32_t> calibration_classes,
                                                   bool known,
                                                   std::span<const int32_t> evaluation_classes) {
  const std::set<int32_t> calibrated(calibration_classes.begin(), calibration_classes.end());
  std::set<int32_t> missing(evaluation_classes.begin(), evaluation_classes.end());
  const size_t all = missing.size();
  for (const int32_t each : calibrated) missing.erase(each);
  if (missing.empty() || calibrated.empty()) return std::nullopt;
  if (!known && calibrated.size() > 1) return std::nullopt;
  std::string text =
      known ? "the calibration labels show" : "the model takes every calibration sample for";
  text += calibrated.size() == 1 ? " class " + std::to_string(*calibrated.begin()) + " only"
                                 : " " + std::to_string(all - missing.size()) + " of " +
                                       std::to_string(all) + " classes";
  return text + "; the evaluation data has " + (missing.size() == 1 ? "class " : "classes ") +
         list_of(missing) +
         " too: ranges may be too narrow for what calibration never showed; draw calibration "
         "samples from all classes";
}

std::optional<std::string> warn_of_few_samples(size_t samples) {
  if (samples >= kFewSamples) return std::nullopt;
  return "only " + plural(samples, "calibration sample") +
         "; a hundred or more give ranges that can be relied on";
}

std::optional<std::string> warn_of_uncovered_ranges(std::span<const TensorCoverage> coverage,
                                                    size_t calibration_samples) {
  const double by_chance = 2 / (static_cast<double>(calibration_samples) + 1);
  const double too_much = std::max(kWorthAWarning, by_chance);
  size_t tensors = 0;
  for (const TensorCoverage& tensor : coverage) tensors += tensor.share() > too_much ? 1 : 0;
  if (tensors == 0) return std::nullopt;
  const TensorCoverage& worst = coverage[0];
  return percent(worst.share()) + " of the values of '" + worst.name +
         "' in the evaluation data lie outside of the range that calibration saw" +
         (tensors > 1 ? " (" + plural(tensors - 1, "more tensor") + " like it)" : "") +
         ": they saturate in the integer files; calibrate on data like the evaluation's";
}

}  // namespace litesmith
