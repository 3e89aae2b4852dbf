// POW (LiteRT kernels/pow.cc).
#include <cmath>

#include "ops/pow.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"

namespace litesmith::bindings {

// The C library's in double, rounded: one float wherever libraries differ by less than a
// billionth.
BoundKernel pow(const BindContext& context) {
  if (context.output().dtype != DType::float32) context.unsupported();
  return broadcasting_kernel<float, float, float>(
      broadcast_of(context), [](const float* first, int64_t step_first, const float* second,
                                int64_t step_second, float* out, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
          out[i] = static_cast<float>(
              std::pow(double{first[i * step_first]}, double{second[i * step_second]}));
        }
      });
}

}  // namespace litesmith::bindings
