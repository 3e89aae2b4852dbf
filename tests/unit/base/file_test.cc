#include "base/file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/shared_bytes.h"
#include "testing/temporary_folder.h"
#include "testing/text.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// No file of this process may grow beyond `bytes` while one of these lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(MappedFile, holds_the_files_bytes) {
  TemporaryFolder folder;
  write_file(folder / "a", "some bytes");
  const auto file = MappedFile::open(folder / "a");
  EXPECT_EQ(text(file->bytes()), "some bytes");
  EXPECT_EQ(file->path(), folder / "a");
}

TEST(MappedFile, pages_that_were_dropped_are_read_again) {
  TemporaryFolder folder;
  const std::string content(100'000, 'x');
  write_file(folder / "a", content);
  const auto file = MappedFile::open(folder / "a");
  EXPECT_EQ(text(file->bytes()), content);
  for (const size_t size : {content.size(), size_t{50'001}, size_t{10}, size_t{0}}) {
    drop_pages(file->bytes().first(size));
    drop_pages(file->bytes().last(size));
    EXPECT_EQ(text(file->bytes()), content);
  }
}

TEST(MappedFile, may_be_empty) {
  TemporaryFolder folder;
  write_file(folder / "a", "");
  EXPECT_TRUE(MappedFile::open(folder / "a")->bytes().empty());
}

TEST(MappedFile, outlives_its_name) {
  TemporaryFolder folder;
  write_file(folder / "a", "some bytes");
  const SharedBytes bytes = SharedBytes::map(folder / "a");
  std::filesystem::remove(folder / "a");
  EXPECT_EQ(text(bytes.bytes), "some bytes");
}

TEST(MappedFile, that_is_missing_is_named) {
  EXPECT_THAT(thrown_message(ErrorCode::io, [] { MappedFile::open("/no/such/file"); }),
              AllOf(HasSubstr("'/no/such/file'"), HasSubstr("No such file")));
}

TEST(MappedFile, is_no_folder) {
  TemporaryFolder folder;
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { MappedFile::open(folder.path()); }),
              HasSubstr("it is a folder"));
}

TEST(MappedFile, does_not_wait_for_a_pipe) {
  TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { MappedFile::open(folder / "pipe"); }),
              HasSubstr("not a regular file"));
}

TEST(SharedBytes, keep_the_memory_they_took) {
  const SharedBytes bytes = SharedBytes::take({std::byte{'o'}, std::byte{'k'}});
  const SharedBytes copy = bytes;
  EXPECT_EQ(text(copy.bytes), "ok");
  EXPECT_EQ(copy.bytes.data(), bytes.bytes.data());
}

TEST(AtomicFile, is_whole_after_commit) {
  TemporaryFolder folder;
  AtomicFile file(folder / "out");
  file.write("one ");
  file.write(std::as_bytes(std::span("two", 3)));
  file.commit();
  EXPECT_EQ(content(folder / "out"), "one two");
  EXPECT_THAT(folder.files(), ElementsAre("out"));
}

