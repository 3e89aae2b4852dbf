#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "testing/temporary_folder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string content(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(AtomicFile, has_its_name_only_when_committed) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "a");
  file.write("hello");
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  file.commit();
  EXPECT_THAT(folder.files(), ElementsAre("a"));
  EXPECT_EQ(content(folder / "a"), "hello");
}

TEST(AtomicFile, dropped_it_leaves_the_old_file_as_it_was) {
  const TemporaryFolder folder;
  write_file(folder / "a", std::string_view("old"));
  { AtomicFile(folder / "a").write("new"); }
  EXPECT_THAT(folder.files(), ElementsAre("a"));
  EXPECT_EQ(content(folder / "a"), "old");
}

TEST(AtomicFile, a_folder_that_is_missing_or_in_the_way_is_an_error) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { AtomicFile(folder / "none/a"); }),
              HasSubstr("none/a': No such file"));
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { AtomicFile(folder / "taken"); }),
              HasSubstr("Is a directory"));
  EXPECT_THAT(folder.files(), ElementsAre("taken"));
}

TEST(CommitAll, gives_every_file_its_name) {
  const TemporaryFolder folder;
  AtomicFile a(folder / "a");
  AtomicFile b(folder / "b");
  a.write("1");
  b.write("2");
  AtomicFile* const files[] = {&a, &b};
  commit_all(files);
  EXPECT_THAT(folder.files(), ElementsAre("a", "b"));
}

TEST(CommitAll, takes_new_names_back_when_one_cannot_be_given) {
  const TemporaryFolder folder;
  {
    AtomicFile a(folder / "a");
    AtomicFile b(folder / "b");
    a.write("1");
    b.write("2");
    std::filesystem::create_directory(folder / "b");  // rename cannot replace a folder
    AtomicFile* const files[] = {&a, &b};
    thrown_message(ErrorCode::io, [&] { commit_all(files); });
  }
  EXPECT_THAT(folder.files(), ElementsAre("b"));
}

TEST(MappedFile, what_cannot_be_read_is_named_with_the_reason) {
  const TemporaryFolder folder;
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { MappedFile::open(folder / "none"); }),
              HasSubstr("none': No such file"));
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { MappedFile::open(folder.path()); }),
              HasSubstr("it is a folder"));
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { MappedFile::open("/dev/null"); }),
              HasSubstr("not a regular file"));
}

TEST(MappedFile, an_empty_file_has_no_bytes) {
  const TemporaryFolder folder;
  write_file(folder / "a", std::string_view(""));
  EXPECT_THAT(MappedFile::open(folder / "a")->bytes(), IsEmpty());
}

}  // namespace
}  // namespace litesmith
