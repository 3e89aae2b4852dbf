// TFLite_Detection_PostProcess, a custom operator: the boxes that an SSD detector found.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 are the encodings of boxes [1, boxes, 4 or more], 1 the scores [1, boxes, classes] or
// one class more, the background, in front; 2 the anchors [boxes, 4]. Makes the corners of the
// boxes [1, n, 4], their classes [1, n], their scores [1, n] and how many they are [1], all float,
// with n = max_detections * max_classes_per_detection.
struct DetectionPostprocess : OpOf<DetectionPostprocess> {
  int32_t max_detections = 0;
  int32_t max_classes_per_detection = 0;
  int32_t detections_per_class = 100;
  bool use_regular_nms = false;
  float nms_score_threshold = 0;
  float nms_iou_threshold = 0;
  int32_t num_classes = 0;
  float y_scale = 0;
  float x_scale = 0;
  float h_scale = 0;
  float w_scale = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "max_detections", self.max_detections, 0);
    visit(1, "max_classes_per_detection", self.max_classes_per_detection, 0);
    visit(2, "detections_per_class", self.detections_per_class, 100);
    visit(3, "use_regular_nms", self.use_regular_nms, false);
    visit(4, "nms_score_threshold", self.nms_score_threshold, 0.0f);
    visit(5, "nms_iou_threshold", self.nms_iou_threshold, 0.0f);
    visit(6, "num_classes", self.num_classes, 0);
    visit(7, "y_scale", self.y_scale, 0.0f);
    visit(8, "x_scale", self.x_scale, 0.0f);
    visit(9, "h_scale", self.h_scale, 0.0f);
    visit(10, "w_scale", self.w_scale, 0.0f);
  }
};

}  // namespace litesmith
