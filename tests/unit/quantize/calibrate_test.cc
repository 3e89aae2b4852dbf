#include "quantize/calibrate.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "ops/binary.h"
#include "quantize/network.h"
#include "testing/random.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::GraphBuilder;
using ::testing::HasSubstr;

// y = x + 1, 37 elements a sample.
Model add_one() {
  GraphBuilder net;
  const ValueId x = net.input("x", {kDynamic, 37});
  return net.model({net.op(Add{}, {x, net.floats({1}, {1.0f})}, "y")});
}

const Value& named(const Model& model, const std::string& name) {
  for (const Value& value : model.graph.values) {
    if (value.name == name) return value;
  }
  throw Error(ErrorCode::internal, "no value '" + name + "'");
}

void fill_noise(size_t sample, std::span<const std::span<float>> inputs) {
  Random random(sample + 1);
  for (float& value : inputs[0]) value = static_cast<float>(random.uniform(-5, 5));
}

TEST(Calibrate, ranges_are_the_extremes_of_all_samples) {
  const Model model = calibrate(add_one(), 3, [](size_t sample, auto inputs) {
    for (float& value : inputs[0]) value = 0.5f;
    inputs[0][36] = sample == 1 ? -7.0f : 2.0f;  // in the part that vectors do not reach
  });
  EXPECT_EQ(named(model, "x").range, (Range{-7, 2}));
  EXPECT_EQ(named(model, "y").range, (Range{-6, 3}));
}

TEST(Calibrate, constants_get_no_range) {
  const Model model = calibrate(add_one(), 1, fill_noise);
  for (const Value& value : model.graph.values) EXPECT_EQ(value.range.has_value(), !value.data);
}

TEST(Calibrate, the_result_does_not_depend_on_the_number_of_threads) {
  const Model one = calibrate(add_one(), 50, fill_noise, {.threads = 1});
  const Model many = calibrate(add_one(), 50, fill_noise, {.threads = 4});
  EXPECT_EQ(named(one, "y").range, named(many, "y").range);
}

TEST(Calibrate, minus_zero_becomes_zero) {
  const Model model = calibrate(add_one(), 1, [](size_t, auto inputs) {
    for (float& value : inputs[0]) value = -0.0f;
  });
  EXPECT_FALSE(std::signbit(named(model, "x").range->min));
  EXPECT_FALSE(std::signbit(named(model, "x").range->max));
}

TEST(Calibrate, no_samples_are_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data, [] { calibrate(add_one(), 0, fill_noise); }),
              HasSubstr("no samples"));
}

TEST(Calibrate, NaN_is_refused_with_its_sample_and_tensor) {
  for (const size_t place : {size_t{0}, size_t{36}}) {
    const std::string message = thrown_message(ErrorCode::data, [&] {
      calibrate(add_one(), 4, [&](size_t sample, auto inputs) {
        for (float& value : inputs[0]) value = 1;
        if (sample == 2) inputs[0][place] = std::numeric_limits<float>::quiet_NaN();
      });
    });
    EXPECT_THAT(message, HasSubstr("sample 2"));
    EXPECT_THAT(message, HasSubstr("'x'"));
  }
}

TEST(Calibrate, infinity_is_refused) {
  EXPECT_THAT(
      thrown_message(
          ErrorCode::data,
          [] { calibrate(add_one(), 1, [](size_t, auto inputs) { inputs[0][3] = HUGE_VALF; }); }),
      HasSubstr("infinite"));
}

TEST(Calibrate, progress_may_cancel) {
  EXPECT_THROW(
      calibrate(add_one(), 100, fill_noise,
                {.threads = 1, .progress = [](std::string_view, size_t, size_t) { return false; }}),
      Error);
}

}  // namespace
}  // namespace litesmith
