#include "evaluate/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/outputs.h"
#include "evaluate/recorder.h"
#include "testing/arrays.h"
#include "testing/random.h"
#include "testing/scores.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Dataset samples(size_t count, size_t columns) {
  return Dataset::of({{"", array_of(std::vector<int64_t>{static_cast<int64_t>(count),
                                                         static_cast<int64_t>(columns)},
                                    Random(1).floats(count * columns))}},
                     "x.npy");
}

std::vector<float> recorded(const Feed& feed, unsigned threads) {
  Runner runner(feed, {.plan = {}, .threads = threads});
  Recorder recorder(runner, runner.plan().graph().outputs, false);
  std::vector<float> all;
  recorder.record([&](size_t, std::span<const std::byte> bytes) {
    const auto* floats = reinterpret_cast<const float*>(bytes.data());
    all.insert(all.end(), floats, floats + bytes.size() / sizeof(float));
  });
  return all;
}

TEST(Recorder, keeps_the_samples_order_for_any_number_of_threads_and_any_batch) {
  const Dataset data = samples(101, 3);
  std::vector<float> expected(303);
  read_floats(data.arrays()[0].array, 0, expected);
  for (const int32_t batch : {1, 4, 101}) {
    const Feed feed(data, scores_model(3, DType::float32, {}, batch));
    for (const unsigned threads : {1u, 3u}) EXPECT_EQ(recorded(feed, threads), expected);
  }
}

TEST(Recorder, leaves_out_the_repetitions_of_the_last_run) {
  const Feed feed(samples(5, 2), scores_model(2, DType::float32, {}, 4));
  Runner runner(feed, {});
  const Recorder recorder(runner, runner.plan().graph().outputs, false);
  EXPECT_THAT(recorder.columns()[0].shape, ElementsAre(5, 2));
  EXPECT_EQ(recorded(feed, 1).size(), 10u);
}

TEST(Recorder, real_numbers_come_with_the_files_scale) {
  const Quantization q{{0.5f}, {-10}, 0};
  const Dataset data = Dataset::of({{"", array_of<int8_t>({1, 2}, {-10, 4})}}, "x");
  const Feed feed(data, scores_model(2, DType::int8, q));
  Runner runner(feed, {});
  Recorder recorder(runner, runner.plan().graph().outputs, true);
  EXPECT_EQ(recorder.columns()[0].dtype, DType::float32);
  recorder.record([](size_t, std::span<const std::byte> bytes) {
    const auto* floats = reinterpret_cast<const float*>(bytes.data());
    EXPECT_THAT(std::vector<float>(floats, floats + 2), ElementsAre(0, 7));
  });
}

TEST(Runner, a_progress_that_says_no_stops_it) {
  const Feed feed(samples(100, 2), scores_model(2));
  Runner runner(feed,
                {.plan = {}, .threads = 2, .progress = [](std::string_view, size_t done, size_t) {
                   return done == 0;
                 }});
  thrown_message(ErrorCode::cancelled, [&] { runner.run_all([](const Runner::Finished&) {}); });
}

TEST(Runner, every_sample_is_visited_once) {
  const Feed feed(samples(50, 2), scores_model(2, DType::float32, {}, 3));
  Runner runner(feed, {.plan = {}, .threads = 4});
  std::vector<int> visits(50, 0);
  runner.run_all([&](const Runner::Finished& finished) {
    for (size_t i = 0; i < finished.samples; ++i) ++visits[finished.first_sample + i];
  });
  EXPECT_EQ(visits, std::vector<int>(50, 1));
}

TEST(Outputs, are_rows_of_real_numbers) {
  const Quantization q{{0.25f}, {0}, 0};
  const Dataset data = Dataset::of({{"", array_of<int8_t>({2, 2}, {4, 8, -4, 0})}}, "x");
  const Feed feed(data, scores_model(2, DType::int8, q));
  Runner runner(feed, {});
  const Outputs outputs = collect_outputs(runner);
  EXPECT_EQ(outputs.rows, 2u);
  EXPECT_EQ(outputs.columns, 2u);
  EXPECT_THAT(outputs.values, ElementsAre(1, 2, -1, 0));
}

TEST(Outputs, that_are_nan_are_an_error_naming_the_sample) {
  std::vector<float> values(6, 1.0f);
  values[4] = std::nanf("");
  const Dataset data = Dataset::of({{"", array_of<float>({3, 2}, values)}}, "x");
  const Feed feed(data, scores_model(2));
  Runner runner(feed, {});
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { collect_outputs(runner); }),
              HasSubstr("NaN for sample 2"));
}

}  // namespace
}  // namespace litesmith
