// Options that several verbs take, and how their words are understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/dtype.h"
#include "quantize/mode.h"
#include "runtime/arithmetic.h"
#include "verb.h"

namespace litesmith::cli {

Option arithmetic_option(std::string* target);
Option threads_option(uint64_t* target);
Option json_option(bool* target);
Option keep_float_option(std::vector<std::string>* target);
Option per_tensor_option(bool* target);

// Throws Error(usage) for more threads than any machine is served by.
unsigned thread_count(uint64_t given);

// Throw Error(usage) listing what there is.
Mode mode_named(std::string_view name);
std::vector<Mode> modes_named(std::string_view list);  // "int8,float16"
DType dtype_named(std::string_view name);

}  // namespace litesmith::cli
