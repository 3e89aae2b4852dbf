#include "data/real_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;

Value tensor(DType dtype, float scale, int64_t zero_point) {
  Value value{.name = "x", .dtype = dtype, .shape = {}};
  value.quantization = {{scale}, {zero_point}, 0};
  return value;
}

template <class T>
std::vector<T> quantized(const Value& value, const std::vector<float>& reals) {
  std::vector<T> out(reals.size());
  quantize_values(value, reals, std::as_writable_bytes(std::span(out)));
  return out;
}

TEST(Quantized, halves_go_away_from_zero_before_the_zero_point_is_added) {
  EXPECT_THAT(quantized<int8_t>(tensor(DType::int8, 0.5f, 3), {0.25f, -0.25f, 0.24f, 1}),
              ElementsAre(4, 2, 3, 5));
}

TEST(Quantized, numbers_beside_a_half_go_where_std_round_takes_them) {
  std::vector<float> values;
  for (int i = -400; i <= 400; ++i) {
    const float half = static_cast<float>(i) + 0.5f;
    for (const float x : {std::nextafter(half, -1e9f), half, std::nextafter(half, 1e9f)}) {
      values.push_back(x);
    }
  }
  const auto codes = quantized<int16_t>(tensor(DType::int16, 1, 0), values);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(static_cast<float>(codes[i]), std::round(values[i])) << values[i];
  }
}

TEST(Quantized, values_beyond_the_type_saturate) {
  EXPECT_THAT(quantized<int8_t>(tensor(DType::int8, 1, -100), {1e30f, -1e30f, 300, -300}),
              ElementsAre(127, -128, 127, -128));
  EXPECT_THAT(quantized<uint8_t>(tensor(DType::uint8, 1, 255), {1, -254, -255, -256}),
              ElementsAre(255, 1, 0, 0));
  EXPECT_THAT(quantized<int16_t>(tensor(DType::int16, 1, 0), {40000, -40000, 5}),
              ElementsAre(32767, -32768, 5));
}

TEST(Quantized, impossible_parameters_are_refused) {
  for (const auto& impossible :
       {std::pair<float, int64_t>{0, 0}, {-1, 0}, {NAN, 0}, {INFINITY, 0}, {1, 128}, {1, -129}}) {
    thrown_message(ErrorCode::format, [&] {
      quantized<int8_t>(tensor(DType::int8, impossible.first, impossible.second), {1});
    });
  }
}

TEST(Real, integers_are_read_with_their_own_scale_and_zero_point) {
  const std::vector<int8_t> bytes = {-128, 0, 127};
  std::vector<float> out(3);
  real_values(tensor(DType::int8, 0.1f, -128), std::as_bytes(std::span(bytes)), out);
  EXPECT_THAT(out, ElementsAre(0, 0.1f * 128, 0.1f * 255));
}

TEST(Real, integers_without_scale_are_plain_numbers) {
  const Value value{.name = "x", .dtype = DType::int64, .shape = {}};
  const std::vector<int64_t> numbers = {-5, 1LL << 40};
  std::vector<float> out(2);
  real_values(value, std::as_bytes(std::span(numbers)), out);
  EXPECT_THAT(out, ElementsAre(-5, 0x1p40f));
}

TEST(Real, text_is_no_number) {
  const Value value{.name = "x", .dtype = DType::string, .shape = {}};
  std::vector<float> out(1);
  thrown_message(ErrorCode::unsupported, [&] { real_values(value, {}, out); });
}

// Expected values: NumPy 2.4.6 on x86-64, x.astype(...).
TEST(NumpyCast, truncates_wraps_and_turns_the_unrepresentable_into_the_smallest_int32) {
  const std::vector<float> x = {1.9f,     -1.9f,     255.9f,   256,           300.5f,      -600.2f,
                                -129,     0x1p31f,   -0x1p31f, 0x1p40f,       3e9f,        1e20f,
                                INFINITY, -INFINITY, NAN,      -2147483904.f, 2147483520.f};
  std::vector<uint8_t> u8(x.size());
  cast_like_numpy(DType::uint8, x, std::as_writable_bytes(std::span(u8)));
  EXPECT_THAT(u8, ElementsAre(1, 255, 255, 0, 44, 168, 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128));
  std::vector<int8_t> i8(x.size());
  cast_like_numpy(DType::int8, x, std::as_writable_bytes(std::span(i8)));
  EXPECT_THAT(i8, ElementsAre(1, -1, -1, 0, 44, -88, 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, -128));
  std::vector<int16_t> i16(x.size());
  cast_like_numpy(DType::int16, x, std::as_writable_bytes(std::span(i16)));
  EXPECT_THAT(i16, ElementsAre(1, -1, 255, 256, 300, -600, -129, 0, 0, 0, 0, 0, 0, 0, 0, 0, -128));
}

}  // namespace
}  // namespace litesmith
