#include "verbs/options.h"

#include <charconv>
#include <utility>

#include "base/error.h"
#include "formats/tflite/read.h"
#include "ir/signature.h"

namespace litesmith::cli {

Option file_option(std::string* target) {
  return {
      .name = "FILE", .value = "", .help = "The .tflite file", .target = target, .required = true};
}

Option arithmetic_option(std::string* target) {
  std::vector<std::string> names;
  for (const Arithmetic each : all_arithmetics()) names.emplace_back(to_string(each));
  return {.name = "--arithmetic",
          .value = "NAME",
          .help = "Whose integer arithmetic; litert when not given",
          .target = target,
          .choices = std::move(names)};
}

Option isa_option(std::optional<std::string>* target) {
  return {.name = "--isa",
          .value = "NAME",
          .help =
              "Instruction set, instead of LITESMITH_ISA or the fastest: baseline, avx2, avx_vnni, "
              "avx512 or avx512_vnni; on 64-bit Arm baseline or neon_dotprod. Results do not "
              "depend on it",
          .target = target};
}

Option threads_option(uint64_t* target) {
  return {.name = "--threads",
          .value = "N",
          .help = "Threads; all the machine has when not given. Results do not depend on it",
          .target = target};
}

Option json_option(bool* target) {
  return {.name = "--json", .value = "", .help = "Print JSON", .target = target};
}

Option keep_float_option(std::vector<std::string>* target) {
  return {.name = "--keep-float",
          .value = "OP_OR_TENSOR",
          .help = "Leave this op (SOFTMAX) or the op that makes this tensor in float",
          .target = target};
}

Option per_tensor_option(bool* target) {
  return {.name = "--per-tensor",
          .value = "",
          .help = "One scale for all weights of a layer instead of one a channel",
          .target = target};
}

Option signature_option(std::optional<std::string>* target) {
  return {.name = "--signature",
          .value = "NAME",
          .help = "Run the subgraph of this signature; the main one when not given",
          .target = target};
}

void append_onnx_options(std::vector<Option>& options, OnnxArguments* target) {
  options.push_back({.name = "--keep-nchw-input",
                     .value = "",
                     .help = "ONNX: images stay channels first at inputs and outputs",
                     .target = &target->keep_nchw});
  options.push_back({.name = "--sequence-input",
                     .value = "LAYOUT",
                     .help = "ONNX: how a [batch, channels, length] input lies in the file: ncl "
                             "(as it is) or nlc (length first)",
                     .target = &target->sequence});
  options.push_back({.name = "--dimension",
                     .value = "NAME=SIZE",
                     .help = "ONNX: the size of a dimension that the model leaves open",
                     .target = &target->dimensions});
}

LoadOptions load_options(const OnnxArguments& arguments) {
  LoadOptions result;
  result.onnx.keep_nchw = arguments.keep_nchw;
  if (arguments.sequence == "nlc") {
    result.onnx.sequence = SequenceLayout::channels_last;
  } else if (arguments.sequence == "ncl") {
    result.onnx.sequence = SequenceLayout::channels_first;
  } else if (arguments.sequence) {
    throw Error(ErrorCode::usage,
                "there is no layout '" + *arguments.sequence + "'; the layouts are ncl and nlc");
  }
  for (const std::string& given : arguments.dimensions) {
    const size_t equals = given.rfind('=');
    int32_t size = 0;
    bool sound = equals != std::string::npos && equals > 0;
    if (sound) {
      const char* end = given.data() + given.size();
      const auto [at, problem] = std::from_chars(given.data() + equals + 1, end, size);
      sound = problem == std::errc() && at == end && size > 0;
    }
    if (!sound) {
      throw Error(ErrorCode::usage, "'" + given + "' is no NAME=SIZE with a size of at least 1");
    }
    result.onnx.dimensions.emplace_back(given.substr(0, equals), size);
  }
  return result;
}

Model read_signature(const std::string& file, const std::optional<std::string>& signature) {
  Model model = read_tflite(file);
  if (!signature) return model;
  return with_context("'" + file + "'", [&] { return of_signature(model, *signature); });
}

unsigned thread_count(uint64_t given) {
  constexpr uint64_t kMost = 1024;
  if (given > kMost) {
    throw Error(ErrorCode::usage, "at most " + std::to_string(kMost) + " threads can be used");
  }
  return static_cast<unsigned>(given);
}

Mode mode_named(std::string_view name) {
  if (const auto mode = parse_mode(name)) return *mode;
  std::string list;
  for (const Mode mode : all_modes()) {
    list += (list.empty() ? "" : ", ") + std::string(to_string(mode));
  }
  throw Error(ErrorCode::usage,
              "there is no mode '" + std::string(name) + "'; the modes are " + list);
}

ConvertTarget convert_target_named(std::string_view name) {
  if (const auto target = parse_convert_target(name)) return *target;
  throw Error(ErrorCode::usage,
              "there is no target '" + std::string(name) + "'; the targets are litert and tflm");
}

std::vector<std::string> listed(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    names.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return names;
}

std::vector<Mode> modes_named(std::string_view list) {
  std::vector<Mode> modes;
  while (true) {
    const size_t comma = list.find(',');
    modes.push_back(mode_named(list.substr(0, comma)));
    if (comma == std::string_view::npos) return modes;
    list.remove_prefix(comma + 1);
  }
}

Isa isa_named(const std::optional<std::string>& name) {
  if (!name) return default_isa();
  std::string list;
  for (const Isa isa : supported_isas()) {
    if (to_string(isa) == *name) return isa;
    list += (list.empty() ? "" : ", ") + std::string(to_string(isa));
  }
  throw Error(ErrorCode::usage,
              "this machine has no instruction set '" + *name + "'; it has " + list);
}

DType dtype_named(std::string_view name) {
  if (const auto dtype = parse_dtype(name)) return *dtype;
  throw Error(ErrorCode::usage,
              "there is no type '" + std::string(name) + "'; try float32, int8, uint8 or int16");
}

}  // namespace litesmith::cli
