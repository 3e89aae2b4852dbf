// Images made ready for integer depthwise convolution: padded, and with the neighbouring pixels of
// each channel side by side, so that one instruction multiplies and adds all of them.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

using U32 = uint32_t __attribute__((vector_size(vector_bytes)));

// Elements as they lie in the image, one a lane; V is U32, or uint32_t for a single one.
template <class V, class From>
[[gnu::always_inline]] inline V widened(const From* from) {
  if constexpr (sizeof(V) == sizeof(uint32_t)) {
    return static_cast<uint32_t>(int32_t{*from});
  } else {
    return reinterpret_cast<V>(load_widened(from));
  }
}

// int8 with the dot product's offset added.
struct Bytes {
  static constexpr int bits = 8;
  template <class V>
  [[gnu::always_inline]] V operator()(V x) const {
    return (x + uint32_t{dot_offset}) & 0xffu;
  }
};
// int16 above the zero point.
struct Shorts {
  static constexpr int bits = 16;
  uint32_t zero;
  template <class V>
  [[gnu::always_inline]] V operator()(V x) const {
    return (x - zero) & 0xffffu;
  }
};

// One row of one vector of channels (or of one channel): `source` is the image's row at its first
// pixel, null where there is none.
template <class V, class From, class Convert>
[[gnu::always_inline]] inline void interleave_row(const InterleavedCopy& copy, const From* source,
                                                  uint32_t fill, int32_t* to, Convert convert) {
  constexpr int group = 32 / Convert::bits;
  const ImageCopy& image = copy.image;
  auto value = [&](int32_t column) __attribute__((always_inline))->V {
    const int32_t from = column - image.left;
    if (source == nullptr || from < 0 || from >= image.columns) return V{} + fill;
    return convert(widened<V>(source + ptrdiff_t{from} * image.channels));
  };
  if (copy.dilation != 1) {
    for (int32_t column = 0; column < image.padded_columns; ++column) {
      V word = {};
      for (int i = 0; i < group; ++i) {
        word |= value(column + i * copy.dilation) << (Convert::bits * i);
      }
      store(to, word);
      to += copy.padded_channels;
    }
    return;
  }
  // Each pixel comes in at the top as the one before the last group - 1 goes out below.
  V word = {};
  for (int i = 0; i + 1 < group; ++i) word |= value(i) << (Convert::bits * (i + 1));
  auto push = [&](V x) __attribute__((always_inline)) {
    word = (word >> Convert::bits) | (x << (32 - Convert::bits));
    store(to, word);
    to += copy.padded_channels;
  };
  const int32_t first = image.left - (group - 1);  // the column that the first pixel comes in at
  const int32_t end = source == nullptr ? 0 : first + image.columns;
  int32_t column = 0;
  for (; column < first && column < image.padded_columns; ++column) push(V{} + fill);
  for (; column < end && column < image.padded_columns; ++column) {
    push(convert(widened<V>(source + ptrdiff_t{column - first} * image.channels)));
  }
  for (; column < image.padded_columns; ++column) push(V{} + fill);
}

template <class From, class Convert>
void interleave(const InterleavedCopy& copy, const From* from, uint32_t fill, int32_t* to,
                Convert convert) {
  const ImageCopy& image = copy.image;
  const ptrdiff_t row_size = ptrdiff_t{image.columns} * image.channels;
  for (int32_t row = 0; row < image.padded_rows; ++row) {
    const int32_t source_row = row - image.top;
    const bool inside = source_row >= 0 && source_row < image.rows;
    const From* source = inside ? from + source_row * row_size : nullptr;
    auto at = [&](int32_t channel) { return inside ? source + channel : nullptr; };
    int32_t channel = 0;
    if (image.repeat == 1) {
      for (; channel + lanes <= image.channels; channel += lanes) {
        interleave_row<U32>(copy, at(channel), fill, to + channel, convert);
      }
    }
    for (channel *= image.repeat; channel < image.channels * image.repeat; ++channel) {
      interleave_row<uint32_t>(copy, at(channel / image.repeat), fill, to + channel, convert);
    }
    to += ptrdiff_t{image.padded_columns} * copy.padded_channels;
  }
}

}  // namespace

void interleave_int8_for_dot(const InterleavedCopy& copy, const int8_t* from, int32_t fill,
                             int32_t* to) {
  interleave(copy, from, uint32_t{static_cast<uint8_t>(fill + dot_offset)}, to, Bytes{});
}

void interleave_int8(const InterleavedCopy& copy, const int8_t* from, int32_t zero, int32_t* to) {
  interleave(copy, from, 0u, to, Shorts{static_cast<uint32_t>(zero)});
}

void interleave_uint8(const InterleavedCopy& copy, const uint8_t* from, int32_t zero, int32_t* to) {
  interleave(copy, from, 0u, to, Shorts{static_cast<uint32_t>(zero)});
}

void interleave_int16(const InterleavedCopy& copy, const int16_t* from, int32_t zero, int32_t* to) {
  interleave(copy, from, 0u, to, Shorts{static_cast<uint32_t>(zero)});
}

}  // namespace litesmith::kernels::LITESMITH_ISA
