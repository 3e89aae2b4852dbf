// Samples to feed a model with: named arrays whose first dimension counts the samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/npy/npz.h"

namespace litesmith {

// Cheap to copy; elements stay in the mapped file until a sample is read.
class Dataset {
 public:
  // A .npy or .npz file. Throws Error(data) when it holds no samples or its arrays disagree on
  // their number.
  static Dataset open(const std::filesystem::path& path);
  // One sample for a model without inputs.
  static Dataset of_nothing();
  // `source` is what messages call it.
  static Dataset of(std::vector<NamedArray> arrays, std::string source);

  size_t size() const { return samples_ ? samples_->size() : total_; }
  const std::vector<NamedArray>& arrays() const { return *arrays_; }
  const std::string& source() const { return source_; }

  // The shape of one sample of an array: its shape without the first dimension.
  std::vector<int64_t> sample_shape(size_t array) const;
  // Where sample `sample` of an array begins, in row-major elements.
  size_t first_element(size_t array, size_t sample) const;
  // The row of the file that sample `sample` stands in.
  size_t row(size_t sample) const { return samples_ ? samples_->at(sample) : sample; }

  // At most `count` samples, drawn without replacement by a seeded generator and kept in their
  // order; all of them when there are no more. The draw is the same on every machine.
  Dataset draw(size_t count, uint64_t seed) const;
  // The samples at the given positions of this dataset.
  Dataset select(const std::vector<size_t>& samples) const;

 private:
  std::shared_ptr<const std::vector<NamedArray>> arrays_;
  std::shared_ptr<const std::vector<size_t>> samples_;  // rows; null: all
  size_t total_ = 0;
  std::string source_;
};

// Throws Error(data) when a float array holds NaN or infinity, saying how many samples do and
// where the first one is.
void check_finite(const Dataset& data);

// How many samples of `a` are in `b` too, element for element (as float32).
size_t count_shared_samples(const Dataset& a, const Dataset& b);

}  // namespace litesmith
