// Functions of 8-bit tensors as tables of 256 codes, and of 16-bit tensors as 513 points with
// straight lines between them (LiteRT kernels/internal/common.h, LUTPopulate and LUTLookup; XNNPACK
// reference/unary-elementwise.cc).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace litesmith::kernels {

// Indexed by the code's bits as an unsigned byte.
using ByteTable = std::array<uint8_t, 256>;
using ShortTable = std::array<int16_t, 513>;

struct TableScales {
  float scale_in = 1;
  int32_t zero_point_in = 0;
  float scale_out = 1;
  int32_t zero_point_out = 0;
};

// T is int8_t or uint8_t. The function is of the real input, in float.
template <class T>
ByteTable litert_table(const TableScales& scales, const std::function<float(float)>& function);
template <class T>
ByteTable xnnpack_table(const TableScales& scales, const std::function<float(float)>& function);

// In the precision of Real, float or double.
template <class Real>
ShortTable litert_short_table(Real scale_in, int32_t zero_point_in, Real scale_out,
                              int32_t zero_point_out, const std::function<Real(Real)>& function);

// A table that adds one number to every code, wrapping, is that number: no table need be read.
std::optional<uint8_t> as_shift(const ByteTable& table);
void shift(uint8_t by, const uint8_t* in, uint8_t* out, int64_t count);

void look_up(const ByteTable& table, const uint8_t* in, uint8_t* out, int64_t count);
void look_up(const ShortTable& table, const int16_t* in, int16_t* out, int64_t count);

inline int16_t look_up(const ShortTable& table, int16_t x) {
  const int32_t piece = 256 + (x >> 7);
  const auto index = static_cast<size_t>(piece);
  const int16_t base = table[index];
  const auto slope = static_cast<int16_t>(table[index + 1] - base);
  return static_cast<int16_t>(base + ((slope * (x & 0x7f) + 64) >> 7));
}

}  // namespace litesmith::kernels
