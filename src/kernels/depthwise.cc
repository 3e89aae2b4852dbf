#include "kernels/depthwise.h"

#include <algorithm>
#include <type_traits>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

// So many pairs of products of int16 with weights in [-255, 255] an int32 sum holds without
// overflow.
constexpr int32_t kSafePairs = 127;

// Bytes of an image that are made ready together: they stay in the first-level cache, or near.
constexpr size_t kStripBytes = size_t{48} << 10;

Padded<float> padded_filter(const ConvShape& shape, std::span<const float> filter) {
  check(shape.groups == shape.input_channels &&
            filter.size() == shape.taps() * static_cast<size_t>(shape.output_channels),
        "a depthwise filter's size");
  return padded(filter, filter.size());
}

// What belongs to taps, `each` elements to one, brought from the order of rows into the order of
// columns (reference::TapOrder).
template <class T>
std::vector<T> by_column(const ConvShape& shape, std::span<const T> values, size_t each) {
  check(values.size() == shape.taps() * each, "the number of values of a tap");
  std::vector<T> result;
  result.reserve(values.size());
  for (int32_t x = 0; x < shape.columns.taps; ++x) {
    for (int32_t y = 0; y < shape.rows.taps; ++y) {
      const auto tap = static_cast<size_t>(y * shape.columns.taps + x);
      const auto from = values.subspan(tap * each, each);
      result.insert(result.end(), from.begin(), from.end());
    }
  }
  return result;
}

size_t output_size(const ConvShape& shape) {
  return shape.output_pixels() * static_cast<size_t>(shape.output_channels);
}

}  // namespace

FloatDepthwise::FloatDepthwise(const KernelSet& set, const ConvShape& shape,
                               std::span<const float> filter, std::span<const float> bias,
                               float min, float max)
    : set_(set),
      shape_(shape),
      plan_(shape, shape.group_outputs()),
      taps_(by_column<int32_t>(shape, plan_.taps(shape), 1)),
      weights_(padded_filter(shape,
                             by_column(shape, filter, static_cast<size_t>(shape.output_channels)))),
      start_(padded(bias, static_cast<size_t>(shape.output_channels))),
      min_(min),
      max_(max) {}

void FloatDepthwise::run(const float* input, float* output, std::byte* scratch) const {
  auto* const copied = reinterpret_cast<float*>(scratch);
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if (copies()) set_.copy_float(plan_.copy, input, 0, copied);
    set_.float_depthwise({.walk = plan_.walk(shape_, PooledOutputs::none(shape_), taps_),
                          .image = copies() ? copied : input,
                          .weights = weights_.data(),
                          .start = start_.data(),
                          .channels = shape_.output_channels,
                          .min = min_,
                          .max = max_,
                          .output = output});
    input += shape_.input_size();
    output += output_size(shape_);
  }
}

