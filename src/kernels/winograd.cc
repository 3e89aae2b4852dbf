#include "kernels/winograd.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

// Patches that are transformed together: their matrices stay in the second-level cache.
constexpr int32_t kPatches = 24;
constexpr int32_t kColumns = 2;  // of outputs in a patch

// G of F(2, 3) at 0, 1, -1 and infinity, and of F(4, 3) at 0, p, -p, q, -q and infinity.
using FilterTransform = std::vector<std::array<double, 3>>;
FilterTransform filter_transform(int32_t outputs) {
  if (outputs == 2) return {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  constexpr auto p = double{WinogradPoints::p};
  constexpr auto q = double{WinogradPoints::q};
  auto at = [](double x, double other) {
    const double scale = 1 / (2 * x * x * (x * x - other * other));
    return std::array<double, 3>{scale, scale * x, scale * x * x};
  };
  return {{1 / (p * p * q * q), 0, 0}, at(p, q), at(-p, q), at(q, p), at(-q, p), {0, 0, 1}};
}

size_t size(int32_t x) { return static_cast<size_t>(x); }

}  // namespace

bool WinogradConv::fits(const ConvShape& shape, const PooledOutputs& pooled) {
  auto slides = [](const Window& w) {
    return w.taps == 3 && w.stride == 1 && w.dilation == 1 && w.output > 1;
  };
  const bool pools_by_two = pooled.rows == 2 && pooled.columns == 2 && pooled.row_stride == 2 &&
                            pooled.column_stride == 2;
  // With fewer channels the transforms cost what the products save.
  return slides(shape.rows) && slides(shape.columns) && shape.groups == 1 &&
         shape.input_channels >= 16 && shape.output_channels >= 16 &&
         (!pooled.pools() || pools_by_two);
}

WinogradConv::WinogradConv(const KernelSet& set, const ConvShape& shape,
                           const PooledOutputs& pooled, std::span<const float> filter,
                           std::span<const float> bias, float min, float max)
    : set_(set),
      shape_(shape),
      pooled_(pooled.pools()),
      rows_{.outputs = pooled_ ? 2 * pooled.output_rows : shape.rows.output, .at_once = 2},
      columns_{.outputs = pooled_ ? 2 * pooled.output_columns : shape.columns.output,
               .at_once = kColumns},
      zeros_(size(shape.output_channels)),
      bias_(size(shape.output_channels)),
      min_(min),
      max_(max) {
  check(fits(shape, pooled) &&
            filter.size() == 9 * size(shape.input_channels) * size(shape.output_channels),
        "a convolution for Winograd");
  // Tall patches need more weights for fewer products: they pay when each weight, once loaded, is
  // used for as many patches as a tile takes.
  if (rows_.outputs >= 4 && size(Patches{rows_.outputs, 4}.count()) * columns_.count() >= 6) {
    rows_.at_once = 4;
  }
  kernels_ = rows_.at_once == 4 ? set.tall_winograd : set.square_winograd;
  products_ = size(rows_.at_once + 2) * size(columns_.at_once + 2);
  std::copy(bias.begin(), bias.end(), bias_.data());
  copy_ = {.rows = shape.rows.input,
           .columns = shape.columns.input,
           .channels = shape.input_channels,
           .padded_rows = rows_.outputs + 2,
           .padded_columns = columns_.outputs + 2,
           .top = shape.rows.padding_before,
           .left = shape.columns.padding_before,
           .repeat = 1};
  for (int32_t i = 0; i < shape.input_channels; ++i) steps_.push_back(i);
  transform_filter(filter);
}

// U = G g G^T of each filter, in double.
void WinogradConv::transform_filter(std::span<const float> filter) {
  const FilterTransform down = filter_transform(rows_.at_once);
  const FilterTransform across = filter_transform(columns_.at_once);
  PackedShape packing = set_.float_packing;
  packing.channels = shape_.output_channels;
  const std::vector<Run> runs = {{0, shape_.input_channels}};
  matrix_size_ = packed_size(packing, runs);
  weights_ = Padded<float>(checked_mul(matrix_size_, products_));
  const size_t inputs = size(shape_.input_channels);
  for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t input) {
    const float* taps = filter.data() + size(channel) * 9 * inputs + input;
    size_t matrix = 0;
    for (const std::array<double, 3>& g : down) {
      double row[3] = {};
      for (size_t j = 0; j < 3; ++j) {
        for (size_t k = 0; k < 3; ++k) {
          row[j] += g[k] * static_cast<double>(taps[(3 * k + j) * inputs]);
        }
      }
      for (const std::array<double, 3>& h : across) {
        const double sum = row[0] * h[0] + row[1] * h[1] + row[2] * h[2];
        weights_[matrix++ * matrix_size_ + position] = static_cast<float>(sum);
      }
    }
  });
}

