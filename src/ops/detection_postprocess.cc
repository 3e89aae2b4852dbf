#include "ops/detection_postprocess.h"

#include <cmath>
#include <string>

#include "ops/inference.h"
#include "ops/ops.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// The dimension, where it is known, is at least `least` and at most `most`.
bool fits(int32_t dimension, int64_t least, int64_t most) {
  return dimension < 0 || (dimension >= least && dimension <= most);
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 3, 3);
  require_outputs(node, 4);
  const auto& op = node.as<DetectionPostprocess>();
  const Shape& encodings = node.input(0).shape;
  const Shape& scores = node.input(1).shape;
  const Shape& anchors = node.input(2).shape;
  const int64_t classes = op.num_classes;
  if (op.max_detections < 1 || op.max_classes_per_detection < 1 || classes < 1) {
    refuse(node, "max_detections, max_classes_per_detection and num_classes are not all positive");
  }
  for (const float scale : {op.y_scale, op.x_scale, op.h_scale, op.w_scale}) {
    if (!std::isfinite(scale) || scale == 0)
      refuse(node, "a scale of its boxes is no number but 0");
  }
  const auto describe = [&] {
    return to_string(encodings) + ", scores " + to_string(scores) + " and anchors " +
           to_string(anchors);
  };
  if (encodings.size() != 3 || scores.size() != 3 || anchors.size() != 2 ||
      !fits(encodings[0], 1, 1) || !fits(scores[0], 1, 1) || !fits(encodings[2], 4, INT32_MAX) ||
      !fits(scores[2], classes, classes + 1) || !fits(anchors[1], 4, 4) ||
      !merged({encodings[1]}, {scores[1]}) || !fits(anchors[0], encodings[1], INT32_MAX)) {
    refuse(node, "boxes " + describe() + " do not fit each other and " + std::to_string(classes) +
                     " classes");
  }
  const int32_t count =
      to_dimension(node, int64_t{op.max_detections} * op.max_classes_per_detection);
  return {{DType::float32, {1, count, 4}},
          {DType::float32, {1, count}},
          {DType::float32, {1, count}},
          {DType::float32, {1}}};
}

}  // namespace

const OpDef& DetectionPostprocess::definition() {
  static const OpDef def = {.code = kCustomOp,
                            .name = "TFLite_Detection_PostProcess",
                            .options_tag = 0,
                            .make = make_op<DetectionPostprocess>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {}};
  return def;
}

}  // namespace litesmith
