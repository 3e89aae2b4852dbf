// Counts the calls of operator new while a piece of code runs, in test programs that replace it
// (tests/unit/runtime/allocation_counter_test.cc).
#pragma once

namespace litesmith::testing {

void start_counting_allocations();
int stop_counting_allocations();

template <class Body>
int allocations_of(Body&& body) {
  start_counting_allocations();
  body();
  return stop_counting_allocations();
}

}  // namespace litesmith::testing
