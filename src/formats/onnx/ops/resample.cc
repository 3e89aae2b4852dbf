#include "formats/onnx/ops/resample.h"

#include <algorithm>
#include <cmath>

#include "ops/fully_connected.h"

namespace litesmith::onnx {
namespace {

double weight_at(const Filter& filter, double distance) {
  const double d = std::abs(distance);
  if (!filter.cubic) return std::max(0.0, 1 - d);
  const double a = filter.a;
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}

// Each output element is a weighted sum of input elements, the same for every row: [output, input].
std::vector<float> matrix_of(const ResizedAxis& axis, const std::string& rule,
                             const Filter& filter) {
  const auto inputs = static_cast<size_t>(axis.input);
  std::vector<float> matrix(inputs * static_cast<size_t>(axis.output));
  const double step = filter.antialias ? std::min(axis.scale, 1.0) : 1.0;
  const double reach = (filter.cubic ? 2 : 1) / step;
  std::vector<double> row(inputs);
  for (int32_t x = 0; x < axis.output; ++x) {
    // Further outside than the filter reaches, all is border.
    const double position =
        std::clamp(source_of(axis, x, rule), -reach - 1, axis.input + reach + 1);
    std::fill(row.begin(), row.end(), 0.0);
    double total = 0;
    for (double at = std::ceil(position - reach); at <= position + reach; ++at) {
      const bool inside = at >= 0 && at < axis.input;
      if (filter.exclude_outside && !inside) continue;
      const double weight = weight_at(filter, (at - position) * step);
      row[static_cast<size_t>(std::clamp<double>(at, 0, axis.input - 1))] += weight;
      total += weight;
    }
    for (size_t i = 0; i < inputs; ++i) {
      const double weight = total != 0 ? row[i] / total : 0;
      matrix[static_cast<size_t>(x) * inputs + i] = static_cast<float>(weight);
    }
  }
  return matrix;
}

}  // namespace

double source_of(const ResizedAxis& axis, int32_t x, const std::string& rule) {
  if (rule == "asymmetric") return x / axis.scale;
  if (rule == "align_corners") {
    return axis.output == 1 ? 0 : static_cast<double>(x) * (axis.input - 1) / (axis.output - 1);
  }
  if (rule == "pytorch_half_pixel" && axis.output == 1) return 0;
  if (rule == "half_pixel_symmetric") {
    const double adjustment = axis.output / (axis.scale * axis.input);
    const double center = axis.input / 2.0;
    return center * (1 - adjustment) + (x + 0.5) / axis.scale - 0.5;
  }
  return (x + 0.5) / axis.scale - 0.5;
}

void resample(Call& call, const ResizedAxis& height, const ResizedAxis& width,
              const std::string& rule, const Filter& filter) {
  constexpr int64_t kMostWeights = int64_t{1} << 22;
  auto along_last = [&](ValueId x, const ResizedAxis& axis, const std::string& part) {
    if (int64_t{axis.input} * axis.output > kMostWeights) {
      call.refuse("resizing " + std::to_string(axis.input) + " elements to " +
                  std::to_string(axis.output) + " by this filter is not supported");
    }
    FullyConnected op;
    op.keep_num_dims = true;
    const ValueId matrix =
        call.constant(part, {axis.output, axis.input}, matrix_of(axis, rule, filter));
    return call.emit(op, {x, matrix, ValueId{}}, part + "_resized");
  };
  const ValueId wide = along_last(call.plain(0), width, "columns");
  const ValueId turned = call.transpose(wide, {0, 1, 3, 2}, "turned");
  call.set(0, along_last(turned, height, "rows"), {0, 1, 3, 2}, true);
}

}  // namespace litesmith::onnx
