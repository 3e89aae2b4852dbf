#include <bit>
#include <cmath>

#include "base/error.h"
#include "data/dataset.h"

namespace litesmith {
namespace {

bool is_float(DType dtype) {
  return dtype == DType::float16 || dtype == DType::float32 || dtype == DType::float64;
}

bool all_finite(std::span<const float> values) {
  // An exponent of all ones is NaN or infinity. Counted in integers, so that the compiler can use
  // vectors.
  uint32_t bad = 0;
  for (const float value : values) {
    bad += (std::bit_cast<uint32_t>(value) & 0x7f800000u) == 0x7f800000u ? 1 : 0;
  }
  return bad == 0;
}

// "[3, 0]" for the element at `position` of a sample of `shape`.
std::string index_text(size_t position, std::vector<int64_t> shape) {
  for (size_t d = shape.size(); d-- > 0;) {
    const auto size = static_cast<size_t>(shape[d]);
    shape[d] = static_cast<int64_t>(position % size);
    position /= size;
  }
  return shape_text(shape);
}

}  // namespace

void check_finite(const Dataset& data) {
  Diagnostics findings;
  for (size_t a = 0; a < data.arrays().size(); ++a) {
    const NamedArray& each = data.arrays()[a];
    if (!is_float(each.array.dtype)) continue;
    const size_t count = each.array.element_count() / static_cast<size_t>(each.array.shape[0]);
    std::vector<float> memory;
    size_t bad_samples = 0;
    std::string first;
    for (size_t i = 0; i < data.size(); ++i) {
      const auto sample = view_floats(each.array, data.first_element(a, i), count, memory);
      if (all_finite(sample)) continue;
      if (bad_samples++ > 0) continue;
      size_t at = 0;
      while (std::isfinite(sample[at])) ++at;
      first = std::string(std::isnan(sample[at]) ? "NaN" : "infinity") + ", first in sample " +
              std::to_string(data.row(i)) + " at " + index_text(at, data.sample_shape(a));
    }
    if (bad_samples == 0) continue;
    const std::string name = each.name.empty() ? "" : "array '" + each.name + "': ";
    findings.error(ErrorCode::data, name + std::to_string(bad_samples) + " of " +
                                        std::to_string(data.size()) + " samples hold " + first);
  }
  findings.throw_if_errors("'" + data.source() + "' cannot be used");
}

}  // namespace litesmith
