// Sine and cosine, the same bits on every machine.
#pragma once

namespace litesmith::kernels {

// Within 1 ulp for every float: computed in double, the angle reduced exactly enough however large
// it is. NaN for infinities.
float sin_float(float x);
float cos_float(float x);

}  // namespace litesmith::kernels
