// The mistakes that spoil a quantization or its evaluation without a word, put into words.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/labels.h"
#include "evaluate/coverage.h"

namespace litesmith {

// Calibration samples that are also evaluated.
std::optional<std::string> warn_of_shared_samples(const Dataset& calibration,
                                                  const Dataset& evaluation);

// Classes that evaluation asks for and calibration never showed. `known` tells that
// `calibration_classes` are labels and not the model's own guesses: guesses are only trusted to
// tell one class from several.
std::optional<std::string> warn_of_missing_classes(std::span<const int32_t> calibration_classes,
                                                   bool known,
                                                   std::span<const int32_t> evaluation_classes);

// Too few samples to give ranges.
std::optional<std::string> warn_of_few_samples(size_t samples);

// Values beyond the calibrated ranges, when there are more than chance explains: of two draws from
// one source, 2 / (n + 1) of the second lie outside of the extremes of the n of the first.
std::optional<std::string> warn_of_uncovered_ranges(std::span<const TensorCoverage> coverage,
                                                    size_t calibration_samples);

}  // namespace litesmith
