#include "formats/npy/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "formats/npy/write.h"
#include "formats/zip/zip_writer.h"
#include "testing/temporary_folder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ZipWriter;

std::string npy_bytes(std::initializer_list<int8_t> values) {
  const std::vector<int64_t> shape = {static_cast<int64_t>(values.size())};
  return npy_header(DType::int8, shape) +
         std::string(reinterpret_cast<const char*>(values.begin()), values.size());
}

std::vector<int64_t> integers(const NpyArray& array) {
  std::vector<int64_t> out(array.element_count());
  read_integers(array, 0, out);
  return out;
}

TEST(Npz, arrays_come_by_name_in_the_archives_order) {
  const TemporaryFolder folder;
  write_file(folder / "x.npz", ZipWriter()
                                   .add("sound.npy", npy_bytes({1, 2}))
                                   .add("a/b.npy", npy_bytes({3}))
                                   .add("notes.txt", "hello")
                                   .finish());
  const auto arrays = read_arrays(folder / "x.npz");
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays[0].name, "sound");
  EXPECT_THAT(integers(arrays[0].array), ElementsAre(1, 2));
  EXPECT_EQ(arrays[1].name, "a/b");
  EXPECT_THAT(integers(arrays[1].array), ElementsAre(3));
}

TEST(Npz, compressed_archives_are_unpacked) {
  const TemporaryFolder folder;
  write_file(
      folder / "x.npz",
      ZipWriter().add({.name = "x.npy", .data = npy_bytes({1, 2, 3}), .deflate = true}).finish());
  EXPECT_THAT(integers(read_arrays(folder / "x.npz").at(0).array), ElementsAre(1, 2, 3));
}

TEST(Npz, a_lone_npy_file_is_one_array_without_a_name) {
  const TemporaryFolder folder;
  write_file(folder / "x.bin", npy_bytes({7}));
  const auto arrays = read_arrays(folder / "x.bin");
  ASSERT_EQ(arrays.size(), 1u);
  EXPECT_EQ(arrays[0].name, "");
  EXPECT_THAT(integers(arrays[0].array), ElementsAre(7));
}

TEST(Npz, an_archive_without_arrays_is_refused) {
  const TemporaryFolder folder;
  write_file(folder / "x.npz", ZipWriter().add("notes.txt", "hello").finish());
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { read_arrays(folder / "x.npz"); }),
              HasSubstr("holds no arrays"));
}

TEST(Npz, errors_name_the_file_and_the_array) {
  const TemporaryFolder folder;
  write_file(folder / "x.npz", ZipWriter().add("x.npy", "rubbish").finish());
  const std::string message =
      thrown_message(ErrorCode::format, [&] { read_arrays(folder / "x.npz"); });
  EXPECT_THAT(message, HasSubstr("x.npz'"));
  EXPECT_THAT(message, HasSubstr("array 'x'"));
}

TEST(Npz, what_is_written_is_read_back_and_the_bytes_are_the_same_every_time) {
  const TemporaryFolder folder;
  const std::vector<int8_t> a = {1, -2};
  const std::vector<float> b = {0.5f};
  const std::vector<ArrayToWrite> arrays = {
      {"first", DType::int8, {2}, std::as_bytes(std::span(a))},
      {"second/x", DType::float32, {1, 1}, std::as_bytes(std::span(b))}};
  write_npz(folder / "1.npz", arrays);
  write_npz(folder / "2.npz", arrays);
  const auto back = read_arrays(folder / "1.npz");
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].name, "first");
  EXPECT_THAT(integers(back[0].array), ElementsAre(1, -2));
  EXPECT_EQ(back[1].name, "second/x");
  EXPECT_EQ(describe(back[1].array), "float32 [1, 1]");
  const auto one = MappedFile::open(folder / "1.npz");
  const auto two = MappedFile::open(folder / "2.npz");
  EXPECT_TRUE(std::ranges::equal(one->bytes(), two->bytes()));
}

TEST(Npz, a_missing_file_is_named) {
  const TemporaryFolder folder;
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { read_arrays(folder / "none.npy"); }),
              HasSubstr("none.npy"));
}

}  // namespace
}  // namespace litesmith
