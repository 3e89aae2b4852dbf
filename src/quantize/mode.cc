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

bool needs_calibration(Mode mode) { return mode == Mode::int8 || mode == Mode::int16x8; }

}  // namespace litesmith
