// Images made ready for convolution: padded, and in the numbers the inner loops take.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// `convert` turns an element; `fill` is what padding holds after conversion.
template <class From, class To, class Convert>
[[gnu::always_inline]] inline void copy_image(const ImageCopy& copy, const From* __restrict from,
                                              To fill, To* __restrict to, Convert convert) {
  const ptrdiff_t pixel = ptrdiff_t{copy.channels} * copy.repeat;
  if (copy.repeat == 1 && copy.padded_rows == copy.rows && copy.padded_columns == copy.columns &&
      copy.top == 0 && copy.left == 0) {
    const ptrdiff_t count = ptrdiff_t{copy.rows} * copy.columns * pixel;
    for (ptrdiff_t i = 0; i < count; ++i) to[i] = convert(from[i]);
    return;
  }
  const ptrdiff_t before = copy.left * pixel;
  // A window may end before the image does: then its last columns and rows are not copied.
  const int32_t room = copy.padded_columns - copy.left;
  const ptrdiff_t columns = room < copy.columns ? room : copy.columns;
  const ptrdiff_t after = (room - columns) * pixel;
  for (int32_t row = 0; row < copy.padded_rows; ++row) {
    const int32_t source_row = row - copy.top;
    if (source_row < 0 || source_row >= copy.rows) {
      for (ptrdiff_t i = 0; i < copy.padded_columns * pixel; ++i) to[i] = fill;
      to += copy.padded_columns * pixel;
      continue;
    }
    const From* source = from + ptrdiff_t{source_row} * copy.columns * copy.channels;
    for (ptrdiff_t i = 0; i < before; ++i) to[i] = fill;
    to += before;
    if (copy.repeat == 1) {
      for (ptrdiff_t i = 0; i < columns * copy.channels; ++i) to[i] = convert(source[i]);
      to += columns * copy.channels;
    } else {
      for (ptrdiff_t i = 0; i < columns * copy.channels; ++i) {
        for (int32_t j = 0; j < copy.repeat; ++j) *to++ = convert(source[i]);
      }
    }
    for (ptrdiff_t i = 0; i < after; ++i) to[i] = fill;
    to += after;
  }
}

template <class From>
void copy_to_int16(const ImageCopy& copy, const From* from, int32_t zero, int16_t* to) {
  const auto zero_point = static_cast<int16_t>(zero);
  copy_image(copy, from, int16_t{0}, to,
             [zero_point](From x) { return static_cast<int16_t>(x - zero_point); });
}

}  // namespace

void copy_float(const ImageCopy& copy, const float* from, float fill, float* to) {
  copy_image(copy, from, fill, to, [](float x) { return x; });
}

void copy_int8_for_dot(const ImageCopy& copy, const int8_t* from, int32_t fill, uint8_t* to) {
  copy_image(copy, from, static_cast<uint8_t>(fill + dot_offset), to,
             [](int8_t x) { return static_cast<uint8_t>(x ^ dot_offset); });
}

void copy_int8_to_int16(const ImageCopy& copy, const int8_t* from, int32_t zero, int16_t* to) {
  copy_to_int16(copy, from, zero, to);
}

void copy_uint8_to_int16(const ImageCopy& copy, const uint8_t* from, int32_t zero, int16_t* to) {
  copy_to_int16(copy, from, zero, to);
}

void copy_int16(const ImageCopy& copy, const int16_t* from, int32_t zero, int16_t* to) {
  copy_to_int16(copy, from, zero, to);
}

}  // namespace litesmith::kernels::LITESMITH_ISA