DepthwiseFilter::DepthwiseFilter(const KernelSet& set, const ConvShape& shape,
                                 std::span<const int16_t> filter, bool byte_images, bool wide)
    : set_(set), shape_(shape), plan_(shape, shape.group_outputs()) {
  check(shape.groups == shape.input_channels &&
            filter.size() == shape.taps() * static_cast<size_t>(shape.output_channels),
        "a depthwise filter's size");
  const bool byte_weights = std::all_of(
      filter.begin(), filter.end(), [](int16_t weight) { return weight >= -128 && weight <= 127; });
  dot_ = byte_images && byte_weights && !wide && set.dot_depthwise != nullptr;
  const int32_t group = dot_ ? 4 : 2;
  const int bits = 32 / group;
  padded_channels_ = (shape.output_channels + set.lanes - 1) / set.lanes * set.lanes;
  if (wide) chunk_steps_ = kSafePairs;

  const int32_t row_steps = (shape.columns.taps + group - 1) / group;
  for (int32_t y = 0; y < shape.rows.taps; ++y) {
    for (int32_t step = 0; step < row_steps; ++step) {
      const int64_t row = int64_t{y} * shape.rows.dilation * plan_.copy.padded_columns;
      const int64_t offset =
          (row + int64_t{step} * group * shape.columns.dilation) * padded_channels_;
      if (offset > INT32_MAX) {
        throw Error(ErrorCode::unsupported, "a padded image of a depthwise layer is too large");
      }
      steps_.push_back(static_cast<int32_t>(offset));
    }
  }
  weights_ = Padded<int32_t>(checked_mul(steps_.size(), static_cast<size_t>(padded_channels_)));
  weight_sums_.resize(static_cast<size_t>(shape.output_channels));
  const auto channels = static_cast<size_t>(shape.output_channels);
  for (size_t tap = 0; tap < shape.taps(); ++tap) {
    const auto x = static_cast<int32_t>(tap % static_cast<size_t>(shape.columns.taps));
    const size_t y = tap / static_cast<size_t>(shape.columns.taps);
    const size_t step = y * static_cast<size_t>(row_steps) + static_cast<size_t>(x / group);
    const auto mask = static_cast<uint32_t>((uint64_t{1} << bits) - 1);
    for (size_t channel = 0; channel < channels; ++channel) {
      const int16_t weight = filter[tap * channels + channel];
      weight_sums_[channel] += weight;
      int32_t& word = weights_[step * static_cast<size_t>(padded_channels_) + channel];
      word = static_cast<int32_t>(static_cast<uint32_t>(word) |
                                  (static_cast<uint32_t>(weight) & mask) << (bits * (x % group)));
    }
  }
  const size_t row_bytes = checked_mul(static_cast<size_t>(plan_.copy.padded_columns),
                                       static_cast<size_t>(padded_channels_) * sizeof(int32_t));
  const size_t rows = kStripBytes / std::max<size_t>(row_bytes, 1);
  const auto window = static_cast<size_t>(int64_t{shape.rows.taps - 1} * shape.rows.dilation + 1);
  const size_t strip =
      rows > window ? (rows - window) / static_cast<size_t>(shape.rows.stride) + 1 : 1;
  strip_rows_ =
      static_cast<int32_t>(std::min(strip, static_cast<size_t>(std::max(shape.rows.output, 1))));
}

size_t DepthwiseFilter::scratch_bytes() const {
  const int64_t rows = int64_t{strip_rows_ - 1} * shape_.rows.stride +
                       int64_t{shape_.rows.taps - 1} * shape_.rows.dilation + 1;
  const size_t pixels =
      checked_mul(static_cast<size_t>(rows), static_cast<size_t>(plan_.copy.padded_columns));
  return checked_mul(pixels, static_cast<size_t>(padded_channels_) * sizeof(int32_t));
}

template <class T, class Out>
void DepthwiseFilter::convolve(const T* input, int32_t zero_point, IntegerDepthwiseCall call,
                               Out* output, std::byte* scratch) const {
  auto* const image = reinterpret_cast<int32_t*>(scratch);
  const ptrdiff_t row_elements = ptrdiff_t{plan_.copy.padded_columns} * padded_channels_;
  InterleavedCopy copy{plan_.copy, shape_.columns.dilation, padded_channels_};
  call.chunk_steps = chunk_steps_;
  call.image = image;
  call.weights = weights_.data();
  call.channels = shape_.output_channels;
  call.padded_channels = padded_channels_;
  for (int32_t row = 0; row < shape_.rows.output; row += strip_rows_) {
    const int32_t rows = std::min(strip_rows_, shape_.rows.output - row);
    copy.image.top = plan_.copy.top - row * shape_.rows.stride;
    copy.image.padded_rows =
        (rows - 1) * shape_.rows.stride + (shape_.rows.taps - 1) * shape_.rows.dilation + 1;
    call.walk = {.output_rows = rows,
                 .output_columns = shape_.columns.output,
                 .row_step = shape_.rows.stride * row_elements,
                 .column_step = ptrdiff_t{shape_.columns.stride} * padded_channels_,
                 .steps = steps_.data(),
                 .step_count = static_cast<int32_t>(steps_.size())};
    call.output = output;
    if constexpr (std::is_same_v<T, int8_t>) {
      if (dot_) {
        set_.interleave_int8_for_dot(copy, input, zero_point, image);
      } else {
        set_.interleave_int8(copy, input, zero_point, image);
      }
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      set_.interleave_uint8(copy, input, zero_point, image);
    } else {
      set_.interleave_int16(copy, input, zero_point, image);
    }
    (dot_ ? set_.dot_depthwise : set_.pair_depthwise)(call);
    output += ptrdiff_t{rows} * shape_.columns.output * shape_.output_channels;
  }
}

