#include "ir/finite.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace litesmith {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Magnitude of(std::vector<float> elements) {
  return magnitude_of(Buffer::take(std::move(elements)));
}

TEST(MagnitudeOf, is_the_largest_without_its_sign) {
  EXPECT_EQ(of({1, -3, 2}).largest, 3.0f);
  EXPECT_EQ(of({-0.0f}).largest, 0.0f);
  EXPECT_EQ(of({}).largest, 0.0f);
  EXPECT_EQ(of({1, std::numeric_limits<float>::lowest()}).largest,
            std::numeric_limits<float>::max());
  EXPECT_EQ(of({1e-45f}).largest, 1e-45f);
  EXPECT_FALSE(of({1, -3, 2}).not_finite);
}

TEST(MagnitudeOf, tells_the_first_element_that_is_no_finite_number) {
  EXPECT_EQ(of({1, 2, kNan, kInfinity}).not_finite, "NaN at element 2");
  EXPECT_EQ(of({1, -kNan}).not_finite, "NaN at element 1");
  EXPECT_EQ(of({-kInfinity, kNan}).not_finite, "infinity at element 0");
}

TEST(MagnitudeOf, counts_over_all_parts) {
  // Of bytes that are not aligned, and so come in parts.
  const size_t count = 500'001;
  std::vector<float> elements(count, 1);
  elements[70'000] = -5;
  std::vector<std::byte> bytes(count * sizeof(float) + 1);
  const auto view = [&] {
    std::memcpy(bytes.data() + 1, elements.data(), count * sizeof(float));
    return Buffer::view({std::span<const std::byte>(bytes).subspan(1)});
  };
  EXPECT_EQ(magnitude_of(view()).largest, 5.0f);
  elements[400'000] = elements[450'000] = kNan;
  EXPECT_EQ(magnitude_of(view()).not_finite, "NaN at element 400000");
}

}  // namespace
}  // namespace litesmith
