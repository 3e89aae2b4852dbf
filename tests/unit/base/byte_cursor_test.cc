#include "base/byte_cursor.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::byte, 8> kBytes = {std::byte{0x01}, std::byte{0x02}, std::byte{0x03},
                                             std::byte{0xff}, std::byte{0x00}, std::byte{0x00},
                                             std::byte{0x80}, std::byte{0x3f}};

TEST(ByteCursor, reads_little_endian_integers) {
  ByteCursor cursor(kBytes);
  EXPECT_EQ(cursor.read<uint16_t>(), 0x0201);
  EXPECT_EQ(cursor.read<int16_t>(), -253);
}

TEST(ByteCursor, reads_unaligned) {
  ByteCursor cursor(kBytes, 1);
  EXPECT_EQ(cursor.read<uint32_t>(), 0x00ff0302u);
}

TEST(ByteCursor, reads_floats) {
  ByteCursor cursor(kBytes, 4);
  EXPECT_EQ(cursor.read<float>(), 1.0f);
}

TEST(ByteCursor, moves_on_by_what_it_read) {
  ByteCursor cursor(kBytes);
  cursor.read<uint8_t>();
  cursor.skip(2);
  EXPECT_EQ(cursor.position(), 3u);
  EXPECT_EQ(cursor.remaining(), 5u);
}

TEST(ByteCursor, text_is_the_bytes_themselves) {
  const std::string_view text = "TFL3 and more";
  ByteCursor cursor(std::as_bytes(std::span(text.data(), text.size())));
  EXPECT_EQ(cursor.text(4), "TFL3");
  EXPECT_EQ(cursor.position(), 4u);
}

TEST(ByteCursor, may_stand_at_the_end) {
  ByteCursor cursor(kBytes);
  cursor.seek(8);
  EXPECT_EQ(cursor.remaining(), 0u);
  EXPECT_TRUE(cursor.take(0).empty());
}

TEST(ByteCursor, refuses_to_read_past_the_end) {
  ByteCursor cursor(kBytes, 6, "the header");
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { cursor.read<uint32_t>(); }),
              HasSubstr("the header is truncated: byte 6 + 4 lies beyond its 8 bytes"));
}

TEST(ByteCursor, does_not_move_when_it_refuses) {
  ByteCursor cursor(kBytes, 6);
  thrown_message(ErrorCode::format, [&] { cursor.read<uint32_t>(); });
  EXPECT_EQ(cursor.read<uint16_t>(), 0x3f80);
}

TEST(ByteCursor, refuses_a_count_that_would_wrap_around) {
  ByteCursor cursor(kBytes, 4);
  thrown_message(ErrorCode::format, [&] { cursor.take(SIZE_MAX - 1); });
}

TEST(ByteCursor, refuses_a_place_outside) {
  ByteCursor cursor(kBytes);
  thrown_message(ErrorCode::format, [&] { cursor.seek(9); });
}

TEST(ByteCursor, refuses_to_start_outside) {
  thrown_message(ErrorCode::format, [&] { ByteCursor(kBytes, 9); });
}

}  // namespace
}  // namespace litesmith
