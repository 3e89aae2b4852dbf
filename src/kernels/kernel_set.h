// The inner loops that are compiled once for each instruction set, as one table of functions. What
// they compute does not depend on the set: floats are accumulated in one order with one fused
// multiply-add a term, vectors run over output channels only; integers are exact.
//
// Convolutions see an image that is already padded (image.h), and filters packed for them
// (packing.h). A kernel made for a special case stands beside these, behind the classes of conv.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu_features.h"
#include "kernels/conv_shape.h"
#include "kernels/scale_order.h"

namespace litesmith::kernels {

// How windows stand over an image: where each begins, and what it reads from there, in elements.
// Several windows make one output, the largest of theirs, where a max pool follows.
struct Walk {
  int32_t output_rows = 1;
  int32_t output_columns = 1;
  ptrdiff_t row_step = 0;  // from the windows of one output row to those of the next
  ptrdiff_t column_step = 0;
  int32_t pooled_rows = 1;  // windows of an output
  int32_t pooled_columns = 1;
  ptrdiff_t pooled_row_step = 0;  // from one window of an output to the one below
  ptrdiff_t pooled_column_step = 0;
  // From a window's first element to what each step of the inner loop reads: one term, or a group
  // of terms that lie side by side.
  const int32_t* steps = nullptr;
  int32_t step_count = 0;
};

// Packed weights of `channels` outputs: blocks of block_width() channels (the last narrower, a
// multiple of the lanes), in each block the steps in order, of each step the block's channels with
// `group` terms.
struct PackedShape {
  int32_t channels;
  int32_t lanes;
  int32_t block;  // channels of a whole block
  int32_t group;  // terms of a step, which lie together for each channel
  int32_t block_width(int32_t first) const {
    const int32_t rest = (channels - first + lanes - 1) / lanes * lanes;
    return rest < block ? rest : block;
  }
};

struct FloatConvCall {
  Walk walk;
  const float* image;
  const float* weights;
  const float* start;  // what each accumulator begins with, for whole vectors
  int32_t channels;
  float min;
  float max;
  float* output;
  ptrdiff_t output_step;  // elements from one output pixel to the next
};

// Accumulators of some pixels and channels, on their way out.
struct Tile {
  int32_t pixel;  // the first one, counted within the image
  int32_t pixels;
  int32_t channel;  // the first one
  int32_t channels;
  int32_t stride;  // accumulators from one pixel to the next
};

// Parameters of a requantizing finish by one float product, a scale a channel.
struct FloatScaleFinish {
  const float* scales;
  int32_t zero_point, min, max;
  // To int8 with no bound but the type's, and no scale above a half, so that no product leaves
  // int32: narrowing may saturate, and nothing else need clamp.
  bool saturates;
};

// Turns accumulators into outputs. `output` is where the image's first pixel and channel go.
struct Finish {
  void (*from32)(const void* parameters, const Tile& tile, const int32_t* acc, void* output,
                 ptrdiff_t output_step) = nullptr;
  void (*from64)(const void* parameters, const Tile& tile, const int64_t* acc, void* output,
                 ptrdiff_t output_step) = nullptr;
  const void* parameters = nullptr;
  // The parameters again where they say that the finish saturates: that can be done without leaving
  // the registers.
  const FloatScaleFinish* saturating = nullptr;
};

// Integer products summed in int32; with from64 in int64, over chunks of steps that cannot overflow
// int32.
struct IntegerConvCall {
  Walk walk;
  int32_t chunk_steps = 0;
  const void* image;    // bytes for the dot kernels, int16 for the pair kernels
  const void* weights;  // int8 or int16
  const int32_t* start32;
  const int64_t* start64;
  int32_t channels;
  Finish finish;
  void* output;
  ptrdiff_t output_step;
};

// A depthwise convolution: output channel c sees input channel c. The steps are the taps. Weights
// are [tap, channel].
struct FloatDepthwiseCall {
  Walk walk;
  const float* image;
  const float* weights;
  const float* start;
  int32_t channels;
  float min;
  float max;
  float* output;
};
// Images and weights hold the values of neighbouring taps of a channel in each element: four bytes
// or two int16. So a step is four taps of a row, or two.
struct IntegerDepthwiseCall {
  Walk walk;
  int32_t chunk_steps = 0;  // steps that cannot overflow int32
  const int32_t* image;     // pixels of `padded_channels`
  const int32_t* weights;   // [step, padded channel]
  const int32_t* start32;
  const int64_t* start64;
  int32_t channels;
  int32_t padded_channels;  // to whole vectors
  Finish finish;
  void* output;
};

// Copies an image of `rows` x `columns` pixels of `channels` elements into one of `padded_rows` x
// `padded_columns`, `repeat` times each element, filling what is new.
struct ImageCopy {
  int32_t rows;
  int32_t columns;
  int32_t channels;
  int32_t padded_rows;
  int32_t padded_columns;
  int32_t top;
  int32_t left;
  int32_t repeat;
};

// The same for IntegerDepthwiseCall: element p of a row holds the pixels p, p + dilation, ...
struct InterleavedCopy {
  ImageCopy image;  // `top` may be negative: the copy begins within the image
  int32_t dilation;
  int32_t padded_channels;
};

// Parameters of the requantizing finishes, one a channel in each array.
struct MultiplierFinish {
  const int32_t* significands;
  const int32_t* exponents;
  const int32_t* ties_away;  // of the double rounding: 1 where negative halves go down, 0: up
  int32_t zero_point, min, max;
};
struct DoubleScaleFinish {
  const double* scales;
  int32_t zero_point, min, max;
};

// Parameters of the finish to float (dynamic_quantization.h). Input scales belong to images, or to
// single pixels; offsets are what is left of the input's zero point times the sums of weights.
struct RealFinish {
  ScaleOrders orders;
  const float* weight_scales;
  const float* bias;  // never null
  const float* input_scales;
  const int32_t* input_offsets;  // times weight_sums is taken off the accumulator; may be null
  const int32_t* weight_sums;
  bool by_pixel;
  float min, max;
};

using Finish32 = decltype(Finish::from32);
using Finish64 = decltype(Finish::from64);
template <class Function>
struct FinishTo {
  Function to_int8;
  Function to_uint8;
  Function to_int16;
};

// Pooling of images of T: windows over `shape`, whose taps in the padding do not count; results
// within [min, max].
template <class T>
struct PoolCall {
  const ConvShape* shape;
  const T* input;
  T* output;
  T min;
  T max;
};
template <class T>
using PoolKernel = void (*)(const PoolCall<T>&);
template <class T>
struct PoolKernels {
  PoolKernel<T> max;
  PoolKernel<T> average;
};

// winograd.h: a patch of pixels, transformed into one pixel of each matrix; and the outputs of a
// patch, from its pixel of each product.
struct WinogradPoints {  // of F(4, 3), beside 0 and infinity; winograd.h says why these
  static constexpr float p = 0.75F;
  static constexpr float q = 1.5F;
};
struct WinogradPatch {
  const float* image;
  ptrdiff_t row_step;
  int32_t channels;
  float* to;
  ptrdiff_t matrix_step;  // elements from one matrix to the next
};
struct WinogradOutput {
  const float* products;
  ptrdiff_t matrix_step;
  const float* bias;
  int32_t channels;
  float min;
  float max;
  float* to;
  ptrdiff_t row_step;  // from an output to the one below; the one beside it is `channels` away
};
struct WinogradKernels {
  void (*patch)(const WinogradPatch&);
  void (*output)(const WinogradOutput&);
  void (*pooled_output)(const WinogradOutput&);
};

// planar_conv.h: rows of windows over planes; a window's columns lie one element apart.
struct PlanarConvCall {
  int32_t rows;
  int32_t columns;
  ptrdiff_t row_step;    // elements from the windows of a row to those of the next
  const int32_t* steps;  // from a window's first element to each term
  int32_t step_count;
  const float* image;
  const float* weights;  // [term, output]
  const float* start;
  int32_t outputs;  // at most planar_outputs
  float min;
  float max;
  float* output;          // [row, column, output]
  ptrdiff_t output_step;  // elements from a column to the next
};
inline constexpr int32_t planar_outputs = 8;

// narrow_dense.h: rows of inputs; the weights of each output, in sixteens, zeros behind the last.
struct NarrowDenseCall {
  int32_t rows;
  int32_t inputs;
  int32_t outputs;
  ptrdiff_t stride;  // from an output's weights to the next one's
  const float* input;
  const float* weights;
  const float* bias;
  float min;
  float max;
  float* output;
};

// The same of int8, in int32 that wraps. The sums begin with `start`, which has taken off what
// KernelSet::dot_offset adds. The weights of each output lie in whole vectors.
struct NarrowDotCall {
  int32_t rows;
  int32_t inputs;
  int32_t outputs;  // at most narrow_outputs
  ptrdiff_t stride;
  const int8_t* input;
  const int8_t* weights;
  const int32_t* start;
  Finish finish;
  int8_t* output;
};
inline constexpr int32_t narrow_outputs = 16;

struct DynamicLoops;
struct ElementKernels;
struct PeakLoops;

struct KernelSet {
  Isa isa;
  int32_t lanes;              // of a vector of 32-bit elements, but where a packing says otherwise
  PackedShape float_packing;  // `channels` to be filled in
  PackedShape pair_packing;
  PackedShape dot_packing;
  // What the images of the dot kernels have more than the int8 they are copied from: 128 where the
  // instruction takes them unsigned, 0 where signed.
  int32_t dot_offset;

