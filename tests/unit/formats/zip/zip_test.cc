#include "formats/zip/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "formats/zip/zip_writer.h"

namespace litesmith {
namespace {

using testing::bytes_of;
using ::testing::HasSubstr;
using testing::text_of;
using testing::ZipEntry;
using testing::ZipWriter;

constexpr uint64_t kLimit = uint64_t{1} << 30;

ZipArchive archive_of(const ZipWriter& writer) {
  return ZipArchive(bytes_of(writer.finish()), "test.zip");
}

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Zip, a_stored_member_is_a_view_of_the_archive) {
  const SharedBytes bytes = bytes_of(ZipWriter().add("a.txt", "hello").finish());
  const ZipArchive archive(bytes, "test.zip");
  const SharedBytes read = archive.read(*archive.find("a.txt"), kLimit);
  EXPECT_EQ(text_of(read), "hello");
  EXPECT_GE(read.bytes.data(), bytes.bytes.data());
  EXPECT_LE(read.bytes.data(), bytes.bytes.data() + bytes.size());
}

TEST(Zip, a_deflated_member_is_unpacked) {
  const std::string text(100000, 'x');
  const auto archive = archive_of(ZipWriter().add({.name = "a", .data = text, .deflate = true}));
  EXPECT_LT(archive.find("a")->stored_size, 1000u);
  EXPECT_EQ(text_of(archive.read(*archive.find("a"), kLimit)), text);
}

TEST(Zip, sizes_behind_the_data_are_understood) {
  const auto archive =
      archive_of(ZipWriter()
                     .add({.name = "a", .data = "one", .data_descriptor = true})
                     .add({.name = "b", .data = "two", .deflate = true, .data_descriptor = true}));
  EXPECT_EQ(text_of(archive.read(*archive.find("a"), kLimit)), "one");
  EXPECT_EQ(text_of(archive.read(*archive.find("b"), kLimit)), "two");
}

TEST(Zip, bytes_in_front_of_the_archive_do_not_matter) {
  const ZipArchive archive(bytes_of("#!/bin/sh\n" + ZipWriter().add("a", "hello").finish()), "z");
  EXPECT_EQ(text_of(archive.read(*archive.find("a"), kLimit)), "hello");
}

TEST(Zip, folders_are_no_members_and_an_empty_archive_has_none) {
  EXPECT_EQ(archive_of(ZipWriter().add("d/", "").add("d/a", "x")).members().size(), 1u);
  EXPECT_TRUE(archive_of(ZipWriter()).members().empty());
}

TEST(Zip, an_unknown_member_is_null) {
  EXPECT_EQ(archive_of(ZipWriter().add("a", "x")).find("b"), nullptr);
}

TEST(Zip, paths_that_leave_the_archive_are_refused) {
  for (const char* name : {"/etc/passwd", "../a", "a/../../b", "a/..", "..", "C:\\a", "a\\b"}) {
    EXPECT_THAT(error_of([&] { archive_of(ZipWriter().add(name, "x")); }),
                HasSubstr("leads outside the archive"))
        << name;
  }
  EXPECT_EQ(archive_of(ZipWriter().add("..a/b..", "x")).members().size(), 1u);
}

TEST(Zip, links_are_refused) {
  EXPECT_THAT(error_of([] {
                archive_of(ZipWriter().add(
                    {.name = "a", .data = "/etc", .external_attributes = 0120777u << 16}));
              }),
              HasSubstr("holds a link"));
}

TEST(Zip, one_name_twice_is_refused) {
  EXPECT_THAT(error_of([] { archive_of(ZipWriter().add("a", "x").add("a", "y")); }),
              HasSubstr("twice"));
}

TEST(Zip, members_that_share_their_bytes_are_refused) {
  ZipWriter writer;
  writer.add("a0", std::string(1000, 'x'));
  for (int i = 1; i < 20; ++i) {
    writer.add(
        {.name = "a" + std::to_string(i), .data = std::string(1000, 'x'), .same_data_as = 0});
  }
  EXPECT_THAT(error_of([&] { archive_of(writer); }), HasSubstr("overlap"));
}

TEST(Zip, a_member_beyond_the_limit_is_refused) {
  const auto archive = archive_of(ZipWriter().add("a", "hello"));
  EXPECT_THAT(error_of([&] { archive.read(*archive.find("a"), 4); }), HasSubstr("more than the 4"));
}

TEST(Zip, a_bomb_is_refused_before_it_is_unpacked) {
  // 64 MiB + 1 byte of zeros pack to some 65 kB, about a thousandth.
  const auto archive = archive_of(
      ZipWriter().add({.name = "a", .data = std::string((64u << 20) + 1, '\0'), .deflate = true}));
  EXPECT_THAT(error_of([&] { archive.read(*archive.find("a"), kLimit); }), HasSubstr("refused"));
}

TEST(Zip, a_size_that_lies_is_found) {
  const auto too_long = archive_of(
      ZipWriter().add({.name = "a", .data = "hello", .deflate = true, .stated_size = 1000}));
  EXPECT_THAT(error_of([&] { too_long.read(*too_long.find("a"), kLimit); }), HasSubstr("damaged"));
  const auto too_short = archive_of(
      ZipWriter().add({.name = "a", .data = "hello", .deflate = true, .stated_size = 2}));
  EXPECT_THAT(error_of([&] { too_short.read(*too_short.find("a"), kLimit); }),
              HasSubstr("checksum"));
  EXPECT_THAT(error_of([] {
                archive_of(ZipWriter().add(
                    {.name = "a", .data = "hello", .stated_size = 900, .stated_stored_size = 900}));
              }),
              HasSubstr("more data than it has"));
}

TEST(Zip, a_changed_byte_is_found) {
  std::string file = ZipWriter().add("a", "hello").finish();
  file[file.find("hello")] = 'j';
  const ZipArchive archive(bytes_of(file), "test.zip");
  EXPECT_THAT(error_of([&] { archive.read(*archive.find("a"), kLimit); }), HasSubstr("checksum"));
}

TEST(Zip, encryption_and_other_methods_are_refused) {
  const auto encrypted = archive_of(ZipWriter().add({.name = "a", .data = "x", .flags = 1}));
  EXPECT_THAT(error_of([&] { encrypted.read(*encrypted.find("a"), kLimit); }),
              HasSubstr("is encrypted"));
  std::string file = ZipWriter().add("a", "x").finish();
  file[8] = 12;                         // bzip2, in the local header
  file[file.find("PK\1\2") + 10] = 12;  // and in the directory
  const ZipArchive archive(bytes_of(file), "test.zip");
  EXPECT_THAT(error_of([&] { archive.read(*archive.find("a"), kLimit); }), HasSubstr("method 12"));
}

TEST(Zip, every_truncation_is_an_error_or_reads_the_same) {
  const std::string file =
      ZipWriter().add("a", "hello").add({.name = "b", .data = "world", .deflate = true}).finish();
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_THROW(ZipArchive(bytes_of(file.substr(0, size)), "test.zip"), Error) << size;
  }
}

