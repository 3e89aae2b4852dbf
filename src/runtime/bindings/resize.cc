// Images of another size: RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR.
#include "ops/resize.h"

#include <utility>

#include "kernels/indexed_copy.h"
#include "kernels/resize_bilinear.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"
#include "runtime/xnnpack_takes.h"

namespace litesmith::bindings {
namespace {

using kernels::ImageSize;
using kernels::ResizeRule;
using kernels::Taps;

ImageSize image_size(const Shape& shape) { return {shape[0], shape[1], shape[2], shape[3]}; }

// `make` gives the taps of an axis, `run` is the kernel.
template <class T, class Make, class Run>
BoundKernel bilinear(const BindContext& context, ResizeRule rule, Make make, Run run) {
  const ImageSize from = image_size(context.input(0).shape);
  const Shape& in = context.input(0).shape;
  const Shape& out = context.output().shape;
  return {[=, rows = make(in[1], out[1], rule),
           columns = make(in[2], out[2], rule)](const StepMemory& memory) {
    run(from, rows, columns, memory.in<T>(0), memory.out<T>());
  }};
}

}  // namespace

BoundKernel resize_bilinear(const BindContext& context) {
  const auto& op = context.op<ResizeBilinear>();
  const Value& input = context.input(0);
  require_same_type(context, input);
  if (op.align_corners && op.half_pixel_centers) {
    context.unsupported("corners cannot be aligned when pixel centres are halves");
  }
  if (input.shape[1] == 0 || input.shape[2] == 0) context.unsupported("the image is empty");
  const ResizeRule rule = {op.align_corners, op.half_pixel_centers};
  const bool delegated = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node);
  switch (input.dtype) {
    case DType::float32:
      return bilinear<float>(context, rule, kernels::float_taps, kernels::resize_bilinear);
    case DType::int8:
      if (delegated) {
        return bilinear<int8_t>(context, rule, kernels::eleventh_bit_taps,
                                kernels::resize_bilinear_22_bits<int8_t>);
      }
      return bilinear<int8_t>(context, rule, kernels::tenth_bit_taps,
                              kernels::resize_bilinear_20_bits<int8_t>);
    case DType::int16:
      return bilinear<int16_t>(context, rule, kernels::tenth_bit_taps,
                               kernels::resize_bilinear_20_bits<int16_t>);
    case DType::uint8: {
      if (delegated) {
        return bilinear<uint8_t>(context, rule, kernels::eleventh_bit_taps,
                                 kernels::resize_bilinear_22_bits<uint8_t>);
      }
      const auto order =
          context.by_reference() ? kernels::WeightOrder::one_by_one : kernels::WeightOrder::product;
      return bilinear<uint8_t>(
          context, rule, kernels::float_taps,
          [order](const ImageSize& from, const Taps<float>& rows, const Taps<float>& columns,
                  const uint8_t* in, uint8_t* out) {
            kernels::resize_bilinear_uint8(from, rows, columns, order, in, out);
          });
    }
    default:
      context.unsupported();
  }
}

BoundKernel resize_nearest_neighbor(const BindContext& context) {
  const auto& op = context.op<ResizeNearestNeighbor>();
  const Value& input = context.input(0);
  require_same_type(context, input);
  const Shape& from = input.shape;
  const Shape& to = context.output().shape;
  if (from[1] == 0 || from[2] == 0) context.unsupported("the image is empty");
  std::vector<int32_t> all_images(static_cast<size_t>(from[0]));
  for (size_t i = 0; i < all_images.size(); ++i) all_images[i] = static_cast<int32_t>(i);
  auto positions = [&](size_t d) {
    return kernels::nearest_positions(from[d], to[d], op.align_corners, op.half_pixel_centers);
  };
  kernels::IndexedCopy copy(static_cast<size_t>(from[3]) * element_bytes(context, input),
                            {from[0], from[1], from[2]}, {all_images, positions(1), positions(2)});
  return {[copy = std::move(copy)](const StepMemory& memory) {
    copy(memory.inputs[0], memory.outputs[0]);
  }};
}

}  // namespace litesmith::bindings
