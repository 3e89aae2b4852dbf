// TFLite_Detection_PostProcess of float or, in LiteRT, uint8.
#include "ops/detection_postprocess.h"

#include <string>

#include "base/arena.h"
#include "base/error.h"
#include "kernels/affine.h"
#include "kernels/detection_postprocess.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

kernels::Detection detection(const BindContext& context) {
  const auto& op = context.op<DetectionPostprocess>();
  const Shape& encodings = context.input(0).shape;
  const Shape& scores = context.input(1).shape;
  return {.boxes = encodings[1],
          .box_size = encodings[2],
          .all_classes = scores[2],
          .classes = op.num_classes,
          .max_detections = op.max_detections,
          .classes_per_detection = op.max_classes_per_detection,
          .detections_per_class = op.detections_per_class,
          .regular = op.use_regular_nms,
          .score_threshold = op.nms_score_threshold,
          .overlap_threshold = op.nms_iou_threshold,
          .y_scale = op.y_scale,
          .x_scale = op.x_scale,
          .h_scale = op.h_scale,
          .w_scale = op.w_scale,
          .micro = context.arithmetic == Arithmetic::tflm};
}

// Operand `i` as floats: itself, or its codes taken back to float in the scratch memory.
class RealOperand {
 public:
  // `way` for codes; `count` elements.
  RealOperand(const BindContext& context, size_t i, kernels::Dequantization way, size_t count,
              size_t& scratch_bytes)
      : operand_(i), way_(way), count_(count), offset_(scratch_bytes) {
    const Value& value = context.input(i);
    if (value.dtype == DType::float32) return;
    if (value.dtype != DType::uint8 || context.arithmetic == Arithmetic::tflm) {
      context.unsupported();
    }
    const Affine affine = per_tensor(value);
    scale_ = {affine.scale, affine.zero_point};
    is_codes_ = true;
    scratch_bytes += round_up(count * sizeof(float));
  }

  const float* in(const StepMemory& memory) const {
    if (!is_codes_) return memory.in<float>(operand_);
    auto* const real = reinterpret_cast<float*>(memory.scratch + offset_);
    kernels::dequantize(way_, scale_, memory.in<uint8_t>(operand_), real,
                        static_cast<int64_t>(count_));
    return real;
  }

 private:
  size_t operand_;
  kernels::Dequantization way_;
  size_t count_;
  size_t offset_;
  kernels::AffineScale scale_;
  bool is_codes_ = false;
};

void check_options(const BindContext& context, const kernels::Detection& d) {
  if (!(d.overlap_threshold > 0 && d.overlap_threshold <= 1)) {
    context.unsupported("its nms_iou_threshold is not above 0 and at most 1");
  }
  if (d.regular && d.detections_per_class < 1) {
    context.unsupported("its detections_per_class is not positive");
  }
  if (int64_t{d.boxes} * d.all_classes > INT32_MAX) context.unsupported("its scores are too many");
  if (d.micro && !d.regular && d.classes_per_detection > 1) {
    context.unsupported("TFLite Micro's kernel writes several classes a box to wrong places");
  }
}

}  // namespace

BoundKernel detection_postprocess(const BindContext& context) {
  const kernels::Detection d = detection(context);
  check_options(context, d);
  const bool is_float = context.input(0).dtype == DType::float32;
  if ((context.input(2).dtype == DType::float32) != is_float) context.unsupported();
  const auto boxes = static_cast<size_t>(d.boxes);
  size_t scratch = round_up(kernels::detection_scratch_bytes(d));
  using enum kernels::Dequantization;
  const RealOperand encodings(context, 0, product, boxes * static_cast<size_t>(d.box_size),
                              scratch);
  const RealOperand scores(context, 1, moved, boxes * static_cast<size_t>(d.all_classes), scratch);
  const RealOperand anchors(context, 2, product, boxes * 4, scratch);
  return {
      .run =
          [=](const StepMemory& memory) {
            const kernels::DetectionOutputs outputs = {memory.out<kernels::Corners>(0),
                                                       memory.out<float>(1), memory.out<float>(2),
                                                       memory.out<float>(3)};
            const int32_t wrong = kernels::detect(d, encodings.in(memory), scores.in(memory),
                                                  anchors.in(memory), outputs, memory.scratch);
            if (wrong < 0) return;
            throw Error(ErrorCode::data, "box " + std::to_string(wrong) + " ends before it begins");
          },
      .scratch_bytes = scratch};
}

}  // namespace litesmith::bindings
