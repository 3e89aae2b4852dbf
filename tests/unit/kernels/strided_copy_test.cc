#include "kernels/strided_copy.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

// The same copy, one element at a time by its coordinates.
template <class T>
void copy_slowly(const std::vector<LatticeDimension>& dimensions, size_t d, const T* in, T* out) {
  if (d == dimensions.size()) {
    *out = *in;
    return;
  }
  for (int64_t i = 0; i < dimensions[d].count; ++i) {
    copy_slowly(dimensions, d + 1, in + i * dimensions[d].stride_in,
                out + i * dimensions[d].stride_out);
  }
}

template <class T>
void expect_equal_to_slow(Random& random, const std::vector<LatticeDimension>& dimensions) {
  int64_t in_before = 0;
  int64_t in_after = 1;
  int64_t out_after = 1;
  for (const LatticeDimension& d : dimensions) {
    if (d.count == 0) continue;
    (d.stride_in < 0 ? in_before : in_after) += std::abs(d.stride_in) * (d.count - 1);
    out_after += d.stride_out * (d.count - 1);
  }
  const auto in = random.integers<T>(static_cast<size_t>(in_before + in_after));
  std::vector<T> expected(static_cast<size_t>(out_after), T{7});
  std::vector<T> found = expected;
  copy_slowly(dimensions, 0, in.data() + in_before, expected.data());
  const StridedCopy copy(sizeof(T), dimensions);
  copy(reinterpret_cast<const std::byte*>(in.data() + in_before),
       reinterpret_cast<std::byte*>(found.data()));
  EXPECT_EQ(found, expected);
}

TEST(StridedCopy, any_lattice_equals_the_copy_by_coordinates) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<LatticeDimension> dimensions(static_cast<size_t>(random.below(5)));
    int64_t out_stride = 1;
    for (size_t d = dimensions.size(); d > 0; --d) {
      const int count = random.below(5);
      dimensions[d - 1] = {count, random.between(-3, 9), out_stride};
      out_stride *= std::max(count, 1) + random.below(2);
    }
    expect_equal_to_slow<uint8_t>(random, dimensions);
    expect_equal_to_slow<uint16_t>(random, dimensions);
    expect_equal_to_slow<uint32_t>(random, dimensions);
    expect_equal_to_slow<uint64_t>(random, dimensions);
  }
}

TEST(StridedCopy, elements_of_16_bytes_stay_whole) {
  const std::vector<uint64_t> in = {1, 2, 3, 4};
  std::vector<uint64_t> out(4);
  const StridedCopy copy(16, {{2, -1, 1}});
  copy(reinterpret_cast<const std::byte*>(in.data() + 2), reinterpret_cast<std::byte*>(out.data()));
  EXPECT_EQ(out, (std::vector<uint64_t>{3, 4, 1, 2}));
}

TEST(StridedCopy, dimensions_that_run_on_count_as_one) {
  // Twenty dimensions of two are one of a million; apart from each other they are too many.
  std::vector<LatticeDimension> dense;
  std::vector<LatticeDimension> gaps;
  for (int d = 19; d >= 0; --d) {
    dense.push_back({2, int64_t{1} << d, int64_t{1} << d});
    gaps.push_back({2, int64_t{1} << (2 * d), int64_t{1} << d});
  }
  EXPECT_NO_THROW(StridedCopy(1, dense));
  EXPECT_THROW(StridedCopy(1, gaps), Error);
}

TEST(StridedCopy, dense_strides_of_a_scalar_and_a_tensor) {
  EXPECT_EQ(dense_strides(std::vector<int32_t>{}), std::vector<int64_t>{});
  EXPECT_EQ(dense_strides(std::vector<int32_t>{2, 3, 5}), (std::vector<int64_t>{15, 5, 1}));
}

}  // namespace
}  // namespace litesmith::kernels
