// TFLite_Detection_PostProcess: from what an SSD detector says of each anchor to a list of boxes,
// by non-maximum suppression (LiteRT kernels/detection_postprocess.cc; TFLite Micro's kernel is the
// same but for what is said below).
#pragma once

#include <cstddef>
#include <cstdint>

namespace litesmith::kernels {

// Options and sizes. Every count is positive and their products fit.
struct Detection {
  int32_t boxes;
  int32_t box_size;     // elements of a box's encoding, of which the first four are read
  int32_t all_classes;  // of the scores; one more than `classes` where the first is the background
  int32_t classes;
  int32_t max_detections;
  int32_t classes_per_detection;  // listed for each box by the fast way
  int32_t detections_per_class;   // looked for in each class by the regular way
  bool regular;
  float score_threshold;
  float overlap_threshold;  // of intersection over union, in (0, 1]
  float y_scale, x_scale, h_scale, w_scale;
  // TFLite Micro: boxes without an area are faults, too, and of equal scores the lower class comes
  // first. LiteRT's order is that of std::partial_sort where several classes are listed.
  bool micro = false;
};

// Corners of a box. Encodings and anchors are {y, x, height, width}.
struct Corners {
  float y_min, x_min, y_max, x_max;
};

struct DetectionOutputs {
  Corners* boxes;  // max_detections * classes_per_detection, as classes and scores
  float* classes;
  float* scores;
  float* count;
};

size_t detection_scratch_bytes(const Detection& detection);

// The place of the first box that is upside down, or -1. What is not detected is zeros; LiteRT
// leaves there what the memory held.
int32_t detect(const Detection& detection, const float* encodings, const float* scores,
               const float* anchors, const DetectionOutputs& outputs, std::byte* scratch);

}  // namespace litesmith::kernels
