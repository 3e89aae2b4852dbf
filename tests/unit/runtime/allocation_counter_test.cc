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

// Replaces the library's for the whole test program, all forms of it: AddressSanitizer has its own
// of each and takes its new with our delete for a mismatch. A file of its own: inlined beside a
// caller, compilers do the same.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  if (litesmith::testing::counting) ++litesmith::testing::allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size, std::nothrow);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
