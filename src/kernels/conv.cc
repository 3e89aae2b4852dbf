#include "kernels/conv.h"

#include <algorithm>
#include <cstdlib>
#include <type_traits>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {
namespace {

// A pointwise convolution of many images is one of a single, longer image.
ConvShape joined(const ConvShape& shape, const PooledOutputs& pooled) {
  if (!shape.is_pointwise() || pooled.pools()) return shape;
  const int64_t pixels = int64_t{shape.batches} * static_cast<int64_t>(shape.output_pixels());
  if (pixels > INT32_MAX) return shape;
  ConvShape result =
      dense_shape(static_cast<int32_t>(pixels), shape.input_channels, shape.output_channels);
  result.groups = shape.groups;
  return result;
}

// Pooling keeps images apart, so only what is not pooled is joined.
PooledOutputs outputs_of(const ConvShape& joined_shape, const PooledOutputs& pooled) {
  return pooled.pools() ? pooled : PooledOutputs::none(joined_shape);
}

// So many products of int16 with weights in [-255, 255] an int32 sum holds without overflow; or any
// number whose weights have no larger sum of magnitudes.
constexpr int32_t kSafeTerms = 254;
constexpr int64_t kSafeMagnitude = INT32_MAX / 32768;

bool all_terms_are_safe(std::span<const int16_t> filter, size_t terms) {
  for (size_t first = 0; first < filter.size(); first += terms) {
    int64_t magnitude = 0;
    for (const int16_t weight : filter.subspan(first, terms)) {
      magnitude += std::abs(int32_t{weight});
    }
    if (magnitude > kSafeMagnitude) return false;
  }
  return true;
}

}  // namespace

FloatConv::FloatConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
                     std::span<const float> filter, std::span<const float> bias, float min,
                     float max, int32_t output_step)
    : set_(set),
      shape_(joined(shape, pooled)),
      pooled_(outputs_of(shape_, pooled)),
      plan_(shape_, 1),
      start_(padded(bias, static_cast<size_t>(shape.output_channels))),
      min_(min),
      max_(max),
      output_step_(output_step == 0 ? shape.output_channels : output_step) {
  PackedShape packing = set.float_packing;
  packing.channels = shape.group_outputs();
  const std::vector<Run> runs = plan_.runs(shape_);
  steps_ = steps_of(runs, packing.group);
  group_size_ = packed_size(packing, runs);
  const auto groups = static_cast<size_t>(shape.groups);
  const size_t terms = shape.taps() * static_cast<size_t>(shape.group_inputs());
  check(filter.size() == terms * static_cast<size_t>(shape.output_channels), "a filter's size");
  weights_ = Padded<float>(checked_mul(group_size_, groups));
  for (size_t group = 0; group < groups; ++group) {
    const float* from = filter.data() + group * terms * static_cast<size_t>(packing.channels);
    float* to = weights_.data() + group * group_size_;
    for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t term) {
      to[position] = from[static_cast<size_t>(channel) * terms + term];
    });
  }
}

void FloatConv::run(const float* input, float* output, std::byte* scratch) const {
  auto* const padded_image = reinterpret_cast<float*>(scratch);
  FloatConvCall call{.walk = plan_.walk(shape_, pooled_, steps_),
                     .image = nullptr,
                     .weights = nullptr,
                     .start = nullptr,
                     .channels = shape_.group_outputs(),
                     .min = min_,
                     .max = max_,
                     .output = nullptr,
                     .output_step = output_step_};
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if (plan_.padded) set_.copy_float(plan_.copy, input, 0, padded_image);
    const float* image = plan_.padded ? padded_image : input;
    for (int32_t group = 0; group < shape_.groups; ++group) {
      const int32_t first = group * shape_.group_outputs();
      call.image = image + group * shape_.group_inputs();
      call.weights = weights_.data() + static_cast<size_t>(group) * group_size_;
      call.start = start_.data() + first;
      call.output = output + first;
      set_.float_conv(call);
    }
    input += shape_.input_size();
    output += pooled_.output_pixels() * static_cast<size_t>(output_step_);
  }
}

