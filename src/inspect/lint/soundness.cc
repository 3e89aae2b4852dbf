// What loaders refuse whatever the operators are: the checks of LiteRT's InterpreterBuilder and
// Subgraph. TFLite Micro has none of them and runs files that LiteRT refuses.
#include <algorithm>

#include "inspect/lint/checks.h"
#include "inspect/printable.h"

namespace litesmith::lint_checks {
namespace {

constexpr uint32_t kSchemaVersion = 3;

// "'x' <what is wrong with it>", and what to do.
Finding about_tensor(const tflite::SubGraph& graph, size_t subgraph, size_t index,
                     const std::string& wrong, const std::string& advice,
                     const std::string& source) {
  const std::string name = printable(tflite::items(graph.tensors)[index].name.value_or(""));
  return {.rule = "malformed",
          .subgraph = subgraph,
          .tensor = index,
          .tensor_name = name,
          .problem = "'" + name + "' " + wrong,
          .advice = advice,
          .source = source};
}

// What is wrong with a tensor's scales; empty when nothing is.
std::string wrong_scales(const tflite::Tensor& tensor) {
  const tflite::Quantization& quantization = *tensor.quantization;
  const auto scales = tflite::items(quantization.scale);
  const auto zero_points = tflite::items(quantization.zero_point);
  const auto shape = tflite::items(tensor.shape);
  const int32_t dimension = quantization.quantized_dimension;
  if (scales.empty() || quantization.details.tag != 0) return "";
  if (scales.size() != zero_points.size()) {
    return std::to_string(scales.size()) + " scales and " + std::to_string(zero_points.size()) +
           " zero points";
  }
  if (dimension < 0 || (!shape.empty() && static_cast<size_t>(dimension) >= shape.size())) {
    return "scales along dimension " + std::to_string(dimension) + " of " +
           std::to_string(shape.size());
  }
  if (scales.size() != 1 && !shape.empty() &&
      static_cast<int64_t>(scales.size()) != shape[static_cast<size_t>(dimension)]) {
    return std::to_string(scales.size()) + " scales for " +
           std::to_string(shape[static_cast<size_t>(dimension)]) + " slices";
  }
  return "";
}

std::string shape_text(const tflite::Tensor& tensor) {
  const auto shape = tflite::items(tensor.shape);
  return to_string(Shape(shape.begin(), shape.end()));
}

// True when the bytes of a tensor of this shape cannot be counted.
bool overflows(std::span<const int32_t> shape) {
  constexpr int64_t kWidestElement = 16;
  int64_t bytes = kWidestElement;
  return std::any_of(shape.begin(), shape.end(), [&](int32_t size) {
    return size < 0 || __builtin_mul_overflow(bytes, int64_t{size}, &bytes);
  });
}

void check_tensors(const tflite::SubGraph& graph, size_t subgraph, Findings& findings) {
  const auto tensors = tflite::items(graph.tensors);
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (overflows(tflite::items(tensors[i].shape))) {
      findings.push_back(about_tensor(graph, subgraph, i,
                                      "has a shape that no memory holds: " + shape_text(tensors[i]),
                                      "make the file again", "util.cc"));
    }
    const std::string wrong = tensors[i].quantization ? wrong_scales(tensors[i]) : "";
    if (!wrong.empty()) {
      findings.push_back(
          about_tensor(graph, subgraph, i, "has " + wrong + ", which the loader refuses",
                       "make the file again with a newer converter", "interpreter_builder.cc"));
    }
  }
}

// TFLite Micro cannot tell how many bytes a tensor of strings takes.
void check_strings(const tflite::SubGraph& graph, size_t subgraph, Findings& findings) {
  const auto tensors = tflite::items(graph.tensors);
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].type != static_cast<int8_t>(DType::string)) continue;
    findings.push_back(about_tensor(
        graph, subgraph, i, "holds strings, which TFLite Micro has no room for",
        "leave text to the application and give the model numbers", "memory_helpers.cc"));
    findings.back().rule = "type";
  }
}

void check_operators(const tflite::SubGraph& graph, size_t subgraph, Findings& findings) {
  const auto ops = tflite::items(graph.operators);
  for (size_t i = 0; i < ops.size(); ++i) {
    const auto inputs = tflite::items(ops[i].inputs);
    for (const int32_t output : tflite::items(ops[i].outputs)) {
      if (output < 0 || std::find(inputs.begin(), inputs.end(), output) == inputs.end()) continue;
      findings.push_back({.rule = "malformed",
                          .subgraph = subgraph,
                          .op = i,
                          .problem = "tensor " + std::to_string(output) +
                                     " is an input and an output of the same operator",
                          .advice = "make the file again: an operator needs a tensor of its own "
                                    "for its result",
                          .source = "subgraph.cc"});
    }
  }
}

}  // namespace

void soundness(const tflite::File& file, const LintTarget& target, Findings& findings) {
  if (file.version != kSchemaVersion) {
    findings.push_back({.rule = "malformed",
                        .problem = "the file is of version " + std::to_string(file.version) +
                                   " of the format; runtimes read version 3",
                        .advice = "make the file again with a converter of this decade"});
  }
  const auto subgraphs = tflite::items(file.subgraphs);
  if (subgraphs.empty()) {
    findings.push_back({.rule = "malformed",
                        .problem = "the file has no subgraph, so there is nothing to run",
                        .advice = "make the file again"});
  }
  for (size_t g = 0; g < subgraphs.size(); ++g) {
    if (!is_tensorflow(target.runtime)) {
      check_strings(subgraphs[g], g, findings);
      continue;
    }
    check_tensors(subgraphs[g], g, findings);
    check_operators(subgraphs[g], g, findings);
  }
}

}  // namespace litesmith::lint_checks
