#include "kernels/elementwise.h"

#include <type_traits>

#include "kernels/binary_operators.h"

namespace litesmith::kernels {

template <class T>
void binary(Binary op, T min, T max, const T* first, int64_t step_first, const T* second,
            int64_t step_second, T* out, int64_t count) {
  binary_loop(op, min, max, first, step_first, second, step_second, out, count);
}

template void binary(Binary, int64_t, int64_t, const int64_t*, int64_t, const int64_t*, int64_t,
                     int64_t*, int64_t);
template void binary(Binary, int32_t, int32_t, const int32_t*, int64_t, const int32_t*, int64_t,
                     int32_t*, int64_t);
template void binary(Binary, int16_t, int16_t, const int16_t*, int64_t, const int16_t*, int64_t,
                     int16_t*, int64_t);
template void binary(Binary, int8_t, int8_t, const int8_t*, int64_t, const int8_t*, int64_t,
                     int8_t*, int64_t);
template void binary(Binary, uint8_t, uint8_t, const uint8_t*, int64_t, const uint8_t*, int64_t,
                     uint8_t*, int64_t);

template <class T>
void negate(const T* in, T* out, int64_t count) {
  using U = std::make_unsigned_t<T>;
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(U{0} - static_cast<U>(in[i]));
}

template void negate(const int8_t*, int8_t*, int64_t);
template void negate(const int16_t*, int16_t*, int64_t);
template void negate(const int32_t*, int32_t*, int64_t);
template void negate(const int64_t*, int64_t*, int64_t);

template <class T>
void magnitude(const T* in, T* out, int64_t count) {
  using U = std::make_unsigned_t<T>;
  for (int64_t i = 0; i < count; ++i) {
    out[i] = in[i] < 0 ? static_cast<T>(U{0} - static_cast<U>(in[i])) : in[i];
  }
}

template void magnitude(const int16_t*, int16_t*, int64_t);
template void magnitude(const int32_t*, int32_t*, int64_t);

}  // namespace litesmith::kernels
