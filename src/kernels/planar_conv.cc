#include "kernels/planar_conv.h"

#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

constexpr int64_t kWidestVector = 16;
// Larger images leave the second-level cache.
constexpr int64_t kLargestPlanes = int64_t{1} << 18;
constexpr int64_t kMostTerms = int64_t{1} << 16;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

int64_t round_up_to(int64_t x, int64_t step) { return (x + step - 1) / step * step; }

int64_t terms_of(const ConvShape& shape) {
  return int64_t{shape.rows.taps} * shape.columns.taps * shape.input_channels;
}

}  // namespace

PlanarConv::Planes::Planes(const ConvShape& shape)
    : rows(int64_t{shape.rows.output - 1} * shape.rows.stride +
           int64_t{shape.rows.taps - 1} * shape.rows.dilation + 1),
      columns(round_up_to(shape.columns.output, kWidestVector) +
              int64_t{shape.columns.taps - 1} * shape.columns.dilation / shape.columns.stride),
      row(columns * shape.columns.stride * shape.input_channels) {}

// In cycles, by and large: a multiply-add of a vector takes one, an element that is copied two. So
// does FloatConv's of half a vector, which waits for what it multiplies.
bool PlanarConv::fits(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled) {
  // What is left to Planes is small enough for its products.
  if (shape.groups != 1 || shape.input_channels < 1 || shape.output_channels > planar_outputs ||
      shape.rows.output < 1 || shape.columns.output < 1 || shape.columns.stride > kWidestVector ||
      terms_of(shape) > kMostTerms) {
    return false;
  }
  const Planes planes(shape);
  if (planes.row > kLargestPlanes || planes.rows > kLargestPlanes / planes.row) return false;
  const int32_t lanes = set.lanes;
  const int64_t outputs = shape.output_channels;
  const int64_t pixels = static_cast<int64_t>(shape.output_pixels());
  const int64_t vectors = shape.rows.output * (round_up_to(shape.columns.output, lanes) / lanes);
  const int64_t copied = planes.rows * planes.row + pixels * outputs * (pooled.pools() ? 2 : 1);
  const int64_t direct = pixels * terms_of(shape) * ((outputs + lanes - 1) / lanes);
  return 2 * copied + vectors * terms_of(shape) * outputs < direct;
}

PlanarConv::PlanarConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
                       std::span<const float> filter, std::span<const float> bias, float min,
                       float max, int32_t output_step)
    : set_(set),
      shape_(shape),
      pooled_(pooled),
      planes_(shape),
      start_(static_cast<size_t>(shape.output_channels)),
      min_(min),
      max_(max),
      output_step_(output_step == 0 ? shape.output_channels : output_step) {
  const auto terms = static_cast<size_t>(terms_of(shape));
  const auto outputs = static_cast<size_t>(shape.output_channels);
  check(shape.groups == 1 && shape.output_channels <= planar_outputs &&
            filter.size() == terms * outputs,
        "a convolution to few channels");
  std::copy(bias.begin(), bias.end(), start_.begin());
  for (size_t term = 0; term < terms; ++term) {
    for (size_t o = 0; o < outputs; ++o) weights_.push_back(filter[o * terms + term]);
  }
  for (int32_t y = 0; y < shape.rows.taps; ++y) {
    for (int32_t x = 0; x < shape.columns.taps; ++x) {
      const int32_t column = x * shape.columns.dilation;
      const int32_t phase = column % shape.columns.stride;
      for (int32_t c = 0; c < shape.input_channels; ++c) {
        const int64_t plane = int64_t{c} * shape.columns.stride + phase;
        steps_.push_back(static_cast<int32_t>(int64_t{y} * shape.rows.dilation * planes_.row +
                                              plane * planes_.columns +
                                              column / shape.columns.stride));
      }
    }
  }
}

// The planes, and the rows of sums below a pool's window.
size_t PlanarConv::scratch_bytes() const {
  const auto row = static_cast<size_t>(shape_.columns.output) * start_.size();
  const size_t sums = pooled_.pools() ? checked_mul(row, static_cast<size_t>(pooled_.rows)) : 0;
  return checked_mul(static_cast<size_t>(planes_.rows * planes_.row) + sums, sizeof(float));
}

