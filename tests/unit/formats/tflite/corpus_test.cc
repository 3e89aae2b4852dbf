// Other people's .tflite files: all that a FlatBuffer of the format can be.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "formats/tflite/read.h"
#include "formats/tflite/test_bytes.h"
#include "formats/tflite/write.h"
#include "testing/test_data.h"

namespace litesmith {
namespace {

std::vector<std::filesystem::path> model_files() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test_data() / "models")) {
    const auto extension = entry.path().extension();
    if (extension == ".tflite" || extension == ".bin") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool has_mark(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const auto bytes = file->bytes();
  return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "TFL3", 4) == 0;
}

class TfliteCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(test_data() / "models")) {
      GTEST_SKIP() << "no models at " << test_data() << " (LITESMITH_TEST_DATA)";
    }
  }
};

TEST_F(TfliteCorpus, every_file_comes_back_as_it_was_and_the_same_twice) {
  size_t read = 0;
  for (const auto& path : model_files()) {
    if (!has_mark(path)) continue;
    const tflite::File file = tflite::read_file(path);
    EXPECT_FALSE(file.has_unknown) << path;
    const auto bytes = testing::write(file);
    const tflite::File back = tflite::read_file(SharedBytes{bytes});
    EXPECT_EQ(back, file) << path;
    EXPECT_EQ(testing::write(back), bytes) << path;
    // TensorFlow packs some tiny files a word or two better.
    EXPECT_LE(bytes.size(), file.file_bytes + 8) << path;
    ++read;
  }
  EXPECT_GT(read, 350u);
}

TEST_F(TfliteCorpus, every_model_that_can_be_held_comes_back_as_it_was) {
  size_t held = 0;
  for (const auto& path : model_files()) {
    if (!has_mark(path)) continue;
    try {
      const Model model = read_tflite(path);
      const auto bytes = to_tflite(model);
      EXPECT_EQ(to_tflite(read_tflite(SharedBytes{bytes})), bytes) << path;
      ++held;
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::unsupported || error.code() == ErrorCode::format)
          << path << ": " << error.what();
    }
  }
  EXPECT_GT(held, 250u);
}

TEST_F(TfliteCorpus, files_without_the_mark_are_refused) {
  size_t refused = 0;
  for (const auto& path : model_files()) {
    if (has_mark(path)) continue;
    EXPECT_THROW(tflite::read_file(path), Error) << path;
    ++refused;
  }
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace litesmith
