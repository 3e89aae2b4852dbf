// Facts about non-maximum suppression; tests/interop/test_detection_postprocess.py holds it to
// LiteRT and TFLite Micro.
#include "kernels/detection_postprocess.h"

#include <gmock/gmock.h>

#include <vector>

#include "base/arena.h"

namespace litesmith::kernels {
namespace {

using ::testing::ElementsAre;

// Four anchors of height and width 1 at y = 0, 0.125, 3 and 6; encodings of 0 leave them as they
// are.
struct Scene {
  Detection detection = {.boxes = 4,
                         .box_size = 4,
                         .all_classes = 3,
                         .classes = 2,
                         .max_detections = 3,
                         .classes_per_detection = 1,
                         .detections_per_class = 100,
                         .regular = false,
                         .score_threshold = 0.2f,
                         .overlap_threshold = 0.5f,
                         .y_scale = 1,
                         .x_scale = 1,
                         .h_scale = 1,
                         .w_scale = 1};
  std::vector<float> encodings = std::vector<float>(16);
  std::vector<float> anchors = {0, 0, 1, 1, 0.125f, 0, 1, 1, 3, 0, 1, 1, 6, 0, 1, 1};
  // Background and two classes.
  std::vector<float> scores = {0.9f, 0.5f, 0.1f, 0.9f, 0.6f, 0.7f,
                               0.9f, 0.3f, 0.4f, 0.9f, 0.1f, 0.1f};
  int32_t wrong = -1;
  std::vector<float> classes, found, centres;
  float count = -1;

  Scene& run() {
    const auto places = static_cast<size_t>(detection.max_detections) *
                        static_cast<size_t>(detection.classes_per_detection);
    std::vector<Corners> boxes(places, Corners{9, 9, 9, 9});
    classes.assign(places, 9);
    found.assign(places, 9);
    std::vector<uint64_t> scratch(detection_scratch_bytes(detection) / 8 + 1);
    wrong = detect(detection, encodings.data(), scores.data(), anchors.data(),
                   {boxes.data(), classes.data(), found.data(), &count},
                   reinterpret_cast<std::byte*>(scratch.data()));
    for (const Corners& box : boxes) centres.push_back((box.y_min + box.y_max) / 2);
    return *this;
  }
};

TEST(DetectionPostprocess, keeps_the_best_of_boxes_that_cover_each_other) {
  Scene scene;
  scene.run();
  EXPECT_EQ(scene.count, 2);
  EXPECT_THAT(scene.classes, ElementsAre(1, 1, 0));
  EXPECT_THAT(scene.found, ElementsAre(0.7f, 0.4f, 0));
  EXPECT_THAT(scene.centres, ElementsAre(0.125f, 3, 0));
}

TEST(DetectionPostprocess, lists_several_classes_of_a_box) {
  Scene scene;
  scene.detection.classes_per_detection = 2;
  scene.run();
  EXPECT_EQ(scene.count, 2);
  EXPECT_THAT(scene.classes, ElementsAre(1, 0, 1, 0, 0, 0));
  EXPECT_THAT(scene.found, ElementsAre(0.7f, 0.6f, 0.4f, 0.3f, 0, 0));
}

TEST(DetectionPostprocess, suppresses_each_class_by_itself) {
  Scene scene;
  scene.detection.regular = true;
  scene.run();
  EXPECT_EQ(scene.count, 3) << "of four";
  EXPECT_THAT(scene.classes, ElementsAre(1, 0, 1));
  EXPECT_THAT(scene.found, ElementsAre(0.7f, 0.6f, 0.4f));
}

TEST(DetectionPostprocess, keeps_more_where_more_overlap_is_allowed) {
  Scene scene;
  scene.detection.overlap_threshold = 0.9f;
  EXPECT_EQ(scene.run().count, 3);
}

TEST(DetectionPostprocess, of_equal_scores_takes_the_first_box) {
  Scene scene;
  scene.scores = std::vector<float>(12, 0.5f);
  scene.run();
  EXPECT_THAT(scene.centres, ElementsAre(0, 3, 6));
  EXPECT_THAT(scene.classes, ElementsAre(0, 0, 0));
}

TEST(DetectionPostprocess, names_a_box_that_ends_before_it_begins) {
  Scene scene;
  scene.anchors[10] = -1;  // the height of the third
  EXPECT_EQ(scene.run().wrong, 2);
  scene.anchors[10] = 0;
  EXPECT_EQ(scene.run().wrong, -1);
  scene.detection.micro = true;
  EXPECT_EQ(scene.run().wrong, 2);
}

}  // namespace
}  // namespace litesmith::kernels
