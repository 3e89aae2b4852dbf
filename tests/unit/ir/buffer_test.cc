#include "ir/buffer.h"

#include <gmock/gmock.h>

#include <array>
#include <numeric>
#include <thread>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

// Element i is `start` + i, of as many int32; counts how many were made.
class Counting : public Recipe {
 public:
  Counting(size_t count, int32_t start, std::shared_ptr<size_t> made, int depth = 0)
      : Recipe(count * sizeof(int32_t), depth), start_(start), made_(std::move(made)) {}

  void make(size_t first, std::span<std::byte> out) const override {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(out.data()) % 8, 0u);
    auto* elements = reinterpret_cast<int32_t*>(out.data());
    const size_t count = out.size() / sizeof(int32_t);
    std::iota(elements, elements + count, start_ + static_cast<int32_t>(first / sizeof(int32_t)));
    *made_ += count;
  }
  void let_go() const override {}

 private:
  int32_t start_;
  std::shared_ptr<size_t> made_;
};

struct Counted {
  explicit Counted(size_t count, int32_t start = 0, int depth = 0)
      : buffer(Buffer::made(std::make_shared<const Counting>(count, start, made, depth))) {}
  std::shared_ptr<size_t> made = std::make_shared<size_t>(0);
  Buffer buffer;
};

std::vector<int32_t> numbers(size_t count, int32_t start = 0) {
  std::vector<int32_t> result(count);
  std::iota(result.begin(), result.end(), start);
  return result;
}

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
  EXPECT_EQ(Buffer::view({kBytes}).bytes().data(), kBytes.data());
}

TEST(Buffer, moves_bytes_that_are_not_aligned) {
  alignas(8) std::array<std::byte, 12> bytes = {};
  bytes[1] = std::byte{7};
  const Buffer buffer = Buffer::view({std::span(bytes).subspan(1, 8)});
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.bytes().data()) % 8, 0u);
  EXPECT_EQ(buffer.as<int64_t>()[0], 7);
}

TEST(Buffer, keeps_the_owner_of_viewed_bytes_alive) {
  auto owner = std::make_shared<std::vector<int64_t>>(4, 5);
  const std::weak_ptr<std::vector<int64_t>> watch = owner;
  {
    const Buffer buffer = Buffer::view({std::as_bytes(std::span(*owner)), owner});
    owner.reset();
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Buffer, refuses_elements_that_do_not_divide_it) {
  const Buffer buffer = Buffer::of(std::vector<int8_t>(6));
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { buffer.as<float>(); }), HasSubstr("6 bytes"));
}

TEST(Buffer, of_a_recipe_is_made_once_for_all_its_copies) {
  const Counted counted(5);
  const Buffer copy = counted.buffer;
  EXPECT_EQ(counted.buffer.size(), 20u);
  EXPECT_EQ(*counted.made, 0u);
  EXPECT_THAT(counted.buffer.as<int32_t>(), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(copy.bytes().data(), counted.buffer.bytes().data());
  EXPECT_EQ(*counted.made, 5u);
}

TEST(Buffer, of_a_recipe_is_made_once_for_all_threads) {
  const Counted counted(100'000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(counted.buffer.as<int32_t>()[99'999], 99'999); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*counted.made, 100'000u);
}

TEST(Buffer, a_part_of_a_recipe_is_made_alone) {
  const Counted counted(1'000'000);
  std::vector<int32_t> scratch;
  EXPECT_THAT(counted.buffer.part(500, 3, scratch), ElementsAre(500, 501, 502));
  EXPECT_EQ(*counted.made, 3u);
}

TEST(Buffer, a_part_of_bytes_in_memory_is_a_view) {
  const Buffer buffer = Buffer::of(numbers(10));
  std::vector<int32_t> scratch;
  EXPECT_EQ(buffer.part(3, 2, scratch).data(), buffer.as<int32_t>().data() + 3);
}

TEST(Buffer, refuses_a_part_beyond_its_end) {
  const Counted counted(10);
  std::vector<int32_t> scratch;
  for (const Buffer& buffer : {counted.buffer, Buffer::of(numbers(10))}) {
    EXPECT_THROW(buffer.part(8, 3, scratch), Error);
    EXPECT_THROW(buffer.part(11, 0, scratch), Error);
    EXPECT_EQ(buffer.part(10, 0, scratch).size(), 0u);
  }
}

TEST(Buffer, parts_in_order_are_the_whole) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{131'072}, size_t{300'001}}) {
    const Counted counted(count);
    std::vector<int32_t> all;
    counted.buffer.each_part<int32_t>(
        [&](std::span<const int32_t> part) { all.insert(all.end(), part.begin(), part.end()); });
    EXPECT_EQ(all, numbers(count));
    EXPECT_EQ(*counted.made, count);
  }
}

TEST(Buffer, parts_of_bytes_that_are_not_aligned_are_theirs) {
  std::vector<std::byte> bytes(8 * 1000 + 3);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i % 251);
  const auto moved = std::span<const std::byte>(bytes).subspan(3);
  const Buffer buffer = Buffer::view({moved});
  std::vector<std::byte> scratch;
  EXPECT_THAT(buffer.part(16, 24, scratch), ElementsAreArray(moved.subspan(16, 24)));
}

TEST(Buffer, compares_by_size_and_content_wherever_the_bytes_are) {
  const size_t count = 40'000;  // more than are compared at a time
  const Counted counted(count);
  EXPECT_EQ(counted.buffer.compare(counted.buffer), std::strong_ordering::equal);
  EXPECT_EQ(*counted.made, 0u);
  for (const Buffer& equal : {Buffer::of(numbers(count)), Counted(count).buffer}) {
    EXPECT_EQ(counted.buffer.compare(equal), std::strong_ordering::equal);
    EXPECT_EQ(equal.compare(counted.buffer), std::strong_ordering::equal);
  }
  std::vector<int32_t> other = numbers(count);
  other.back() += 1;
  for (const Buffer& larger : {Buffer::of(other), Counted(count, 1).buffer,
                               Buffer::of(numbers(count + 1)), Counted(count + 1).buffer}) {
    EXPECT_EQ(counted.buffer.compare(larger), std::strong_ordering::less);
    EXPECT_EQ(larger.compare(counted.buffer), std::strong_ordering::greater);
    EXPECT_EQ(Buffer::of(numbers(count)).compare(larger), std::strong_ordering::less);
  }
  EXPECT_EQ(Buffer().compare(Buffer::of(std::vector<int32_t>())), std::strong_ordering::equal);
}

TEST(Buffer, that_differs_at_once_is_hardly_made_to_compare) {
  const Counted a(1'000'000);
  const Counted b(1'000'000, 7);
  EXPECT_EQ(a.buffer.compare(b.buffer), std::strong_ordering::less);
  EXPECT_LE(*a.made + *b.made, 8u);
}

TEST(Buffer, makes_a_long_chain_of_recipes_at_once) {
  EXPECT_EQ(*Counted(10, 0, 7).made, 0u);
  const Counted deep(10, 3, 8);
  EXPECT_EQ(*deep.made, 10u);
  EXPECT_EQ(deep.buffer.recipe(), nullptr);
  EXPECT_THAT(deep.buffer.as<int32_t>(), ElementsAreArray(numbers(10, 3)));
  EXPECT_EQ(Counted(11, 0, 8).buffer.size(), 44u);  // no multiple of 8
}

}  // namespace
}  // namespace litesmith
