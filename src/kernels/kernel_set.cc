#include "kernels/kernel_set.h"

#if defined(__x86_64__)
// Vectors of 256 bits: of all that the header declares for it, convolutions and finishes are there.
#define LITESMITH_ISA avx512_vnni_half
#include "kernels/multi_isa/kernels.h"
#undef LITESMITH_ISA
#endif

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

#if defined(__x86_64__)
namespace {

constexpr int32_t half_lanes = 8;

KernelSet half_of_avx512_vnni() {
  KernelSet set = avx512_vnni::kernels;
  for (PackedShape* packing : {&set.float_packing, &set.pair_packing, &set.dot_packing}) {
    packing->lanes = packing->block = half_lanes;
  }
  set.float_conv = avx512_vnni_half::float_conv;
  set.pair_conv = avx512_vnni_half::pair_conv;
  set.dot_conv = avx512_vnni_half::dot_conv;
  set.double_rounding = &avx512_vnni_half::double_rounding;
  set.float_half_even = &avx512_vnni_half::float_half_even;
  set.double_product = &avx512_vnni_half::double_product;
  set.wide_rounding = &avx512_vnni_half::wide_rounding;
  set.wide_double_product = &avx512_vnni_half::wide_double_product;
  set.real = avx512_vnni_half::real;
  return set;
}

}  // namespace
#endif

const KernelSet& kernel_set_for([[maybe_unused]] Isa isa, [[maybe_unused]] int32_t channels) {
#if defined(__x86_64__)
  static const KernelSet half = half_of_avx512_vnni();
  if (isa == Isa::avx512_vnni && channels <= half_lanes) return half;
#endif
  return kernel_set(isa);
}

}  // namespace litesmith::kernels
