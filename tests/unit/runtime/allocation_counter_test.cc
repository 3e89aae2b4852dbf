#include "testing/allocation_counter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

namespace litesmith::testing {
namespace {
std::atomic<bool> counting = false;
std::atomic<int> allocations = 0;
}  // namespace

void start_counting_allocations() {
  allocations = 0;
  counting = true;
}

int stop_counting_allocations() {
  counting = false;
  return allocations;
}

namespace {

TEST(AllocationCounter, counts_while_the_body_runs) {
  std::unique_ptr<int> kept;
  EXPECT_EQ(allocations_of([&] { kept = std::make_unique<int>(1); }), 1);
  kept = std::make_unique<int>(2);
  EXPECT_EQ(allocations_of([&] { *kept = 3; }), 0);
}

}  // namespace
}  // namespace litesmith::testing

// Replaces the library's for the whole test program. A file of its own: inlined beside a caller,
// compilers take new and free for a mismatch.
void* operator new(std::size_t size) {
  if (litesmith::testing::counting) ++litesmith::testing::allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