IntegerFilter::IntegerFilter(const KernelSet& set, const ConvShape& shape,
                             const PooledOutputs& pooled, std::span<const int16_t> filter,
                             bool byte_images, bool wide)
    : set_(set), shape_(shape), pooled_(pooled), plan_(shape, 1) {
  const bool byte_weights = std::all_of(
      filter.begin(), filter.end(), [](int16_t weight) { return weight >= -128 && weight <= 127; });
  dot_ = byte_images && byte_weights && !wide && set.dot_conv != nullptr;
  PackedShape packing = dot_ ? set.dot_packing : set.pair_packing;
  packing.channels = shape.group_outputs();
  const std::vector<Run> runs = plan_.runs(shape);
  steps_ = steps_of(runs, packing.group);
  group_size_ = packed_size(packing, runs);
  const auto groups = static_cast<size_t>(shape.groups);
  const size_t terms = shape.taps() * static_cast<size_t>(shape.group_inputs());
  check(filter.size() == terms * static_cast<size_t>(shape.output_channels), "a filter's size");
  const size_t size = checked_mul(group_size_, groups);
  if (dot_) {
    bytes_ = Padded<int8_t>(size);
  } else {
    pairs_ = Padded<int16_t>(size);
  }
  weight_sums_.resize(static_cast<size_t>(shape.output_channels));
  for (size_t group = 0; group < groups; ++group) {
    const size_t first_channel = group * static_cast<size_t>(packing.channels);
    const int16_t* from = filter.data() + terms * first_channel;
    for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t term) {
      const int16_t weight = from[static_cast<size_t>(channel) * terms + term];
      int32_t& sum = weight_sums_[first_channel + static_cast<size_t>(channel)];
      sum = wrapping_add(sum, int32_t{weight});
      if (dot_) {
        bytes_[group * group_size_ + position] = static_cast<int8_t>(weight);
      } else {
        pairs_[group * group_size_ + position] = weight;
      }
    });
  }
  if (wide) {
    chunk_steps_ = all_terms_are_safe(filter, terms) ? static_cast<int32_t>(steps_.size())
                                                     : kSafeTerms / packing.group;
  }
}

void IntegerFilter::convolve(int32_t group, const void* image, Starts start, const Finish& finish,
                             void* output, int32_t output_step) const {
  IntegerConvCall call{.walk = plan_.walk(shape_, pooled_, steps_),
                       .chunk_steps = chunk_steps_,
                       .image = nullptr,
                       .weights = nullptr,
                       .start32 = start.narrow,
                       .start64 = start.wide,
                       .channels = shape_.group_outputs(),
                       .finish = finish,
                       .output = output,
                       .output_step = output_step};
  const size_t first_weight = static_cast<size_t>(group) * group_size_;
  const int32_t first_input = group * shape_.group_inputs();
  if (dot_) {
    call.image = static_cast<const uint8_t*>(image) + first_input;
    call.weights = bytes_.data() + first_weight;
    set_.dot_conv(call);
  } else {
    call.image = static_cast<const int16_t*>(image) + first_input;
    call.weights = pairs_.data() + first_weight;
    set_.pair_conv(call);
  }
}

template <class T>
IntegerConv<T>::IntegerConv(const KernelSet& set, const ConvShape& shape,
                            const PooledOutputs& pooled, int32_t input_zero_point,
                            std::span<const int16_t> filter, std::span<const int64_t> bias,
                            const AnyRequantization& requantization, int32_t output_step)
    : set_(set),
      shape_(joined(shape, pooled)),
      pooled_(outputs_of(shape_, pooled)),
      input_zero_point_(input_zero_point),
      finish_(RequantizingFinish::to<T>(set, requantization)),
      filter_(set, shape_, pooled_, filter, std::is_same_v<T, int8_t>, finish_.is_wide()),
      start_(bias, filter_.uses_dot() ? set.dot_offset + input_zero_point : 0,
             filter_.weight_sums()),
      output_step_(output_step == 0 ? shape.output_channels : output_step) {}

template <class T>
void IntegerConv<T>::run(const T* input, T* output, std::byte* scratch) const {
  const ImageCopy& copy = filter_.plan().copy;
  auto* const image16 = reinterpret_cast<int16_t*>(scratch);
  RequantizingFinish::Storage storage;
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    if constexpr (std::is_same_v<T, int8_t>) {
      if (filter_.uses_dot()) {
        set_.copy_int8_for_dot(copy, input, input_zero_point_, reinterpret_cast<uint8_t*>(scratch));
      } else {
        set_.copy_int8_to_int16(copy, input, input_zero_point_, image16);
      }
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      set_.copy_uint8_to_int16(copy, input, input_zero_point_, image16);
    } else {
      set_.copy_int16(copy, input, input_zero_point_, image16);
    }
    for (int32_t group = 0; group < shape_.groups; ++group) {
      const int32_t first = group * shape_.group_outputs();
      filter_.convolve(group, scratch, {start_.narrow.data() + first, start_.wide.data() + first},
                       finish_.from_channel(first, storage), output + first, output_step_);
    }
    input += shape_.input_size();
    output += pooled_.output_pixels() * static_cast<size_t>(output_step_);
  }
}

