// The table of one instruction set.
#include "kernels/kernel_set.h"

#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {

extern const KernelSet kernels;
constinit const KernelSet kernels = {
    .isa = Isa::LITESMITH_ISA,
    .lanes = lanes,
    .float_packing = {.channels = 0, .lanes = lanes, .block = max_vectors * lanes, .group = 1},
    .pair_packing = {.channels = 0, .lanes = lanes, .block = max_vectors * lanes, .group = 2},
    .dot_packing = {.channels = 0, .lanes = lanes, .block = max_vectors * lanes, .group = 4},
    .dot_offset = dot_offset,
    .float_conv = float_conv,
    .pair_conv = pair_conv,
#if defined(LITESMITH_HAS_DOT)
    .dot_conv = dot_conv,
#else
    .dot_conv = nullptr,
#endif
    .float_depthwise = float_depthwise,
    .pair_depthwise = pair_depthwise,
#if defined(LITESMITH_HAS_DOT)
    .dot_depthwise = dot_depthwise,
#else
    .dot_depthwise = nullptr,
#endif
    .planar_conv = planar_conv,
    .narrow_dense = narrow_dense,
#if defined(LITESMITH_HAS_DOT)
    .narrow_dot = narrow_dot,
#else
    .narrow_dot = nullptr,
#endif
    .dynamic = &dynamic_loops,
    .square_winograd = &square_winograd,
    .tall_winograd = &tall_winograd,
    .copy_float = copy_float,
    .copy_int8_for_dot = copy_int8_for_dot,
    .copy_int8_to_int16 = copy_int8_to_int16,
    .copy_uint8_to_int16 = copy_uint8_to_int16,
    .copy_int16 = copy_int16,
    .interleave_int8_for_dot = interleave_int8_for_dot,
    .interleave_int8 = interleave_int8,
    .interleave_uint8 = interleave_uint8,
    .interleave_int16 = interleave_int16,
    .double_rounding = &double_rounding,
    .float_half_even = &float_half_even,
    .double_product = &double_product,
    .wide_rounding = &wide_rounding,
    .wide_double_product = &wide_double_product,
    .real = real,
    .float_pooling = &float_pooling,
    .int8_pooling = &int8_pooling,
    .uint8_pooling = &uint8_pooling,
    .int16_pooling = &int16_pooling,
    .elements = &elements,
    .peak = &peak,
};

}  // namespace litesmith::kernels::LITESMITH_ISA