  void (*float_conv)(const FloatConvCall&);
  // int16 images, int16 weights in pairs.
  void (*pair_conv)(const IntegerConvCall&);
  // Images and int8 weights in fours of bytes; null where the machine has no such instruction.
  void (*dot_conv)(const IntegerConvCall&);
  void (*float_depthwise)(const FloatDepthwiseCall&);
  // int16 in pairs.
  void (*pair_depthwise)(const IntegerDepthwiseCall&);
  // Images and int8 weights in fours of bytes; null where the machine has no such instruction.
  void (*dot_depthwise)(const IntegerDepthwiseCall&);

  void (*planar_conv)(const PlanarConvCall&);
  void (*narrow_dense)(const NarrowDenseCall&);
  void (*narrow_dot)(const NarrowDotCall&);  // null where dot_conv is
  const DynamicLoops* dynamic;
  const WinogradKernels* square_winograd;  // F(2x2, 3x3)
  const WinogradKernels* tall_winograd;    // F(4x2, 3x3)

  void (*copy_float)(const ImageCopy&, const float* from, float fill, float* to);
  // For dot: dot_offset is added, to `fill` too. int16: the zero point is taken off.
  void (*copy_int8_for_dot)(const ImageCopy&, const int8_t* from, int32_t fill, uint8_t* to);
  void (*copy_int8_to_int16)(const ImageCopy&, const int8_t* from, int32_t zero, int16_t* to);
  void (*copy_uint8_to_int16)(const ImageCopy&, const uint8_t* from, int32_t zero, int16_t* to);
  void (*copy_int16)(const ImageCopy&, const int16_t* from, int32_t zero, int16_t* to);

