#include "base/checked.h"

#include <cstdint>

#include "testing/thrown.h"

namespace litesmith {
namespace {

TEST(Checked, products_that_fit_are_the_product) {
  EXPECT_EQ(checked_mul(SIZE_MAX / 3, 3), SIZE_MAX / 3 * 3);
  EXPECT_EQ(checked_mul(SIZE_MAX, 0), 0u);
}

TEST(Checked, a_product_that_wraps_is_an_error) {
  thrown_message(ErrorCode::format, [] { checked_mul(SIZE_MAX / 2 + 1, 2); });
}

TEST(Checked, sums_that_fit_are_the_sum) { EXPECT_EQ(checked_add(SIZE_MAX - 1, 1), SIZE_MAX); }

TEST(Checked, a_sum_that_wraps_is_an_error) {
  thrown_message(ErrorCode::format, [] { checked_add(SIZE_MAX, 1); });
}

}  // namespace
}  // namespace litesmith
