#include "ir/dtype.h"

#include <gtest/gtest.h>

#include <set>

namespace litesmith {
namespace {

TEST(DType, name_reads_back_to_the_type) {
  for (int i = 0; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(parse_dtype(to_string(dtype)), dtype);
  }
}

TEST(DType, has_a_schema_name_of_its_own) {
  std::set<std::string_view> names;
  for (int i = 0; i < kDTypeCount; ++i) names.insert(schema_name(static_cast<DType>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(kDTypeCount));
}

TEST(DType, unknown_name_is_none) {
  EXPECT_EQ(parse_dtype("FLOAT32"), std::nullopt);
  EXPECT_EQ(parse_dtype(""), std::nullopt);
}

TEST(DType, of_a_cpp_type_has_its_size) {
  EXPECT_EQ(bits(dtype_of<float>()), 32);
  EXPECT_EQ(bits(dtype_of<double>()), 64);
  EXPECT_EQ(bits(dtype_of<int8_t>()), 8);
  EXPECT_EQ(bits(dtype_of<uint8_t>()), 8);
  EXPECT_EQ(bits(dtype_of<int16_t>()), 16);
  EXPECT_EQ(bits(dtype_of<int32_t>()), 32);
  EXPECT_EQ(bits(dtype_of<int64_t>()), 64);
  EXPECT_EQ(bits(dtype_of<bool>()), 8);
}

TEST(DType, without_a_fixed_size_has_no_bits) {
  EXPECT_EQ(bits(DType::string), 0);
  EXPECT_EQ(bits(DType::resource), 0);
  EXPECT_EQ(bits(DType::variant), 0);
}

}  // namespace
}  // namespace litesmith
