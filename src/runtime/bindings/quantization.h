// What bindings read off the quantization of values and off fused activations.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/binding.h"

namespace litesmith::bindings {

// real = scale * (quantized - zero_point)
struct Affine {
  float scale = 1;
  int32_t zero_point = 0;
};

// The one scale and zero point of a tensor; throws Error(unsupported) naming the tensor when it has
// none or one a channel, or a zero point outside its type.
Affine per_tensor(const Value& value);

// The same for kernels that know one scale a tensor and read it without looking: of a tensor with
// one a channel, LiteRT's take 0 (and find nothing but the zero point), TFLite Micro's the first.
Affine only_scale(const BindContext& context, const Value& value);

// The scale of each of `channels`; a tensor with one scale has it in every channel. Throws when the
// numbers do not fit.
std::vector<float> channel_scales(const Value& value, int32_t channels, int32_t dimension);

struct IntegerRange {
  int32_t min;
  int32_t max;
  friend bool operator==(IntegerRange, IntegerRange) = default;
};
struct FloatRange {
  float min;
  float max;
};

// All values of int8, uint8 or int16.
IntegerRange range_of(DType dtype);

// What a fused activation lets through, in steps of the output. LiteRT's kernels
// (CalculateActivationRangeQuantized, kernel_util.cc) round halves away from zero before they add
// the zero point, XNNPACK (requantization.h) rounds halves to even after. Throws for an activation
// that is no clamp.
IntegerRange activation_range(Activation activation, const Value& output);
IntegerRange xnnpack_activation_range(Activation activation, const Value& output);
FloatRange activation_range(Activation activation);

}  // namespace litesmith::bindings
