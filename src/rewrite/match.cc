#include "rewrite/match.h"

#include "base/error.h"

namespace litesmith {

bool is_plain_float(const Value& value) {
  return value.dtype == DType::float32 && !value.quantization.present();
}

bool is_float_constant(const Editor& edit, ValueId id) {
  return id.valid() && edit.value(id).is_constant() && is_plain_float(edit.value(id));
}

std::optional<std::span<const float>> float_constant(const Editor& edit, ValueId id) {
  if (!is_float_constant(edit, id)) return std::nullopt;
  return edit.value(id).elements<float>();
}

std::optional<float> float_scalar(const Editor& edit, ValueId id) {
  const auto elements = float_constant(edit, id);
  return elements && elements->size() == 1 ? std::optional((*elements)[0]) : std::nullopt;
}

std::optional<std::span<const int32_t>> int32_constant(const Editor& edit, ValueId id) {
  if (!id.valid() || !edit.value(id).is_constant() || edit.value(id).dtype != DType::int32) {
    return std::nullopt;
  }
  return edit.value(id).elements<int32_t>();
}

Activation fused_activation(const Op& op) {
  if (op.def().activation == nullptr) return Activation::none;
  return *op.def().activation(*op.clone());
}

std::shared_ptr<const Op> with_activation(const Op& op, Activation activation) {
  check(op.def().activation != nullptr, "the op has no fused activation");
  std::unique_ptr<Op> copy = op.clone();
  *copy->def().activation(*copy) = activation;
  return copy;
}

bool interchangeable(const Value& a, const Value& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.quantization == b.quantization;
}

}  // namespace litesmith
