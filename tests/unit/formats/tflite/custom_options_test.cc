#include "formats/tflite/custom_options.h"

#include <gmock/gmock.h>

#include <cmath>

#include "formats/tflite/flexbuffer.h"
#include "ops/detection_postprocess.h"
#include "testing/random.h"
#include "testing/thrown.h"

namespace litesmith::tflite {
namespace {

using ::testing::HasSubstr;

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

// {"big": 2^40, "far": -5, "float": 0.5, "null": null, "real": 2.25, "text": "no", "true": true,
// "whole": 200} as Google's library for Python writes it, "far" and "real" being indirect.
std::vector<std::byte> googles() {
  return bytes_of({98,  105, 103, 0,   102, 97,  114, 0,  251, 102, 108, 111, 97,  116, 0,
                   114, 101, 97,  108, 0,   0,   0,   16, 64,  116, 101, 120, 116, 0,   2,
                   110, 111, 0,   116, 114, 117, 101, 0,  110, 117, 108, 108, 0,   119, 104,
                   111, 108, 101, 0,   8,   50,  47,  43, 15,  39,  31,  23,  14,  0,   0,
                   0,   0,   0,   0,   14,  0,   0,   0,  0,   0,   0,   0,   1,   0,   0,
                   0,   0,   0,   0,   0,   8,   0,   0,  0,   0,   0,   0,   0,   0,   0,
                   0,   0,   0,   1,   0,   0,   88,  0,  0,   0,   0,   0,   0,   0,   0,
                   0,   0,   0,   0,   0,   224, 63,  0,  0,   0,   0,   0,   0,   0,   0,
                   100, 0,   0,   0,   0,   0,   0,   0,  98,  0,   0,   0,   0,   0,   0,
                   0,   1,   0,   0,   0,   0,   0,   0,  0,   200, 0,   0,   0,   0,   0,
                   0,   0,   7,   24,  15,  3,   34,  20, 107, 11,  72,  39,  1});
}

DetectionPostprocess detection() {
  DetectionPostprocess op;
  op.max_detections = 7;
  op.use_regular_nms = true;
  op.nms_iou_threshold = 0.25f;
  op.num_classes = 3;
  return op;
}

std::string refusal(const FlexMap& map) {
  return thrown_message(ErrorCode::format, [&] {
    read_custom_op(DetectionPostprocess::definition(), write_flex_map(map));
  });
}

TEST(CustomOptions, come_back_as_they_went) {
  const DetectionPostprocess op = detection();
  const auto again = read_custom_op(op.def(), custom_options(op));
  EXPECT_TRUE(equal_ops(op, *again));
}

TEST(CustomOptions, that_are_left_out_are_as_the_op_says) {
  const auto op = read_custom_op(DetectionPostprocess::definition(), {});
  EXPECT_TRUE(equal_ops(DetectionPostprocess(), *op));
}

TEST(CustomOptions, take_integers_and_truths_for_numbers) {
  const FlexMap map = {{"num_classes", 4.75}, {"use_regular_nms", int64_t{2}}, {"y_scale", true}};
  const auto op = read_custom_op(DetectionPostprocess::definition(), write_flex_map(map));
  const auto& read = static_cast<const DetectionPostprocess&>(*op);
  EXPECT_EQ(read.num_classes, 4);
  EXPECT_TRUE(read.use_regular_nms);
  EXPECT_EQ(read.y_scale, 1.0f);
}

TEST(CustomOptions, that_do_not_fit_are_refused) {
  EXPECT_THAT(refusal({{"num_classes", 3e9}}),
              HasSubstr("num_classes is 3000000000.000000, beyond"));
  EXPECT_THAT(refusal({{"max_detections", NAN}}), HasSubstr("max_detections is nan, beyond"));
}

TEST(FlexBuffers, are_read_as_googles_library_writes_them) {
  const FlexMap map = read_flex_map(googles());
  EXPECT_EQ(map.size(), 7u) << "all but the null";
  EXPECT_EQ(std::get<int64_t>(map.at("big")), int64_t{1} << 40);
  EXPECT_EQ(std::get<int64_t>(map.at("far")), -5);
  EXPECT_EQ(std::get<double>(map.at("float")), 0.5);
  EXPECT_EQ(std::get<double>(map.at("real")), 2.25);
  EXPECT_EQ(std::get<FlexOther>(map.at("text")).type, "a text");
  EXPECT_EQ(std::get<bool>(map.at("true")), true);
  EXPECT_EQ(std::get<int64_t>(map.at("whole")), 200);
}

TEST(FlexBuffers, cut_short_or_damaged_are_refused_or_read) {
  Random random(1);
  const std::vector<std::byte> sound = custom_options(detection());
  int refused = 0;
  for (size_t size = 0; size < sound.size(); ++size) {
    const std::span<const std::byte> cut(sound.data() + (sound.size() - size), size);
    try {
      read_flex_map(cut);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::format);
      ++refused;
    }
  }
  EXPECT_GT(refused, 20);
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::byte> damaged = sound;
    for (int k = random.between(1, 3); k > 0; --k) {
      damaged[static_cast<size_t>(random.below(static_cast<int>(damaged.size())))] =
          static_cast<std::byte>(random.below(256));
    }
    try {
      read_flex_map(damaged);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::format);
    }
  }
}

}  // namespace
}  // namespace litesmith::tflite
