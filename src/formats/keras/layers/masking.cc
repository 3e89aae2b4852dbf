// Masking: steps whose features all have one value do not count.
//
// Its own output has zeros there. What else comes of a mask is the matter of the layers that look
// at one: recurrent layers, attention, GlobalAveragePooling1D.
#include "formats/keras/layers/masking.h"

#include <algorithm>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/sequence.h"
#include "formats/keras/operations/arguments.h"
#include "ops/comparison.h"
#include "ops/logical.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/select.h"

namespace litesmith::keras {
namespace {

float mask_value(const Json& config) {
  if (config["mask_value"].is_null()) return 0;
  const auto value = Arguments::numbers(config["mask_value"]);
  if (!value || value->elements.size() != 1) {
    throw Error(ErrorCode::unsupported, "a mask_value that is not one number is not supported");
  }
  return value->elements.front();
}

}  // namespace

Mask lazy_mask(std::function<ValueId()> build) {
  return std::make_shared<LazyMask>(std::move(build));
}

Mask merged_mask(const LayerCall& call) {
  std::vector<Mask> masks;
  bool all = true;
  for (const Mask& mask : call.masks()) {
    all = all && mask;
    if (mask && std::find(masks.begin(), masks.end(), mask) == masks.end()) masks.push_back(mask);
  }
  // To Keras 3 a step counts that counts in any input; to Keras 2 one that counts in every input
  // that has a mask.
  const bool any = call.dialect().major >= 3;
  if (masks.empty() || (any && !all)) return nullptr;
  if (masks.size() == 1) return masks.front();
  int depth = 0;
  for (const Mask& mask : masks) depth = std::max(depth, mask->depth() + 1);
  Mask merged = std::make_shared<LazyMask>(
      [masks, any, composer = call.composer()]() mutable {
        ValueId result = masks.front()->value();
        for (size_t i = 1; i < masks.size(); ++i) {
          std::vector<ValueId> both = {result, masks[i]->value()};
          result = any ? composer.emit(LogicalOr(), std::move(both), "mask")
                       : composer.emit(LogicalAnd(), std::move(both), "mask");
        }
        return result;
      },
      depth);
  // A file may merge masks any number of times.
  constexpr int kDeepest = 64;
  if (depth > kDeepest) merged->value();
  return merged;
}

Mask reversed(LayerCall& call, const Mask& mask) {
  if (!mask) return nullptr;
  const ValueId made = reversed(call, mask->value());
  return lazy_mask([made] { return made; });
}

ValueId with_axis(LayerCall& call, ValueId mask, int32_t axis) {
  return call.emit(ExpandDims(), {mask, call.integers("mask_axis", {}, {axis})}, "mask");
}

ValueId build_masking(LayerCall& call) {
  const ValueId x = call.input();
  const auto rank = static_cast<int32_t>(call.shape(x).size());
  if (rank < 2) {
    throw Error(ErrorCode::data, "its input " + to_string(call.shape(x)) + " has no features");
  }
  const ValueId differs =
      call.emit(NotEqual(), {x, call.scalar("mask_value", mask_value(call.config()))}, "differs");
  ReduceAny any;
  any.keep_dims = true;
  const ValueId counts =
      call.emit(any, {differs, call.integers("features", {1}, {rank - 1})}, "counts");
  call.give_mask(lazy_mask([counts, rank, composer = call.composer()]() mutable {
    Squeeze op;
    op.squeeze_dims = {rank - 1};
    return composer.emit(op, {counts}, "mask");
  }));
  return call.emit(SelectV2(), {counts, x, call.scalar("zero", 0)}, "masked");
}

}  // namespace litesmith::keras
