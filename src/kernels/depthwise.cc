#include "kernels/depthwise.h"

#include <algorithm>
#include <type_traits>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

// So many products of int16 with weights in [-255, 255] an int32 sum holds without overflow.
constexpr int32_t kSafeTaps = 255;

size_t round_up(size_t bytes) { return (bytes + 63) / 64 * 64; }

template <class To, class From>
Padded<To> padded(std::span<const From> values, size_t count) {
  Padded<To> result(count);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

template <class To, class From>
Padded<To> padded_filter(const ConvShape& shape, std::span<const From> filter) {
  check(shape.groups == shape.input_channels &&
            filter.size() == shape.taps() * static_cast<size_t>(shape.output_channels),
        "a depthwise filter's size");
  return padded<To>(filter, filter.size());
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
      taps_(plan_.taps(shape)),
      weights_(padded_filter<float>(shape, filter)),
      start_(padded<float>(bias, static_cast<size_t>(shape.output_channels))),
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

template <class T>
IntegerDepthwise<T>::IntegerDepthwise(const KernelSet& set, const ConvShape& shape,
                                      int32_t input_zero_point, std::span<const int16_t> filter,
                                      std::span<const int64_t> bias,
                                      const AnyRequantization& requantization)
    : set_(set),
      shape_(shape),
      plan_(shape, shape.group_outputs()),
      taps_(plan_.taps(shape)),
      input_zero_point_(input_zero_point),
      finish_(RequantizingFinish::to<T>(set, requantization)),
      weights_(padded_filter<int16_t>(shape, filter)),
      start_(bias, 0, std::vector<int32_t>(static_cast<size_t>(shape.output_channels))) {}

template <class T>
void IntegerDepthwise<T>::run(const T* input, T* output, std::byte* scratch) const {
  auto* const image = reinterpret_cast<int16_t*>(scratch);
  RequantizingFinish::Storage storage;
  const IntegerDepthwiseCall prepared{
      .walk = plan_.walk(shape_, PooledOutputs::none(shape_), taps_),
      .chunk_taps = kSafeTaps,
      .image = image,
      .weights = weights_.data(),
      .start32 = start_.narrow.data(),
      .start64 = start_.wide.data(),
      .channels = shape_.output_channels,
      .finish = finish_.from_channel(0, storage),
      .output = nullptr};
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if constexpr (std::is_same_v<T, int8_t>) {
      set_.copy_int8_to_int16(plan_.copy, input, input_zero_point_, image);
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      set_.copy_uint8_to_int16(plan_.copy, input, input_zero_point_, image);
    } else {
      set_.copy_int16(plan_.copy, input, input_zero_point_, image);
    }
    IntegerDepthwiseCall call = prepared;
    call.output = output;
    set_.integer_depthwise(call);
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
      plan_(shape, shape.group_outputs()),
      taps_(plan_.taps(shape)),
      weights_(padded_filter<int16_t>(shape, filter)),
      weight_scales_(padded<float>(weight_scales, static_cast<size_t>(shape.output_channels))),
      bias_(padded<float>(bias, static_cast<size_t>(shape.output_channels))),
      zeros_(static_cast<size_t>(shape.output_channels)),
      scheme_(scheme),
      orders_(orders),
      min_(min),
      max_(max) {}

// Scratch holds the prepared image and the quantized one.
size_t HybridDepthwise::scratch_bytes() const {
  return round_up(plan_.padded_size * sizeof(int16_t) + 64) + shape_.input_size();
}

void HybridDepthwise::run(const float* input, float* output, std::byte* scratch) const {
  auto* const image = reinterpret_cast<int16_t*>(scratch);
  auto* const quantized =
      reinterpret_cast<int8_t*>(scratch + round_up(plan_.padded_size * sizeof(int16_t) + 64));
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    const DynamicAffine affine =
        quantize_dynamically(scheme_, {input, shape_.input_size()}, quantized);
    set_.copy_int8_to_int16(plan_.copy, quantized, affine.zero_point, image);
    const RealFinish finish{.orders = orders_,
                            .weight_scales = weight_scales_.data(),
                            .bias = bias_.data(),
                            .input_scales = &affine.scale,
                            .input_offsets = nullptr,
                            .weight_sums = zeros_.data(),
                            .by_pixel = false,
                            .min = min_,
                            .max = max_};
    set_.integer_depthwise({.walk = plan_.walk(shape_, PooledOutputs::none(shape_), taps_),
                            .chunk_taps = 0,
                            .image = image,
                            .weights = weights_.data(),
                            .start32 = zeros_.data(),
                            .start64 = nullptr,
                            .channels = shape_.output_channels,
                            .finish = {set_.real, nullptr, &finish},
                            .output = output});
    input += shape_.input_size();
    output += output_size(shape_);
  }
}

}  // namespace litesmith::kernels