size_t WinogradConv::copy_size() const {
  const bool as_it_lies = copy_.top == 0 && copy_.left == 0 && copy_.padded_rows <= copy_.rows &&
                          copy_.padded_columns <= copy_.columns;
  return as_it_lies ? 0
                    : checked_mul(checked_mul(size(copy_.padded_rows), size(copy_.padded_columns)),
                                  size(copy_.channels));
}

// The image made ready, the transformed patches, and their products.
size_t WinogradConv::scratch_bytes() const {
  const size_t channels = size(shape_.input_channels) + size(shape_.output_channels);
  const size_t elements = copy_size() + checked_mul(products_ * size(kPatches), channels);
  return checked_mul(elements, sizeof(float));
}

void WinogradConv::run(const float* input, float* output, std::byte* scratch) const {
  auto* const copied = reinterpret_cast<float*>(scratch);
  const size_t copies = copy_size();
  const int32_t patches = rows_.count() * columns_.count();
  const size_t pooled = pooled_ ? 4 : 1;
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if (copies > 0) set_.copy_float(copy_, input, 0, copied);
    for (int32_t first = 0; first < patches; first += kPatches) {
      run_patches(copies > 0 ? copied : input, first, std::min(kPatches, patches - first), output,
                  copied + copies);
    }
    input += shape_.input_size();
    output += size(rows_.outputs) * size(columns_.outputs) / pooled * size(shape_.output_channels);
  }
}

void WinogradConv::run_patches(const float* image, int32_t first, int32_t count, float* output,
                               float* scratch) const {
  const ptrdiff_t inputs = shape_.input_channels;
  const ptrdiff_t outputs = shape_.output_channels;
  const ptrdiff_t columns = copy_size() > 0 ? copy_.padded_columns : copy_.columns;
  const auto products_of = static_cast<ptrdiff_t>(products_) * count;
  float* const patches = scratch;
  float* const products = patches + products_of * inputs;
  // The first output of a patch, counted from `first`.
  auto row = [&](int32_t i) { return rows_.begin((first + i) / columns_.count()); };
  auto column = [&](int32_t i) { return columns_.begin((first + i) % columns_.count()); };
  for (int32_t i = 0; i < count; ++i) {
    kernels_->patch({.image = image + (row(i) * columns + column(i)) * inputs,
                     .row_step = columns * inputs,
                     .channels = shape_.input_channels,
                     .to = patches + i * inputs,
                     .matrix_step = count * inputs});
  }
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (size_t k = 0; k < products_; ++k) {
    set_.float_conv({.walk = {.output_columns = count,
                              .column_step = inputs,
                              .steps = steps_.data(),
                              .step_count = shape_.input_channels},
                     .image = patches + static_cast<ptrdiff_t>(k) * count * inputs,
                     .weights = weights_.data() + k * matrix_size_,
                     .start = zeros_.data(),
                     .channels = shape_.output_channels,
                     .min = -infinity,
                     .max = infinity,
                     .output = products + static_cast<ptrdiff_t>(k) * count * outputs,
                     .output_step = outputs});
  }
  const int32_t pooled = pooled_ ? 2 : 1;
  const ptrdiff_t row_step = columns_.outputs / pooled * outputs;
  const auto finish = pooled_ ? kernels_->pooled_output : kernels_->output;
  for (int32_t i = 0; i < count; ++i) {
    finish({.products = products + i * outputs,
            .matrix_step = count * outputs,
            .bias = bias_.data(),
            .channels = shape_.output_channels,
            .min = min_,
            .max = max_,
            .to = output + row(i) / pooled * row_step + column(i) / pooled * outputs,
            .row_step = row_step});
  }
}

}  // namespace litesmith::kernels
