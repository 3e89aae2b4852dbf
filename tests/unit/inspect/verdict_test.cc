#include "inspect/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "inspect/claimed_scheme.h"
#include "inspect/targets.h"
#include "ops/min_runtime_version.h"
#include "ops/ops.h"
#include "testing/listing_maker.h"
#include "testing/test_data.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Maker = ::litesmith::testing::ListingMaker;

// Two dense layers in integers; `between` makes what the second reads of what the first gives.
Listing integer_model(DType activations, DType weights, size_t scales, DType ends) {
  Maker make;
  const int32_t in =
      make.activation(ends, ends == DType::float32 ? std::nullopt : std::optional(0.1f));
  int32_t x = in;
  if (ends == DType::float32) {
    x = make.activation(activations, 0.1f);
    make.op("QUANTIZE", {in}, {x});
  }
  const int32_t y = make.dense(x, make.weights(weights, scales), activations, 0.2f);
  int32_t out = make.dense(y, make.weights(weights, scales), activations, 0.2f);
  if (ends == DType::float32) {
    const int32_t real = make.activation(DType::float32);
    make.op("DEQUANTIZE", {out}, {real}, 2);
    out = real;
  }
  return make.done({in}, {out});
}

TEST(Verdict, integers_from_end_to_end_are_full_integer) {
  const Verdict verdict = judge(integer_model(DType::int8, DType::int8, 8, DType::int8), "m");
  EXPECT_EQ(verdict.scheme, Scheme::integer);
  EXPECT_EQ(verdict.text,
            "full integer int8, int8 in and out, per-channel weights; runs on TensorFlow Lite "
            "from 1.5 and on TFLM");
  EXPECT_TRUE(verdict.runs_on_tflm);
}

TEST(Verdict, conversions_at_the_ends_leave_it_full_integer) {
  const Verdict verdict = judge(integer_model(DType::int8, DType::int8, 1, DType::float32), "m");
  EXPECT_EQ(verdict.scheme, Scheme::integer);
  EXPECT_THAT(verdict.text,
              StartsWith("full integer int8, float32 in and out, per-tensor weights; "));
}

TEST(Verdict, int16_activations_with_int8_weights_are_16x8) {
  const Verdict verdict = judge(integer_model(DType::int16, DType::int8, 8, DType::int16), "m");
  EXPECT_EQ(verdict.activations, DType::int16);
  EXPECT_THAT(verdict.text, StartsWith("full integer 16x8: int16 activations, int8 weights, "));
}

TEST(Verdict, smaller_weights_are_named) {
  const Verdict verdict = judge(integer_model(DType::int8, DType::int4, 8, DType::int8), "m");
  EXPECT_THAT(verdict.text, StartsWith("full integer int8 with int4 weights, "));
}

TEST(Verdict, integer_weights_under_float_activations_are_dynamic_range) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t x = make.dense(in, make.weights(DType::int8, 1), DType::float32);
  const int32_t y = make.dense(x, make.weights(DType::float32), DType::float32);
  const Listing listing = make.done({in}, {y});
  EXPECT_EQ(judge(listing, "m").scheme, Scheme::dynamic_range);
  EXPECT_FALSE(judge(listing, "m").runs_on_tflm);
  EXPECT_THAT(judge(listing, "m").text,
              StartsWith("dynamic range: 1 of 2 weights in int8, float32 activations, "));
  EXPECT_THAT(judge(listing, "a/model_float32.tflite").text,
              StartsWith("named float32, but its weights are int8: dynamic range: "));
  EXPECT_THAT(judge(listing, "model.int8.tflite").text,
              StartsWith("named int8, but its activations are float32: dynamic range: "));
  EXPECT_THAT(judge(listing, "model.dynamic_range.tflite").text, StartsWith("dynamic range: "));
}

TEST(Verdict, integer_weights_that_are_unpacked_first_are_weight_only) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t real = make.activation(DType::float32);
  make.op("DEQUANTIZE", {make.weights(DType::int8, 8)}, {real});
  const Listing listing = make.done({in}, {make.dense(in, real, DType::float32)});
  EXPECT_EQ(judge(listing, "m").scheme, Scheme::weight_only);
}

TEST(Verdict, halves_that_are_unpacked_are_float16_weights) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t real = make.activation(DType::float32);
  make.op("DEQUANTIZE", {make.weights(DType::float16)}, {real}, 3);
  const Listing listing = make.done({in}, {make.dense(in, real, DType::float32)});
  EXPECT_EQ(judge(listing, "m").scheme, Scheme::float16_weights);
  EXPECT_THAT(judge(listing, "m_float32.tflite").text,
              StartsWith("named float32, but its weights are float16: float16 weights"));
  EXPECT_THAT(judge(listing, "m_fp16.tflite").text, StartsWith("float16 weights"));
}