  // The same.
  void (*interleave_int8_for_dot)(const InterleavedCopy&, const int8_t* from, int32_t fill,
                                  int32_t* to);
  void (*interleave_int8)(const InterleavedCopy&, const int8_t* from, int32_t zero, int32_t* to);
  void (*interleave_uint8)(const InterleavedCopy&, const uint8_t* from, int32_t zero, int32_t* to);
  void (*interleave_int16)(const InterleavedCopy&, const int16_t* from, int32_t zero, int32_t* to);

  const FinishTo<Finish32>* double_rounding;  // MultiplierFinish
  const FinishTo<Finish32>* float_half_even;  // FloatScaleFinish
  const FinishTo<Finish32>* double_product;   // DoubleScaleFinish
  const FinishTo<Finish64>* wide_rounding;    // MultiplierFinish
  const FinishTo<Finish64>* wide_double_product;
  Finish32 real;  // RealFinish

  const PoolKernels<float>* float_pooling;
  const PoolKernels<int8_t>* int8_pooling;
  const PoolKernels<uint8_t>* uint8_pooling;
  const PoolKernels<int16_t>* int16_pooling;

  const ElementKernels* elements;  // element_kernels.h
  const PeakLoops* peak;           // peak.h
};

// The table of a level the machine supports.
const KernelSet& kernel_set(Isa isa);

// The same for convolutions and dense layers to so few channels: where half a vector holds them
// all, kernels of half the width have half the work on most machines, and read as much as the
// others.
const KernelSet& kernel_set_for(Isa isa, int32_t channels);

}  // namespace litesmith::kernels