template class IntegerConv<int8_t>;
template class IntegerConv<uint8_t>;
template class IntegerConv<int16_t>;

HybridConv::HybridConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
                       std::span<const int8_t> filter, std::span<const float> weight_scales,
                       std::span<const float> bias, DynamicScheme scheme, ScaleOrders orders,
                       bool by_row, float min, float max)
    : set_(set),
      shape_(by_row ? joined(shape, pooled) : shape),
      pooled_(outputs_of(shape_, pooled)),
      filter_(set, shape_, pooled_, std::vector<int16_t>(filter.begin(), filter.end()), true,
              false),
      weight_scales_(padded(weight_scales, static_cast<size_t>(shape.output_channels))),
      bias_(padded(bias, static_cast<size_t>(shape.output_channels))),
      weight_sums_(padded(std::span<const int32_t>(filter_.weight_sums()),
                          static_cast<size_t>(shape.output_channels))),
      zeros_(static_cast<size_t>(shape.output_channels)),
      scheme_(scheme),
      orders_(orders),
      by_row_(by_row),
      min_(min),
      max_(max) {
  check(!by_row || shape_.is_pointwise(), "rows are quantized apart only where they lie apart");
  check(!by_row || !pooled.pools(), "rows with scales of their own cannot be compared");
}

// Scratch holds the prepared image, the quantized one, and a scale and an offset for each row.
size_t HybridConv::scratch_bytes() const {
  const size_t rows = by_row_ ? shape_.output_pixels() : 1;
  return round_up(filter_.image_bytes()) + round_up(shape_.input_size()) +
         2 * round_up(rows * sizeof(float));
}

void HybridConv::run(const float* input, float* output, std::byte* scratch) const {
  const size_t rows = by_row_ ? shape_.output_pixels() : 1;
  const size_t row_size = shape_.input_size() / rows;
  std::byte* const prepared = scratch;
  auto* const quantized = reinterpret_cast<int8_t*>(prepared + round_up(filter_.image_bytes()));
  auto* const scales = reinterpret_cast<float*>(reinterpret_cast<std::byte*>(quantized) +
                                                round_up(shape_.input_size()));
  auto* const offsets = reinterpret_cast<int32_t*>(reinterpret_cast<std::byte*>(scales) +
                                                   round_up(rows * sizeof(float)));
  const ImageCopy& copy = filter_.plan().copy;
  for (int32_t batch = 0; batch < shape_.batches; ++batch) {
    int32_t zero_point = 0;
    for (size_t row = 0; row < rows; ++row) {
      const DynamicAffine affine = quantize_dynamically(
          *set_.dynamic, scheme_, {input + row * row_size, row_size}, quantized + row * row_size);
      scales[row] = affine.scale;
      zero_point = affine.zero_point;
      // What the products still contain of the zero point and of what the image was made ready
      // with.
      offsets[row] = filter_.uses_dot() ? set_.dot_offset + zero_point : by_row_ ? zero_point : 0;
    }
    if (filter_.uses_dot()) {
      set_.copy_int8_for_dot(copy, quantized, zero_point, reinterpret_cast<uint8_t*>(prepared));
    } else {
      set_.copy_int8_to_int16(copy, quantized, by_row_ ? 0 : zero_point,
                              reinterpret_cast<int16_t*>(prepared));
    }
    for (int32_t group = 0; group < shape_.groups; ++group) {
      const int32_t first = group * shape_.group_outputs();
      ScaleOrders orders = orders_;
      orders.tail_begin -= first;  // channels count from the group's first
      const RealFinish finish{.orders = orders,
                              .weight_scales = weight_scales_.data() + first,
                              .bias = bias_.data() + first,
                              .input_scales = scales,
                              .input_offsets = offsets,
                              .weight_sums = weight_sums_.data() + first,
                              .by_pixel = by_row_,
                              .min = min_,
                              .max = max_};
      filter_.convolve(group, prepared, {zeros_.data() + first, nullptr},
                       {set_.real, nullptr, &finish}, output + first, shape_.output_channels);
    }
    input += shape_.input_size();
    output += pooled_.output_pixels() * static_cast<size_t>(shape_.output_channels);
  }
}

}  // namespace litesmith::kernels
