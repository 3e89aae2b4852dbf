#include "ir/buffer.h"

#include <gmock/gmock.h>

#include <array>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Buffer, keeps_a_copy_of_its_elements) {
  std::vector<int32_t> elements = {1, 2, 3};
  const Buffer buffer = Buffer::of(elements);
  elements[0] = 9;
  EXPECT_THAT(buffer.as<int32_t>(), ElementsAre(1, 2, 3));
}

TEST(Buffer, shares_its_bytes_with_copies) {
  const Buffer buffer = Buffer::of(std::vector<int8_t>{1, 2});
  const Buffer copy = buffer;
  EXPECT_EQ(copy.bytes().data(), buffer.bytes().data());
}

TEST(Buffer, of_nothing_is_empty) {
  EXPECT_TRUE(Buffer().empty());
  EXPECT_TRUE(Buffer::of(std::vector<float>()).empty());
}

TEST(Buffer, views_aligned_bytes_where_they_are) {
  alignas(8) static constexpr std::array<std::byte, 16> kBytes = {};
  EXPECT_EQ(Buffer::view(kBytes, nullptr).bytes().data(), kBytes.data());
}

TEST(Buffer, copies_bytes_that_are_not_aligned) {
  alignas(8) std::array<std::byte, 12> bytes = {};
  bytes[1] = std::byte{7};
  const Buffer buffer = Buffer::view(std::span(bytes).subspan(1, 8), nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.bytes().data()) % 8, 0u);
  EXPECT_EQ(buffer.as<int64_t>()[0], 7);
}

TEST(Buffer, keeps_the_owner_of_viewed_bytes_alive) {
  auto owner = std::make_shared<std::vector<int64_t>>(4, 5);
  const std::weak_ptr<std::vector<int64_t>> watch = owner;
  {
    const Buffer buffer = Buffer::view(std::as_bytes(std::span(*owner)), owner);
    owner.reset();
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Buffer, refuses_elements_that_do_not_divide_it) {
  const Buffer buffer = Buffer::of(std::vector<int8_t>(6));
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { buffer.as<float>(); }), HasSubstr("6 bytes"));
}

}  // namespace
}  // namespace litesmith
