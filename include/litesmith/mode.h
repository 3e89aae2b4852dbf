// The five post-training modes, named as TensorFlow Lite's users know them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace litesmith {

enum class Mode { float32, dynamic_range, int8, float16, int16x8 };

// In the order tables list them.
std::span<const Mode> all_modes();
std::string_view to_string(Mode mode);  // "dynamic_range"
std::optional<Mode> parse_mode(std::string_view name);

// The runtime that the file is for. tflm: operators that TFLite Micro alone has in a mode become
// integer, too (UNIDIRECTIONAL_SEQUENCE_LSTM in int16x8); LiteRT does not run such a file.
enum class ConvertTarget { litert, tflm };

std::span<const ConvertTarget> all_convert_targets();
std::string_view to_string(ConvertTarget target);  // "tflm"
std::optional<ConvertTarget> parse_convert_target(std::string_view name);

// True when the mode needs ranges from a representative dataset.
bool needs_calibration(Mode mode);

}  // namespace litesmith
