#include "ir/op.h"

#include <array>

#include "base/error.h"
#include "ir/attribute_text.h"
#include "ir/graph.h"

namespace litesmith {

std::span<const std::string_view> enum_names(Padding) {
  static constexpr std::array<std::string_view, 2> kNames = {"SAME", "VALID"};
  return kNames;
}

std::span<const std::string_view> enum_names(Activation) {
  static constexpr std::array<std::string_view, 6> kNames = {"NONE",  "RELU", "RELU_N1_TO_1",
                                                             "RELU6", "TANH", "SIGN_BIT"};
  return kNames;
}

std::span<const std::string_view> enum_names(MirrorPadMode) {
  static constexpr std::array<std::string_view, 2> kNames = {"REFLECT", "SYMMETRIC"};
  return kNames;
}

std::span<const std::string_view> enum_names(DType) {
  static const auto names = [] {
    std::array<std::string_view, kDTypeCount> result;
    for (int i = 0; i < kDTypeCount; ++i) {
      result[static_cast<size_t>(i)] = schema_name(static_cast<DType>(i));
    }
    return result;
  }();
  return names;
}

const Value& NodeView::input(size_t i) const {
  if (i >= inputs.size() || inputs[i] == nullptr) {
    throw Error(ErrorCode::format,
                std::string(op.def().name) + " has no input " + std::to_string(i));
  }
  return *inputs[i];
}

bool equal_ops(const Op& a, const Op& b) {
  return &a.def() == &b.def() && attribute_text(a) == attribute_text(b);
}

}  // namespace litesmith
