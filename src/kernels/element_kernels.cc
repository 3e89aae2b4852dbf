#include "kernels/element_kernels.h"

#include "kernels/kernel_set.h"
#include "kernels/matrix_product.h"

namespace litesmith::kernels {

const ElementKernels& element_kernels(Isa isa) { return *kernel_set(isa).elements; }

FloatMultiplyAdd float_multiply_add(Isa isa) { return element_kernels(isa).multiply_add; }

}  // namespace litesmith::kernels
