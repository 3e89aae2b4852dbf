#include "ir/op.h"

#include <array>

#include "base/error.h"
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

std::span<const std::string_view> enum_names(WeightsFormat) {
  static constexpr std::array<std::string_view, 2> kNames = {"DEFAULT", "SHUFFLED4x16INT8"};
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

void internal::require_enum_value(const AttributeInfo& info, int8_t value) {
  if (static_cast<uint8_t>(value) < info.names.size()) return;
  throw Error(ErrorCode::format, "attribute " + std::string(info.name) + " is " +
                                     std::to_string(value) + ", which stands for nothing");
}

const Value& NodeView::input(size_t i) const {
  if (i >= inputs.size() || inputs[i] == nullptr) {
    throw Error(ErrorCode::format,
                std::string(op.def().name) + " has no input " + std::to_string(i));
  }
  return *inputs[i];
}

}  // namespace litesmith
