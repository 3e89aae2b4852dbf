#include "kernels/winograd.h"

#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

constexpr size_t kProducts = 16;  // of a patch
// Patches that are transformed together: their sixteen matrices stay in the second-level cache.
constexpr int32_t kPatches = 24;

int32_t half(int32_t outputs) { return outputs / 2 + outputs % 2; }

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
      patch_rows_(pooled_ ? pooled.output_rows : half(shape.rows.output)),
      patch_columns_(pooled_ ? pooled.output_columns : half(shape.columns.output)),
      output_rows_(pooled_ ? pooled.output_rows : shape.rows.output),
      output_columns_(pooled_ ? pooled.output_columns : shape.columns.output),
      zeros_(size(shape.output_channels)),
      bias_(size(shape.output_channels)),
      min_(min),
      max_(max) {
  check(fits(shape, pooled) &&
            filter.size() == 9 * size(shape.input_channels) * size(shape.output_channels),
        "a convolution for Winograd");
  std::copy(bias.begin(), bias.end(), bias_.data());
  copy_ = {.rows = shape.rows.input,
           .columns = shape.columns.input,
           .channels = shape.input_channels,
           .padded_rows = 2 * patch_rows_ + 2,
           .padded_columns = 2 * patch_columns_ + 2,
           .top = shape.rows.padding_before,
           .left = shape.columns.padding_before,
           .repeat = 1};
  for (int32_t i = 0; i < shape.input_channels; ++i) steps_.push_back(i);
  transform_filter(filter);
}

// U = G g G^T of each filter, in double.
void WinogradConv::transform_filter(std::span<const float> filter) {
  constexpr double g[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  PackedShape packing = set_.float_packing;
  packing.channels = shape_.output_channels;
  const std::vector<Run> runs = {{0, shape_.input_channels}};
  matrix_size_ = packed_size(packing, runs);
  weights_ = Padded<float>(checked_mul(matrix_size_, kProducts));
  const size_t inputs = size(shape_.input_channels);
  for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t input) {
    const float* taps = filter.data() + size(channel) * 9 * inputs + input;
    double rows[4][3];
    for (size_t i = 0; i < 4; ++i) {
      for (size_t j = 0; j < 3; ++j) {
        rows[i][j] = 0;
        for (size_t k = 0; k < 3; ++k) {
          rows[i][j] += g[i][k] * static_cast<double>(taps[(3 * k + j) * inputs]);
        }
      }
    }
    for (size_t i = 0; i < 4; ++i) {
      for (size_t j = 0; j < 4; ++j) {
        double sum = 0;
        for (size_t k = 0; k < 3; ++k) sum += rows[i][k] * g[j][k];
        weights_[(4 * i + j) * matrix_size_ + position] = static_cast<float>(sum);
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

// The image made ready, the transformed patches, their products, and a place for outputs beyond the
// image's edge.
size_t WinogradConv::scratch_bytes() const {
  const size_t channels = size(shape_.input_channels) + size(shape_.output_channels);
  const size_t elements =
      copy_size() + kProducts * size(kPatches) * channels + size(shape_.output_channels);
  return checked_mul(elements, sizeof(float));
}

void WinogradConv::run(const float* input, float* output, std::byte* scratch) const {
  auto* const copied = reinterpret_cast<float*>(scratch);
  const size_t copies = copy_size();
  const int32_t patches = patch_rows_ * patch_columns_;
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if (copies > 0) set_.copy_float(copy_, input, 0, copied);
    for (int32_t first = 0; first < patches; first += kPatches) {
      run_patches(copies > 0 ? copied : input, first, std::min(kPatches, patches - first), output,
                  copied + copies);
    }
    input += shape_.input_size();
    output += size(output_rows_) * size(output_columns_) * size(shape_.output_channels);
  }
}

void WinogradConv::run_patches(const float* image, int32_t first, int32_t count, float* output,
                               float* scratch) const {
  const ptrdiff_t inputs = shape_.input_channels;
  const ptrdiff_t outputs = shape_.output_channels;
  const ptrdiff_t columns = copy_size() > 0 ? copy_.padded_columns : copy_.columns;
  float* const patches = scratch;
  float* const products = patches + ptrdiff_t{kProducts} * count * inputs;
  float* const beyond = products + ptrdiff_t{kProducts} * count * outputs;
  for (int32_t i = 0; i < count; ++i) {
    const ptrdiff_t row = 2 * ((first + i) / patch_columns_);
    const ptrdiff_t column = 2 * ((first + i) % patch_columns_);
    set_.winograd_patch({.image = image + (row * columns + column) * inputs,
                         .row_step = columns * inputs,
                         .channels = shape_.input_channels,
                         .to = patches + i * inputs,
                         .matrix_step = count * inputs});
  }
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (size_t k = 0; k < kProducts; ++k) {
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
  for (int32_t i = 0; i < count; ++i) {
    const int32_t row = (first + i) / patch_columns_;
    const int32_t column = (first + i) % patch_columns_;
    WinogradOutput call{.products = products + i * outputs,
                        .matrix_step = count * outputs,
                        .bias = bias_.data(),
                        .channels = shape_.output_channels,
                        .min = min_,
                        .max = max_,
                        .to = {}};
    if (pooled_) {
      call.to[0] = output + (ptrdiff_t{row} * output_columns_ + column) * outputs;
      set_.winograd_pooled_output(call);
      continue;
    }
    for (int32_t j = 0; j < 4; ++j) {
      const ptrdiff_t y = 2 * row + j / 2;
      const ptrdiff_t x = 2 * column + j % 2;
      const bool inside = y < output_rows_ && x < output_columns_;
      call.to[j] = inside ? output + (y * output_columns_ + x) * outputs : beyond;
    }
    set_.winograd_output(call);
  }
}

}  // namespace litesmith::kernels
