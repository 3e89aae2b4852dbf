// Options that several verbs take, and how their words are understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu_features.h"
#include "formats/model_file/model_file.h"
#include "ir/dtype.h"
#include "litesmith/arithmetic.h"
#include "litesmith/mode.h"
#include "verb.h"

namespace litesmith::cli {

// The .tflite file that a verb is about.
Option file_option(std::string* target);
Option arithmetic_option(std::string* target);
Option isa_option(std::optional<std::string>* target);
Option threads_option(uint64_t* target);
Option json_option(bool* target);
Option keep_float_option(std::vector<std::string>* target);
Option per_tensor_option(bool* target);
Option signature_option(std::optional<std::string>* target);

// What ONNX models leave open.
struct OnnxArguments {
  bool keep_nchw = false;
  std::optional<std::string> sequence;
  std::vector<std::string> dimensions;
};
void append_onnx_options(std::vector<Option>& options, OnnxArguments* target);
// Throws Error(usage) for a dimension that is not NAME=SIZE.
LoadOptions load_options(const OnnxArguments& arguments);

// The .tflite file as it is to run: its main graph, or the named signature's.
Model read_signature(const std::string& file, const std::optional<std::string>& signature);

// Throws Error(usage) for more threads than any machine is served by.
unsigned thread_count(uint64_t given);

// Throw Error(usage) listing what there is.
Mode mode_named(std::string_view name);
ConvertTarget convert_target_named(std::string_view name);
// The level a run uses: the named one, or the default. It must be one that this machine has.
Isa isa_named(const std::optional<std::string>& name);
std::vector<std::string> listed(std::string_view list);  // "a,b"; empty gives none
std::vector<Mode> modes_named(std::string_view list);    // "int8,float16"
DType dtype_named(std::string_view name);

}  // namespace litesmith::cli
