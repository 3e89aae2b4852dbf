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
// pixel, null where there is none. A vector that is not `whole` takes some of the next pixel's
// channels with it, which nothing is made of, up to the end of the image.
template <class V, bool whole, class From, class Convert>
[[gnu::always_inline]] inline void interleave_row(const InterleavedCopy& copy, const From* source,
                                                  const From* end_of_image, uint32_t fill,
                                                  int32_t* to, Convert convert) {
  constexpr int group = 32 / Convert::bits;
  const ImageCopy& image = copy.image;
  auto pixel = [&](int32_t column) __attribute__((always_inline))->V {
    const From* const at = source + ptrdiff_t{column} * image.channels;
    if (whole || end_of_image - at >= lanes) return convert(widened<V>(at));
    From last[lanes] = {};
    std::memcpy(last, at, static_cast<size_t>(end_of_image - at) * sizeof(From));
    return convert(widened<V>(last));
  };
  auto value = [&](int32_t column) __attribute__((always_inline))->V {
    const int32_t from = column - image.left;
    if (source == nullptr || from < 0 || from >= image.columns) return V{} + fill;
    return pixel(from);
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
    push(pixel(column - first));
  }
  for (; column < image.padded_columns; ++column) push(V{} + fill);
}

template <class From, class Convert>
void interleave(const InterleavedCopy& copy, const From* from, uint32_t fill, int32_t* to,
                Convert convert) {
  const ImageCopy& image = copy.image;
  const ptrdiff_t row_size = ptrdiff_t{image.columns} * image.channels;
  const From* const end = from + image.rows * row_size;
  for (int32_t row = 0; row < image.padded_rows; ++row) {
    const int32_t source_row = row - image.top;
    const bool inside = source_row >= 0 && source_row < image.rows;
    const From* source = inside ? from + source_row * row_size : nullptr;
    auto at = [&](int32_t channel) { return inside ? source + channel : nullptr; };
    if (image.repeat == 1) {
      int32_t channel = 0;
      for (; channel + lanes <= image.channels; channel += lanes) {
        interleave_row<U32, true>(copy, at(channel), end, fill, to + channel, convert);
      }
      if (channel < image.channels) {
        interleave_row<U32, false>(copy, at(channel), end, fill, to + channel, convert);
      }
    } else {
      for (int32_t channel = 0; channel < image.channels * image.repeat; ++channel) {
        interleave_row<uint32_t, true>(copy, at(channel / image.repeat), end, fill, to + channel,
                                       convert);
      }
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
