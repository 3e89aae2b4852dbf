#include "base/parallel.h"

#include <gmock/gmock.h>

#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace litesmith {
namespace {

TEST(ParallelChunks, call_every_item_once) {
  for (const size_t count : {0u, 1u, 7u, 8u, 9u, 1000u}) {
    for (const size_t grain : {0u, 1u, 3u, 8u, 2000u}) {
      for (const unsigned threads : {1u, 2u, 5u}) {
        std::vector<std::atomic<int>> calls(count);
        parallel_chunks(count, grain, threads, [&](unsigned, size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i) ++calls[i];
        });
        for (const auto& each : calls) ASSERT_EQ(each, 1);
      }
    }
  }
}

TEST(ParallelChunks, have_the_grain_asked_for_and_a_shorter_last_one) {
  std::mutex mutex;
  std::set<std::pair<size_t, size_t>> chunks;
  parallel_chunks(10, 4, 2, [&](unsigned, size_t begin, size_t end) {
    const std::lock_guard lock(mutex);
    chunks.emplace(begin, end);
  });
  EXPECT_EQ(chunks, (std::set<std::pair<size_t, size_t>>{{0, 4}, {4, 8}, {8, 10}}));
}

TEST(ParallelChunks, take_the_largest_grain_there_is) {
  size_t items = 0;
  parallel_chunks(10, std::numeric_limits<size_t>::max(), 3,
                  [&](unsigned, size_t begin, size_t end) { items += end - begin; });
  EXPECT_EQ(items, 10u);
}

TEST(ParallelChunks, number_their_workers_below_the_threads_asked_for) {
  std::atomic<unsigned> highest{0};
  parallel_chunks(100, 1, 3, [&](unsigned worker, size_t, size_t) {
    unsigned seen = highest;
    while (worker > seen && !highest.compare_exchange_weak(seen, worker)) {
    }
  });
  EXPECT_LT(highest, 3u);
}

TEST(ParallelChunks, run_on_the_calling_thread_when_there_is_one) {
  const auto caller = std::this_thread::get_id();
  parallel_chunks(5, 1, 1, [&](unsigned worker, size_t, size_t) {
    EXPECT_EQ(worker, 0u);
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
}

TEST(ParallelChunks, never_give_two_threads_one_worker_number) {
  std::mutex mutex;
  std::map<unsigned, std::set<std::thread::id>> threads_of;
  parallel_chunks(200, 1, 4, [&](unsigned worker, size_t, size_t) {
    const std::lock_guard lock(mutex);
    threads_of[worker].insert(std::this_thread::get_id());
  });
  for (const auto& [worker, threads] : threads_of) EXPECT_EQ(threads.size(), 1u) << worker;
}

TEST(ParallelChunks, report_the_lowest_chunk_that_throws) {
  // Several chunks fail; whatever the threads do, the same error comes out.
  for (int repetition = 0; repetition < 50; ++repetition) {
    std::string message;
    try {
      parallel_chunks(64, 1, 4, [&](unsigned, size_t begin, size_t) {
        if (begin >= 5) throw std::runtime_error("chunk " + std::to_string(begin));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    ASSERT_EQ(message, "chunk 5");
  }
}

TEST(ParallelChunks, hand_out_no_more_after_an_exception) {
  std::atomic<int> calls{0};
  EXPECT_THROW(parallel_chunks(1000, 1, 1,
                               [&](unsigned, size_t, size_t) {
                                 ++calls;
                                 throw std::runtime_error("stop");
                               }),
               std::runtime_error);
  EXPECT_EQ(calls, 1);
}

TEST(HardwareThreads, are_at_least_one) { EXPECT_GE(hardware_threads(), 1u); }

}  // namespace
}  // namespace litesmith
