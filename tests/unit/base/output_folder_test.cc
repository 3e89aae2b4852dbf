#include "base/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temporary_folder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OutputFolder, is_made_with_its_parents_and_kept_when_asked) {
  const TemporaryFolder folder;
  OutputFolder(folder / "a/b").keep();
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b"));
}

TEST(OutputFolder, not_kept_it_is_gone_with_the_parents_it_made) {
  const TemporaryFolder folder;
  { const OutputFolder made(folder / "a/b/"); }
  EXPECT_THAT(folder.files(), IsEmpty());
}

TEST(OutputFolder, what_was_there_stays) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "old");
  { const OutputFolder made(folder / "old/new"); }
  { const OutputFolder found(folder / "old"); }
  EXPECT_THAT(folder.files(), ElementsAre("old"));
}

TEST(OutputFolder, a_folder_with_files_in_it_is_not_removed) {
  const TemporaryFolder folder;
  {
    const OutputFolder made(folder / "a");
    write_file(folder / "a/file", std::string_view("x"));
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "a/file"));
}

TEST(OutputFolder, a_file_in_the_way_is_an_error) {
  const TemporaryFolder folder;
  write_file(folder / "file", std::string_view("x"));
  thrown_message(ErrorCode::io, [&] { OutputFolder(folder / "file"); });
  thrown_message(ErrorCode::io, [&] { OutputFolder(folder / "file/below"); });
}

}  // namespace
}  // namespace litesmith
