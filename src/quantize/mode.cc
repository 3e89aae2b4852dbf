#include "litesmith/mode.h"

#include <array>

namespace litesmith {

std::span<const Mode> all_modes() {
  static constexpr std::array kModes = {Mode::float32, Mode::dynamic_range, Mode::int8,
                                        Mode::float16, Mode::int16x8};
  return kModes;
}

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::float32:
      return "float32";
    case Mode::dynamic_range:
      return "dynamic_range";
    case Mode::int8:
      return "int8";
    case Mode::float16:
      return "float16";
    case Mode::int16x8:
      return "int16x8";
  }
  return "unknown";
}

std::optional<Mode> parse_mode(std::string_view name) {
  for (const Mode mode : all_modes()) {
    if (to_string(mode) == name) return mode;
  }
  return std::nullopt;
}

std::span<const ConvertTarget> all_convert_targets() {
  static constexpr std::array kTargets = {ConvertTarget::litert, ConvertTarget::tflm};
  return kTargets;
}

std::string_view to_string(ConvertTarget target) {
  return target == ConvertTarget::tflm ? "tflm" : "litert";
}

std::optional<ConvertTarget> parse_convert_target(std::string_view name) {
  for (const ConvertTarget target : all_convert_targets()) {
    if (to_string(target) == name) return target;
  }
  return std::nullopt;
}

bool needs_calibration(Mode mode) { return mode == Mode::int8 || mode == Mode::int16x8; }

}  // namespace litesmith