TEST(Zip, every_flipped_byte_is_an_error_or_reads_the_same) {
  const std::string file =
      ZipWriter().add("a", "hello").add({.name = "b", .data = "world", .deflate = true}).finish();
  for (size_t i = 0; i < file.size(); ++i) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string changed = file;
      changed[i] = static_cast<char>(changed[i] ^ mask);
      try {
        const ZipArchive archive(bytes_of(changed), "test.zip");
        for (const auto& member : archive.members()) {
          const std::string text = text_of(archive.read(member, kLimit));
          EXPECT_TRUE(text == "hello" || text == "world" || text.empty()) << i << ": " << text;
        }
      } catch (const Error&) {
      }
    }
  }
}

TEST(Zip, archives_are_told_by_their_first_bytes) {
  EXPECT_TRUE(ZipArchive::looks_like_zip(bytes_of(ZipWriter().add("a", "x").finish()).bytes));
  EXPECT_TRUE(ZipArchive::looks_like_zip(bytes_of(ZipWriter().finish()).bytes));
  EXPECT_FALSE(ZipArchive::looks_like_zip(bytes_of("PK").bytes));
  EXPECT_FALSE(ZipArchive::looks_like_zip(bytes_of("\x89HDF\r\n\x1a\n").bytes));
}

}  // namespace
}  // namespace litesmith
