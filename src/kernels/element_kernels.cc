#include "kernels/element_kernels.h"

#include "kernels/kernel_set.h"

namespace litesmith::kernels {

const ElementKernels& element_kernels(Isa isa) { return *kernel_set(isa).elements; }

}  // namespace litesmith::kernels
