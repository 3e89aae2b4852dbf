#include "data/dataset.h"

#include "base/error.h"
#include "data/draw.h"

namespace litesmith {
namespace {

std::string label(const NamedArray& each) {
  return each.name.empty() ? "the array" : "array '" + each.name + "'";
}

}  // namespace

Dataset Dataset::open(const std::filesystem::path& path) {
  return of(read_arrays(path), path.string());
}

Dataset Dataset::of_nothing() {
  Dataset data;
  data.total_ = 1;
  data.arrays_ = std::make_shared<const std::vector<NamedArray>>();
  data.source_ = "no samples";
  return data;
}

Dataset Dataset::of(std::vector<NamedArray> arrays, std::string source) {
  check(!arrays.empty(), "a dataset of no arrays");
  Diagnostics findings;
  for (const NamedArray& each : arrays) {
    if (each.array.shape.empty()) {
      findings.error(ErrorCode::data,
                     label(each) + " is a single number; its first dimension must count samples");
    } else if (each.array.shape[0] != arrays[0].array.shape.at(0)) {
      findings.error(ErrorCode::data,
                     label(each) + " holds " + std::to_string(each.array.shape[0]) + " samples, " +
                         label(arrays[0]) + " " + std::to_string(arrays[0].array.shape[0]));
    } else if (each.array.shape[0] == 0) {
      findings.error(ErrorCode::data, label(each) + " of shape " + shape_text(each.array.shape) +
                                          " holds no samples");
    }
    if (each.array.shape.empty()) break;
  }
  findings.throw_if_errors("'" + source + "' cannot be used");
  Dataset data;
  data.total_ = static_cast<size_t>(arrays[0].array.shape[0]);
  data.arrays_ = std::make_shared<const std::vector<NamedArray>>(std::move(arrays));
  data.source_ = std::move(source);
  return data;
}

std::vector<int64_t> Dataset::sample_shape(size_t array) const {
  const auto& shape = arrays().at(array).array.shape;
  return {shape.begin() + 1, shape.end()};
}

size_t Dataset::first_element(size_t array, size_t sample) const {
  const NpyArray& of = arrays().at(array).array;
  check(sample < size(), "a sample beyond the end of the dataset");
  return row(sample) * (of.element_count() / static_cast<size_t>(of.shape[0]));
}

Dataset Dataset::select(const std::vector<size_t>& samples) const {
  std::vector<size_t> rows;
  rows.reserve(samples.size());
  for (const size_t sample : samples) rows.push_back(row(sample));
  Dataset result = *this;
  result.samples_ = std::make_shared<const std::vector<size_t>>(std::move(rows));
  return result;
}

Dataset Dataset::draw(size_t count, uint64_t seed) const {
  if (count >= size()) return *this;
  return select(draw_positions(size(), count, seed));
}

}  // namespace litesmith
