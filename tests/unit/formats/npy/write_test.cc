#include "formats/npy/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "formats/npy/npy.h"
#include "testing/temporary_folder.h"

namespace litesmith {
namespace {

// What NumPy 2.4 writes in front of the elements.
TEST(NpyWrite, headers_are_numpys_own_bytes) {
  const std::vector<int64_t> shape = {1000, 50, 13};
  EXPECT_EQ(npy_header(DType::float32, shape),
            std::string("\x93NUMPY\x01\x00v\x00", 10) +
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 50, 13), }" +
                std::string(50, ' ') + "\n");
  const std::vector<int64_t> vector = {3};
  EXPECT_EQ(npy_header(DType::float32, vector),
            std::string("\x93NUMPY\x01\x00v\x00", 10) +
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }" + std::string(60, ' ') +
                "\n");
  EXPECT_EQ(npy_header(DType::float32, {}),
            std::string("\x93NUMPY\x01\x00v\x00", 10) +
                "{'descr': '<f4', 'fortran_order': False, 'shape': (), }" + std::string(62, ' ') +
                "\n");
}

TEST(NpyWrite, elements_start_at_a_multiple_of_64_bytes_for_every_shape) {
  std::vector<int64_t> shape;
  for (int rank = 0; rank < 20; ++rank) {
    EXPECT_EQ(npy_header(DType::int8, shape).size() % 64, 0u);
    shape.push_back(1234567);
  }
}

TEST(NpyWrite, what_is_written_in_pieces_is_read_back) {
  const TemporaryFolder folder;
  const std::vector<int64_t> shape = {2, 2};
  const std::vector<int16_t> values = {1, -2, 3, -4};
  const auto bytes = std::as_bytes(std::span(values));
  NpyWriter writer(folder / "a.npy", DType::int16, shape);
  writer.write(bytes.first(4));
  writer.write(bytes.last(4));
  writer.commit();
  const NpyArray array = read_npy(folder / "a.npy");
  EXPECT_EQ(describe(array), "int16 [2, 2]");
  std::vector<int64_t> back(4);
  read_integers(array, 0, back);
  EXPECT_THAT(back, ::testing::ElementsAre(1, -2, 3, -4));
}

TEST(NpyWrite, an_unfinished_array_leaves_no_file) {
  const TemporaryFolder folder;
  const std::vector<int64_t> shape = {2};
  {
    NpyWriter writer(folder / "a.npy", DType::int8, shape);
    const std::byte one[1] = {};
    writer.write(one);
    EXPECT_THROW(writer.commit(), Error);
  }
  EXPECT_TRUE(folder.files().empty());
}

TEST(NpyWrite, types_numpy_does_not_know_are_refused) {
  const TemporaryFolder folder;
  const std::vector<int64_t> shape = {2};
  EXPECT_THROW(NpyWriter(folder / "a.npy", DType::int4, shape), Error);
  EXPECT_TRUE(folder.files().empty());
}

}  // namespace
}  // namespace litesmith
