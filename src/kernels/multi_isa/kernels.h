// What the files of this folder define for each instruction set; kernel_set.cc puts it in a table.
#pragma once

#include "kernels/dynamic_quantization.h"
#include "kernels/element_kernels.h"
#include "kernels/kernel_set.h"
#include "kernels/peak.h"

namespace litesmith::kernels::LITESMITH_ISA {

void float_conv(const FloatConvCall& call);
void pair_conv(const IntegerConvCall& call);
void dot_conv(const IntegerConvCall& call);
void float_depthwise(const FloatDepthwiseCall& call);
void pair_depthwise(const IntegerDepthwiseCall& call);
void dot_depthwise(const IntegerDepthwiseCall& call);

void planar_conv(const PlanarConvCall& call);
void narrow_dense(const NarrowDenseCall& call);
void narrow_dot(const NarrowDotCall& call);
bool extremes(const float* values, int64_t count, float* min, float* max);
extern const DynamicLoops dynamic_loops;
extern const WinogradKernels square_winograd;
extern const WinogradKernels tall_winograd;

void copy_float(const ImageCopy& copy, const float* from, float fill, float* to);
void copy_int8_for_dot(const ImageCopy& copy, const int8_t* from, int32_t fill, uint8_t* to);
void copy_int8_to_int16(const ImageCopy& copy, const int8_t* from, int32_t zero, int16_t* to);
void copy_uint8_to_int16(const ImageCopy& copy, const uint8_t* from, int32_t zero, int16_t* to);
void copy_int16(const ImageCopy& copy, const int16_t* from, int32_t zero, int16_t* to);

void interleave_int8_for_dot(const InterleavedCopy& copy, const int8_t* from, int32_t fill,
                             int32_t* to);
void interleave_int8(const InterleavedCopy& copy, const int8_t* from, int32_t zero, int32_t* to);
void interleave_uint8(const InterleavedCopy& copy, const uint8_t* from, int32_t zero, int32_t* to);
void interleave_int16(const InterleavedCopy& copy, const int16_t* from, int32_t zero, int32_t* to);

// One for each rounding, for outputs of int8, uint8 and int16.
extern const FinishTo<Finish32> double_rounding;
extern const FinishTo<Finish32> float_half_even;
extern const FinishTo<Finish32> double_product;
extern const FinishTo<Finish64> wide_rounding;
extern const FinishTo<Finish64> wide_double_product;
void real(const void* parameters, const Tile& tile, const int32_t* acc, void* output,
          ptrdiff_t output_step);

extern const PoolKernels<float> float_pooling;
extern const PoolKernels<int8_t> int8_pooling;
extern const PoolKernels<uint8_t> uint8_pooling;
extern const PoolKernels<int16_t> int16_pooling;

extern const ElementKernels elements;
extern const PeakLoops peak;
extern const CodeKernels<int8_t> int8_codes;
extern const CodeKernels<uint8_t> uint8_codes;

}  // namespace litesmith::kernels::LITESMITH_ISA