TEST(Verdict, floats_alone_are_float32) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const Listing listing =
      make.done({in}, {make.dense(in, make.weights(DType::float32), DType::float32)});
  EXPECT_EQ(judge(listing, "net_int8.tflite").text,
            "named int8, but all its numbers are float32: float32, float32 in and out; runs on "
            "TensorFlow Lite from 1.5 and on TFLM");
}

TEST(Verdict, a_float_island_makes_it_mixed_and_is_named) {
  Maker make;
  const int32_t in = make.activation(DType::int8, 0.1f);
  const int32_t x = make.dense(in, make.weights(DType::int8, 8), DType::int8, 0.1f);
  const int32_t real = make.activation(DType::float32);
  make.op("DEQUANTIZE", {x}, {real});
  const int32_t power = make.activation(DType::float32);
  make.op("POW", {real, real}, {power});
  const int32_t y = make.activation(DType::int8, 0.1f);
  make.op("QUANTIZE", {power}, {y});
  const Listing listing = make.done({in}, {y});
  const Verdict verdict = judge(listing, "net_int8.tflite");
  EXPECT_EQ(verdict.scheme, Scheme::mixed);
  EXPECT_THAT(verdict.float_islands, ElementsAre(OpPlace{0, 2}));
  EXPECT_THAT(verdict.text, StartsWith("named int8, but not all of it is in integers: mixed: "
                                       "1 op in int8, 1 in float: POW (op 2), int8 in and out"));
}

TEST(Verdict, a_cast_is_arithmetic_and_no_conversion) {
  Maker make;
  const int32_t in = make.activation(DType::uint8);
  const int32_t real = make.activation(DType::float32);
  make.op("CAST", {in}, {real});
  EXPECT_EQ(judge(make.done({in}, {real}), "m").scheme, Scheme::float32);
}

TEST(Verdict, a_version_nobody_runs_is_told) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t out = make.activation(DType::float32);
  make.op("CONV_2D", {in, make.weights(DType::float32)}, {out}, 99);
  const Verdict verdict = judge(make.done({in}, {out}), "m");
  EXPECT_EQ(verdict.oldest_runtime, "");
  EXPECT_THAT(verdict.text, HasSubstr("no known TensorFlow Lite runs CONV_2D version 99"));
}

TEST(Verdict, a_custom_op_of_tflm_runs_there) {
  Maker make;
  const int32_t in = make.activation(DType::int16);
  const int32_t out = make.activation(DType::int16);
  make.op("SignalWindow", {in, make.weights(DType::int16)}, {out});
  Listing listing = make.done({in}, {out});
  listing[0].ops[0].is_custom = true;
  EXPECT_THAT(judge(listing, "m").text,
              HasSubstr("; runs on TFLM, elsewhere only where the custom op 'SignalWindow' is"));
  listing[0].ops[0].name = "Mine";
  EXPECT_THAT(judge(listing, "m").text, HasSubstr("; runs only where the custom op 'Mine' is"));
}

TEST(Verdict, of_nothing_is_no_numbers) {
  EXPECT_EQ(judge({}, "int8.tflite").text, "no arithmetic on real numbers");
}

TEST(Verdict, mlperf_tinys_float32_file_is_dynamic_range) {
  const auto path = test_data() / "mlperf_tiny/kws/kws_ref_model_float32.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no data at " << path;
  EXPECT_THAT(judge(list(tflite::read_file(path)), path.string()).text,
              StartsWith("named float32, but its weights are int8: dynamic range: "));
}

TEST(ClaimedScheme, words_count_and_parts_of_words_do_not) {
  EXPECT_EQ(claimed_scheme("/x/float32/net.tflite"), std::nullopt);
  EXPECT_EQ(claimed_scheme("net-INT8.tflite"), Claim::int8);
  EXPECT_EQ(claimed_scheme("pint8.tflite"), std::nullopt);
  EXPECT_EQ(claimed_scheme("float32_to_int8.tflite"), std::nullopt);
  EXPECT_EQ(claimed_scheme("net_dynamic_int8.tflite"), Claim::dynamic_range);
}

TEST(Targets, have_every_release_that_the_ops_own_definitions_have) {
  for (const OpDef* def : all_ops()) {
    for (size_t i = 0; i < def->runtime_versions.size(); ++i) {
      std::string release(def->runtime_versions[i]);
      if (release.ends_with(".0")) release.resize(release.size() - 2);
      EXPECT_EQ(first_release(def->name, static_cast<int32_t>(i) + 1), release) << def->name;
    }
  }
}

TEST(Targets, releases_are_compared_by_their_numbers) {
  EXPECT_TRUE(is_later("2.3", "1.14"));
  EXPECT_TRUE(is_later("1.14", "1.5"));
  EXPECT_FALSE(is_later("2.3", "2.3"));
}

}  // namespace
}  // namespace litesmith
