// What a file's name claims about its numbers.
#pragma once

#include <optional>
#include <string_view>

namespace litesmith {

enum class Claim { float32, float16, dynamic_range, int8, int16 };
std::string_view to_string(Claim claim);

// By the words of the name: "kws_ref_model_float32.tflite" claims float32. Nothing when it claims
// nothing, or two things at once.
std::optional<Claim> claimed_scheme(std::string_view name);

}  // namespace litesmith