TEST(AtomicFile, does_not_show_before_commit) {
  TemporaryFolder folder;
  AtomicFile file(folder / "out");
  file.write("half");
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST(AtomicFile, replaces_the_old_file_only_at_commit) {
  TemporaryFolder folder;
  write_file(folder / "out", "old");
  AtomicFile file(folder / "out");
  file.write("new");
  EXPECT_EQ(content(folder / "out"), "old");
  file.commit();
  EXPECT_EQ(content(folder / "out"), "new");
}

TEST(AtomicFile, that_is_dropped_leaves_nothing) {
  TemporaryFolder folder;
  { AtomicFile(folder / "out").write("half"); }
  EXPECT_THAT(folder.files(), IsEmpty());
}

TEST(AtomicFile, that_is_dropped_leaves_the_old_file) {
  TemporaryFolder folder;
  write_file(folder / "out", "old");
  { AtomicFile(folder / "out").write("half"); }
  EXPECT_EQ(content(folder / "out"), "old");
  EXPECT_THAT(folder.files(), ElementsAre("out"));
}

TEST(AtomicFile, two_writers_of_one_name_do_not_mix) {
  TemporaryFolder folder;
  AtomicFile a(folder / "out");
  AtomicFile b(folder / "out");
  a.write("a");
  b.write("b");
  a.commit();
  b.commit();
  EXPECT_EQ(content(folder / "out"), "b");
}

TEST(AtomicFile, ignores_what_a_killed_process_left) {
  TemporaryFolder folder;
  // The names the next writers of this process would take.
  for (int i = 0; i < 100; ++i) {
    std::ofstream(folder / ("out.tmp" + std::to_string(::getpid()) + "." + std::to_string(i)));
  }
  write_file(folder / "out", "whole");
  EXPECT_EQ(content(folder / "out"), "whole");
}

TEST(AtomicFile, on_a_full_disk_leaves_nothing) {
  TemporaryFolder folder;
  const std::string bytes(100'000, 'x');
  {
    const FileSizeLimit limit(50'000);
    EXPECT_THAT(thrown_message(ErrorCode::io, [&] { write_file(folder / "out", bytes); }),
                AllOf(HasSubstr("cannot write"), HasSubstr("out'"), HasSubstr("too large")));
  }
  EXPECT_THAT(folder.files(), IsEmpty());
}

TEST(AtomicFile, on_a_full_disk_leaves_the_old_file) {
  TemporaryFolder folder;
  write_file(folder / "out", "old");
  {
    const FileSizeLimit limit(50'000);
    thrown_message(ErrorCode::io, [&] { write_file(folder / "out", std::string(100'000, 'x')); });
  }
  EXPECT_EQ(content(folder / "out"), "old");
  EXPECT_THAT(folder.files(), ElementsAre("out"));
}

TEST(AtomicFile, that_cannot_be_renamed_leaves_nothing) {
  TemporaryFolder folder;
  {
    AtomicFile file(folder / "out");
    file.write("x");
    std::filesystem::create_directories(folder / "out" / "in the way");
    EXPECT_THAT(thrown_message(ErrorCode::io, [&] { file.commit(); }), HasSubstr("cannot write"));
  }
  EXPECT_THAT(folder.files(), ElementsAre("out"));
}

TEST(AtomicFile, refuses_a_folder_at_once) {
  TemporaryFolder folder;
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { AtomicFile file(folder.path()); }),
              HasSubstr("directory"));
}

TEST(AtomicFile, refuses_a_missing_folder_at_once) {
  TemporaryFolder folder;
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { AtomicFile(folder / "no" / "out"); }),
              HasSubstr("cannot create"));
}

TEST(AtomicFile, keeps_a_symbolic_link_and_replaces_what_it_points_to) {
  TemporaryFolder folder;
  write_file(folder / "real", "old");
  std::filesystem::create_symlink("real", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(content(folder / "real"), "new");
}

TEST(AtomicFile, writes_a_device_where_it_is) {
  EXPECT_NO_THROW(write_file("/dev/null", "anything"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(AtomicFile, hears_that_a_device_is_full) {
  if (!std::filesystem::is_character_file("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  EXPECT_THAT(thrown_message(ErrorCode::io, [] { write_file("/dev/full", "x"); }),
              AllOf(HasSubstr("'/dev/full'"), HasSubstr("No space left")));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFile, is_committed_once) {
  TemporaryFolder folder;
  AtomicFile file(folder / "out");
  file.commit();
  thrown_message(ErrorCode::internal, [&] { file.commit(); });
}

TEST(AtomicFile, takes_no_bytes_after_commit) {
  TemporaryFolder folder;
  AtomicFile file(folder / "out");
  file.commit();
  thrown_message(ErrorCode::internal, [&] { file.write("more"); });
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

}  // namespace
}  // namespace litesmith