void PlanarConv::take_apart(const float* input, float* planes) const {
  const int64_t channels = shape_.input_channels;
  const int64_t stride = shape_.columns.stride;
  const int64_t left = shape_.columns.padding_before;
  std::fill_n(planes, planes_.rows * planes_.row, 0.0f);
  for (int64_t row = 0; row < planes_.rows; ++row, planes += planes_.row) {
    const int64_t source_row = row - shape_.rows.padding_before;
    if (source_row < 0 || source_row >= shape_.rows.input) continue;
    const float* const from = input + source_row * shape_.columns.input * channels;
    for (int64_t phase = 0; phase < stride; ++phase) {
      const int64_t first = phase < left ? (left - phase + stride - 1) / stride : 0;
      // Columns of the image that this phase still has from there on.
      const int64_t begin = first * stride + phase - left;
      const int64_t count =
          std::min((shape_.columns.input - begin + stride - 1) / stride, planes_.columns - first);
      for (int64_t c = 0; c < channels; ++c) {
        float* const to = planes + (c * stride + phase) * planes_.columns + first;
        const float* const source = from + begin * channels + c;
        for (int64_t i = 0; i < count; ++i) to[i] = source[i * stride * channels];
      }
    }
  }
}

// One row of outputs behind the pool, of what is no number none, as max_pool does.
void PlanarConv::pool(const float* sums, float* output) const {
  const auto outputs = static_cast<ptrdiff_t>(start_.size());
  const ptrdiff_t row_step = shape_.columns.output * outputs;
  for (int32_t column = 0; column < pooled_.output_columns; ++column, output += output_step_) {
    std::fill_n(output, outputs, -kInfinity);
    const float* window = sums + ptrdiff_t{column} * pooled_.column_stride * outputs;
    for (int32_t y = 0; y < pooled_.rows; ++y, window += row_step) {
      for (int32_t x = 0; x < pooled_.columns; ++x) {
        for (ptrdiff_t o = 0; o < outputs; ++o) {
          const float sum = window[x * outputs + o];
          output[o] = output[o] < sum ? sum : output[o];
        }
      }
    }
    for (ptrdiff_t o = 0; o < outputs; ++o) {
      const float at_least = output[o] < min_ ? min_ : output[o];
      output[o] = max_ < at_least ? max_ : at_least;
    }
  }
}

void PlanarConv::run(const float* input, float* output, std::byte* scratch) const {
  auto* const planes = reinterpret_cast<float*>(scratch);
  float* const sums = planes + planes_.rows * planes_.row;
  const bool pools = pooled_.pools();
  PlanarConvCall call{.rows = pools ? pooled_.rows : shape_.rows.output,
                      .columns = shape_.columns.output,
                      .row_step = planes_.row * shape_.rows.stride,
                      .steps = steps_.data(),
                      .step_count = static_cast<int32_t>(steps_.size()),
                      .image = planes,
                      .weights = weights_.data(),
                      .start = start_.data(),
                      .outputs = shape_.output_channels,
                      .min = pools ? -kInfinity : min_,
                      .max = pools ? kInfinity : max_,
                      .output = pools ? sums : output,
                      .output_step = pools ? shape_.output_channels : output_step_};
  const size_t output_size = pooled_.output_pixels() * static_cast<size_t>(output_step_);
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    take_apart(input, planes);
    if (pools) {
      float* row = output;
      for (int32_t y = 0; y < pooled_.output_rows; ++y) {
        call.image = planes + ptrdiff_t{y} * pooled_.row_stride * call.row_step;
        set_.planar_conv(call);
        pool(sums, row);
        row += ptrdiff_t{pooled_.output_columns} * output_step_;
      }
    } else {
      call.output = output;
      set_.planar_conv(call);
    }
    input += shape_.input_size();
    output += output_size;
  }
}

}  // namespace litesmith::kernels
