#include "formats/onnx/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/onnx/model_writer.h"
#include "testing/thrown.h"

namespace litesmith::onnx {
namespace {

using testing::bytes;
using ::testing::ElementsAre;
using testing::number;
using testing::varint;

std::span<const std::byte> view(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(Wire, reads_fields_in_turn) {
  const std::string text = number(1, 300) + bytes(2, "abc") + number(20, 1);
  Message message(view(text));
  ASSERT_TRUE(message.next());
  EXPECT_EQ(message.number(), 1u);
  EXPECT_EQ(message.integer(), 300);
  ASSERT_TRUE(message.next());
  EXPECT_EQ(message.text(), "abc");
  ASSERT_TRUE(message.next());
  EXPECT_EQ(message.number(), 20u);
  EXPECT_FALSE(message.next());
}

TEST(Wire, negative_numbers_have_ten_bytes) {
  const std::string text = number(3, static_cast<uint64_t>(-5));
  Message message(view(text));
  ASSERT_TRUE(message.next());
  EXPECT_EQ(message.integer(), -5);
}

TEST(Wire, numbers_come_packed_or_one_by_one) {
  const std::string text = bytes(8, varint(1) + varint(200)) + number(8, 3);
  std::vector<int64_t> integers;
  for (Message message(view(text)); message.next();) message.append_to(integers);
  EXPECT_THAT(integers, ElementsAre(1, 200, 3));
}

TEST(Wire, refuses_what_is_cut_off) {
  const std::string whole = number(1, 300) + bytes(2, "abcdef");
  for (size_t size = 1; size < whole.size(); ++size) {
    const std::string text = whole.substr(0, size);
    if (size == number(1, 300).size()) continue;
    EXPECT_THROW(
        {
          for (Message message(view(text)); message.next();) {
          }
        },
        Error)
        << size;
  }
}

TEST(Wire, refuses_another_kind_of_value) {
  const std::string text = number(1, 5);
  Message message(view(text));
  ASSERT_TRUE(message.next());
  EXPECT_THROW(message.text(), Error);
}

TEST(Wire, refuses_numbers_without_end) {
  const std::string text = std::string(1, '\x08') + std::string(11, '\xff');
  Message message(view(text));
  EXPECT_THROW(message.next(), Error);
}

TEST(Wire, refuses_messages_in_messages_without_end) {
  std::string text = number(1, 1);
  for (int i = 0; i < 20; ++i) text = bytes(1, text);
  Message outer(view(text));
  EXPECT_THROW(
      {
        Message message = outer;
        while (message.next()) message = message.message();
      },
      Error);
}

}  // namespace
}  // namespace litesmith::onnx