template <class T>
IntegerDepthwise<T>::IntegerDepthwise(const KernelSet& set, const ConvShape& shape,
                                      int32_t input_zero_point, std::span<const int16_t> filter,
                                      std::span<const int64_t> bias,
                                      const AnyRequantization& requantization)
    : shape_(shape),
      input_zero_point_(input_zero_point),
      finish_(RequantizingFinish::to<T>(set, requantization)),
      filter_(set, shape, filter, std::is_same_v<T, int8_t>, finish_.is_wide()),
      start_(bias, filter_.uses_dot() ? set.dot_offset + input_zero_point : 0,
             filter_.weight_sums()) {}

template <class T>
void IntegerDepthwise<T>::run(const T* input, T* output, std::byte* scratch) const {
  RequantizingFinish::Storage storage;
  IntegerDepthwiseCall call = {};
  call.start32 = start_.narrow.data();
  call.start64 = start_.wide.data();
  call.finish = finish_.from_channel(0, storage);
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    filter_.convolve(input, input_zero_point_, call, output, scratch);
    input += shape_.input_size();
    output += output_size(shape_);
  }
}

template class IntegerDepthwise<int8_t>;
template class IntegerDepthwise<uint8_t>;
template class IntegerDepthwise<int16_t>;

HybridDepthwise::HybridDepthwise(const KernelSet& set, const ConvShape& shape,
                                 std::span<const int8_t> filter,
                                 std::span<const float> weight_scales, std::span<const float> bias,
                                 DynamicScheme scheme, ScaleOrders orders, float min, float max)
    : set_(set),
      shape_(shape),
      filter_(set, shape, std::vector<int16_t>(filter.begin(), filter.end()), true, false),
      weight_scales_(padded(weight_scales, static_cast<size_t>(shape.output_channels))),
      bias_(padded(bias, static_cast<size_t>(shape.output_channels))),
      weight_sums_(padded(std::span<const int32_t>(filter_.weight_sums()),
                          static_cast<size_t>(shape.output_channels))),
      zeros_(static_cast<size_t>(shape.output_channels)),
      scheme_(scheme),
      orders_(orders),
      min_(min),
      max_(max) {}

// Scratch holds the image made ready and the quantized one.
size_t HybridDepthwise::scratch_bytes() const {
  return round_up(filter_.scratch_bytes()) + shape_.input_size();
}

void HybridDepthwise::run(const float* input, float* output, std::byte* scratch) const {
  auto* const quantized = reinterpret_cast<int8_t*>(scratch + round_up(filter_.scratch_bytes()));
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    const DynamicAffine affine =
        quantize_dynamically(*set_.dynamic, scheme_, {input, shape_.input_size()}, quantized);
    // What the products still contain of the zero point and of what the image was made ready with.
    const int32_t offset = filter_.uses_dot() ? set_.dot_offset + affine.zero_point : 0;
    const RealFinish finish{.orders = orders_,
                            .weight_scales = weight_scales_.data(),
                            .bias = bias_.data(),
                            .input_scales = &affine.scale,
                            .input_offsets = &offset,
                            .weight_sums = weight_sums_.data(),
                            .by_pixel = false,
                            .min = min_,
                            .max = max_};
    IntegerDepthwiseCall call = {};
    call.start32 = zeros_.data();
    call.finish = {set_.real, nullptr, &finish};
    filter_.convolve(quantized, affine.zero_point, call, output, scratch);
    input += shape_.input_size();
    output += output_size(shape_);
  }
}

}  // namespace litesmith::kernels
