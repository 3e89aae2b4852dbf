#include "kernels/kernel_set.h"

namespace litesmith::kernels {

// Defined by multi_isa/kernel_set.cc, once for each level that this architecture has.
namespace baseline {
extern const KernelSet kernels;
}
#if defined(__x86_64__)
namespace avx2 {
extern const KernelSet kernels;
}
namespace avx_vnni {
extern const KernelSet kernels;
}
namespace avx512 {
extern const KernelSet kernels;
}
namespace avx512_vnni {
extern const KernelSet kernels;
}
#elif defined(__aarch64__)
namespace neon_dotprod {
extern const KernelSet kernels;
}
#endif

const KernelSet& kernel_set(Isa isa) {
#if defined(__x86_64__)
  switch (isa) {
    case Isa::baseline:
      return baseline::kernels;
    case Isa::avx2:
      return avx2::kernels;
    case Isa::avx_vnni:
      return avx_vnni::kernels;
    case Isa::avx512:
      return avx512::kernels;
    case Isa::avx512_vnni:
      return avx512_vnni::kernels;
    case Isa::neon_dotprod:
      break;
  }
#elif defined(__aarch64__)
  if (isa == Isa::neon_dotprod) return neon_dotprod::kernels;
#else
  static_cast<void>(isa);  // there is one
#endif
  return baseline::kernels;
}

}  // namespace litesmith::kernels
