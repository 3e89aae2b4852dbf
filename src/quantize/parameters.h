// The formulas that turn ranges and weights into scales, zero points and integers: TensorFlow
// Lite's, to the last bit. Two converters made them, and they differ (reference: LiteRT
// tflite/converter/quantization for int8, tflite/tools/optimize for 16x8).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

enum class Scheme {
  int8,           // int8 activations: the MLIR quantizer
  int16x8,        // int16 activations, int8 weights: the older flatbuffer quantizer
  dynamic_range,  // float activations: the MLIR quantizer with scales in double
};

// Asymmetric int8 over [-128, 127] or symmetric int16 over [-32767, 32767]. The range is widened
// to hold 0.
Quantization activation_parameters(Range range, Scheme scheme);

// What int8 makes of a range that training has learned. TensorFlow keeps such scales in double
// until biases have theirs, and takes its zero points from unsigned integers.
double learned_scale(Range range);
Quantization learned_parameters(Range range);

struct QuantizedWeights {
  Quantization quantization;
  std::vector<int8_t> values;
};

// Symmetric, narrow range [-127, 127], zero point 0. `dimension` -1: one scale for the tensor.
// `given`, when not empty, is the scale of each channel, where it is not 0: a raised one (see
// bias_scale_floors), or what training has learned.
QuantizedWeights quantize_weights(std::span<const float> values, const Shape& shape, int dimension,
                                  Scheme scheme, std::span<const double> given = {});
// The same of a float constant, which need not be in memory whole.
QuantizedWeights quantize_weights(const Value& weights, int dimension, Scheme scheme);

// A bias so large beside its scale that its integer would leave half of the int32 range makes the
// converters raise the weight scale. Returns, by channel of the weights, the scale that replaces
// theirs, 0 where it stays; empty when none changes.
std::vector<double> bias_scale_floors(std::span<const float> bias, float input_scale,
                                      const Quantization& weights, Scheme scheme);

struct QuantizedBias {
  Quantization quantization;
  std::vector<int64_t> values;  // within int32 for int8
};

// scale = input scale * weight scale, zero point 0. int8 biases saturate at the ends of int32,
// int16x8 ones are int64.
// `floors` replace scales of weights, where they are not 0.
QuantizedBias quantize_bias(std::span<const float> bias, double input_scale,
                            const Quantization& weights, Scheme scheme,
                            std::span<const double> floors = {});

// A constant that is neither weight nor bias (an operand of ADD, say): its own parameters from its
// own range.
Quantization constant_parameters(std::span<const float> values, Scheme scheme);
// Its integers under given parameters, saturated.
std::vector<int8_t> quantize_constant_int8(std::span<const float> values, const Quantization& q);
std::vector<int16_t> quantize_constant_int16(std::span<const float> values, const Quantization& q);
// The 16x8 converter quantizes an operand that must share another's scale twice: with its own scale
// first, then, from what that left, with the shared one.
std::vector<int16_t> requantize_constant_int16(std::span<const int16_t> values,
                                               const Quantization& from, const Quantization& to);

// The int16 of ops with rules of their own, in int8 mode (ir/op.h, OperandRule).
struct ShortWeights {
  Quantization quantization;
  std::vector<int16_t> values;
};
// Symmetric over [-32767, 32767].
ShortWeights quantize_weights_16(std::span<const float> values);
// int16 that hold [-512, 512]: SVDF adds up products with them.
ShortWeights quantize_weights_10(std::span<const float> values);
// A state: symmetric over [-32767, 32767].
Quantization state_parameters(Range range);
// A cell state: in steps of 2^-15 times a power of two that bounds it, as far as LiteRT's kernel
// takes the step: 2^-15 to 2^-9.
Quantization cell_state_parameters(Range range);
// What layer normalization takes: as state_parameters, in double.
Quantization sum_parameters(Range range);

}  // namespace litesmith
