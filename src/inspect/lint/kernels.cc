// Operators, versions, types and constant operands against the table of targets.
#include <algorithm>

#include "inspect/lint/checks.h"
#include "inspect/printable.h"
#include "ops/min_runtime_version.h"

namespace litesmith::lint_checks {
namespace {

// The types an operator meets, by the roles the table names.
struct Types {
  const ListedTensor* data = nullptr;
  const ListedTensor* weights = nullptr;
  const ListedTensor* output = nullptr;
};

Types types_of(const ListedGraph& graph, const ListedOp& op) {
  Types types;
  for (const int32_t index : op.inputs) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor == nullptr) continue;
    if (types.data == nullptr || types.data->is_constant) {
      if (types.data == nullptr || !tensor->is_constant) types.data = tensor;
    }
  }
  // An LSTM whose input and forget gates are coupled leaves the first of its weights out.
  for (size_t i = 1; i < std::min<size_t>(op.inputs.size(), 3) && types.weights == nullptr; ++i) {
    types.weights = graph.tensor(op.inputs[i]);
  }
  if (!op.outputs.empty()) types.output = graph.tensor(op.outputs[0]);
  return types;
}

bool fits(const std::optional<DType>& wanted, const ListedTensor* tensor) {
  return !wanted || tensor == nullptr || tensor->dtype == wanted;
}

bool fits(const TypePattern& pattern, const Types& types) {
  return fits(pattern.data, types.data) && fits(pattern.weights, types.weights) &&
         fits(pattern.output, types.output);
}

bool has_kernel(const TargetRow& row, const Types& types) {
  return row.types.empty() ||
         std::any_of(row.types.begin(), row.types.end(),
                     [&](const TypePattern& pattern) { return fits(pattern, types); });
}

bool lists_weights(const TargetRow& row) {
  return std::any_of(row.types.begin(), row.types.end(),
                     [](const TypePattern& pattern) { return pattern.weights.has_value(); });
}

std::string name_of(const std::optional<DType>& dtype) {
  return std::string(dtype ? to_string(*dtype) : "an unknown type");
}

// "float32 with int8 weights", "int64 to int32"
std::string describe(std::optional<DType> data, std::optional<DType> weights,
                     std::optional<DType> output) {
  if (!data) data = output;  // rows that know only results: the data is of the same type
  std::string text = data ? std::string(to_string(*data)) : "";
  if (weights && weights != data) text += " with " + name_of(weights) + " weights";
  if (output && output != data) text += (text.empty() ? "" : " to ") + name_of(output);
  return text;
}

std::string describe(const Types& types, const TargetRow& row) {
  const auto dtype = [](const ListedTensor* tensor) {
    return tensor == nullptr ? std::optional<DType>() : tensor->dtype;
  };
  const bool knows_data = std::any_of(row.types.begin(), row.types.end(),
                                      [](const TypePattern& pattern) { return pattern.data; });
  const std::string text =
      describe(knows_data ? dtype(types.data) : std::nullopt,
               lists_weights(row) ? dtype(types.weights) : std::nullopt, dtype(types.output));
  return text.empty() ? "tensors of an unknown type" : text;
}

std::string kernels_of(const TargetRow& row) {
  std::string text;
  for (const TypePattern& pattern : row.types) {
    text += (text.empty() ? "" : ", ") + describe(pattern.data, pattern.weights, pattern.output);
  }
  return text;
}

bool is_narrow(const ListedTensor* tensor) {
  return tensor != nullptr && tensor->dtype && bits(*tensor->dtype) <= 8;
}

std::string advice_for_types(const Types& types, const TargetRow& row) {
  const bool is_hybrid = is_float32(types.data) && lists_weights(row) && is_narrow(types.weights);
  if (is_hybrid) {
    return "quantize the activations too: litesmith convert --mode int8 --calibrate, from the "
           "float model";
  }
  for (const ListedTensor* tensor : {types.data, types.weights, types.output}) {
    if (tensor != nullptr && tensor->dtype == DType::float16) {
      return "make the file again with float32 or int8 weights: litesmith convert --mode float32 "
             "or int8";
    }
  }
  if (types.data != nullptr && types.data->dtype == DType::uint8) {
    return "uint8 was the scheme before int8: convert the float model again, litesmith convert "
           "--mode int8";
  }
  return "have the tensor in one of these types before the file is made, or the operator replaced";
}

std::string runtime_name(Target target) {
  switch (target) {
    case Target::litert:
      return "LiteRT";
    case Target::tflite:
      return "TensorFlow Lite";
    case Target::tflm:
      return "TFLite Micro";
    case Target::esphome:
      return "ESPHome's micro_wake_word";
    case Target::ethos_u:
      return "the Ethos-U NPU";
  }
  return "";
}

Finding missing(Finding finding, const ListedOp& op, Target target) {
  finding.rule = "missing-op";
  finding.problem = runtime_name(target) + " has no kernel for " + finding.op_name;
  if (op.is_custom && op.name.starts_with("Flex")) {
    finding.problem += ", an operator of TensorFlow";
    finding.advice = target == Target::litert || target == Target::tflite
                         ? "link the Flex delegate, or convert without SELECT_TF_OPS"
                         : "convert without SELECT_TF_OPS";
  } else if (op.is_custom) {
    finding.problem += ", a custom operator";
    finding.advice = "register a kernel of that name with the runtime";
  } else if (target == Target::esphome) {
    finding.problem = runtime_name(target) + " does not register " + finding.op_name;
    finding.advice = "rebuild the model from the operators it registers (docs/lint.md lists them)";
  } else if (find_row(Target::litert, op.name) == nullptr) {
    finding.problem = "no known runtime has a kernel for " + finding.op_name;
    finding.advice = "rebuild the model without it";
  } else {
    finding.advice = "rebuild the model without it, or give the runtime a kernel of your own";
  }
  return finding;
}

// The versions a runtime runs; a release runs those that it or one before it brought.
bool runs_version(const TargetRow& row, const ListedOp& op, const LintTarget& target) {
  if (row.last_version == 0) return true;
  if (op.version < row.first_version || op.version > row.last_version) return false;
  if (row.target != Target::tflite) return true;
  const std::string_view first = first_release(op.name, op.version);
  return !first.empty() && !is_later(first, target.release);
}

Finding wrong_version(Finding finding, const TargetRow& row, const ListedOp& op,
                      const LintTarget& target) {
  finding.rule = "version";
  finding.source = row.source;
  const std::string version = "version " + std::to_string(op.version) + " of " + finding.op_name;
  const std::string_view first = first_release(op.name, op.version);
  if (row.target == Target::tflite && !first.empty()) {
    finding.problem =
        version + " came with TensorFlow " + std::string(first) + ", later than " + target.release;
    finding.advice = "update the runtime, or keep to what TensorFlow " + target.release +
                     " has: older types and options of the operator have lower versions";
    return finding;
  }
  finding.problem = runtime_name(row.target) + " knows " + finding.op_name + " from version " +
                    std::to_string(row.first_version) + " to " + std::to_string(row.last_version) +
                    ", not " + std::to_string(op.version);
  finding.advice = op.version > row.last_version
                       ? "update the runtime, or make the file with an older converter"
                       : "make the file again: no converter writes this version";
  return finding;
}

// An operand of the file that the runtime cannot wait for until the model runs.
void check_constants(const Listing& listing, const Finding& place, const TargetRow& row,
                     const ListedOp& op, Findings& findings) {
  const ListedGraph& graph = listing[place.subgraph];
  for (const size_t operand : row.constants) {
    if (operand >= op.inputs.size()) continue;
    const ListedTensor* tensor = graph.tensor(op.inputs[operand]);
    if (tensor == nullptr || tensor->is_constant) continue;
    Finding finding = place;
    finding.rule = "constant-operand";
    name_tensor(finding, graph, op.inputs[operand]);
    finding.problem = runtime_name(row.target) + " needs operand " + std::to_string(operand) +
                      " of " + finding.op_name + " to be a constant";
    finding.advice = "fix the shapes of the model's inputs, so that the converter can compute it";
    finding.source = row.source;
    if (row.target == Target::ethos_u) finding.severity = Severity::warning;
    findings.push_back(std::move(finding));
  }
}

// An operand that is optional in the format but not for the runtime's kernel.
void check_given(const Listing& listing, const Finding& place, const TargetRow& row,
                 const ListedOp& op, Findings& findings) {
  for (const size_t operand : row.given) {
    if (operand < op.inputs.size() &&
        listing[place.subgraph].tensor(op.inputs[operand]) != nullptr) {
      continue;
    }
    Finding finding = place;
    finding.rule = "missing-operand";
    finding.problem = runtime_name(row.target) + " wants operand " + std::to_string(operand) +
                      " of " + finding.op_name + ", which the file leaves out";
    finding.advice = "make the file again: converters write zeros there";
    finding.source = row.source;
    findings.push_back(std::move(finding));
  }
}

// An operand that the runtime's kernel has no use for.
void check_absent(const Listing& listing, const Finding& place, const TargetRow& row,
                  const ListedOp& op, Findings& findings) {
  const ListedGraph& graph = listing[place.subgraph];
  for (const size_t operand : row.absent) {
    if (operand >= op.inputs.size() || graph.tensor(op.inputs[operand]) == nullptr) continue;
    Finding finding = place;
    finding.rule = "extra-operand";
    name_tensor(finding, graph, op.inputs[operand]);
    finding.problem = runtime_name(row.target) + " knows no operand " + std::to_string(operand) +
                      " of " + finding.op_name;
    finding.advice = "build the layer without what this operand is for";
    finding.source = row.source;
    findings.push_back(std::move(finding));
  }
}

void check_types(const Listing& listing, const Finding& place, const TargetRow& row,
                 const ListedOp& op, Findings& findings) {
  const Types types = types_of(listing[place.subgraph], op);
  if (has_kernel(row, types)) return;
  Finding finding = place;
  finding.rule = "type";
  finding.problem = runtime_name(row.target) + " has no " + finding.op_name + " for " +
                    describe(types, row) + "; it has " + kernels_of(row);
  finding.advice = advice_for_types(types, row);
  finding.source = row.source;
  if (types.data != nullptr) {
    for (const int32_t index : op.inputs) {
      if (listing[place.subgraph].tensor(index) != types.data) continue;
      name_tensor(finding, listing[place.subgraph], index);
      break;
    }
  }
  findings.push_back(std::move(finding));
}

// What the NPU leaves to the processor beside it runs there as long as TFLite Micro has a kernel.
void check_npu(const Listing& listing, const Finding& place, const ListedOp& op,
               Findings& findings) {
  const TargetRow* row = find_row(Target::ethos_u, op.name);
  const Types types = types_of(listing[place.subgraph], op);
  if (row != nullptr && has_kernel(*row, types)) {
    check_constants(listing, place, *row, op, findings);
    return;
  }
  Finding finding = place;
  finding.severity = Severity::warning;
  finding.rule = "cpu-fallback";
  if (row == nullptr) {
    finding.problem = finding.op_name + " runs on the processor, the NPU has no such operator";
    finding.advice = "replace it, or count with its time on the processor";
  } else {
    finding.problem = finding.op_name + " of " + describe(types, *row) +
                      " runs on the processor; the NPU takes " + kernels_of(*row);
    finding.advice = is_float32(types.data)
                         ? "quantize what makes '" + printable(types.data->name) +
                               "': litesmith convert --mode int8"
                         : "have it in one of these types, or count with its time on the processor";
    finding.source = row->source;
  }
  findings.push_back(std::move(finding));
}

// The rows that must all hold for an operator to run on the target.
std::vector<Target> layers(Target target) {
  switch (target) {
    case Target::tflite:
      return {Target::tflite, Target::litert};  // releases, then types
    case Target::esphome:
      return {Target::esphome, Target::tflm};  // what is registered, then its kernels
    case Target::ethos_u:
      return {Target::tflm};
    case Target::litert:
    case Target::tflm:
      break;
  }
  return {target};
}

void check_op(const Listing& listing, const Finding& place, const LintTarget& target,
              Findings& findings) {
  const ListedOp& op = listing[place.subgraph].ops[*place.op];
  // What the NPU's compiler wrote.
  if (target.runtime == Target::ethos_u && op.is_custom &&
      find_row(Target::ethos_u, op.name) != nullptr) {
    return;
  }
  for (const Target layer : layers(target.runtime)) {
    const TargetRow* row = find_row(layer, op.name);
    // Releases are known of builtin operators only.
    if (row == nullptr && layer == Target::tflite && op.is_custom) continue;
    if (row == nullptr) {
      findings.push_back(missing(place, op, layer));
      return;
    }
    if (!runs_version(*row, op, target)) {
      findings.push_back(wrong_version(place, *row, op, target));
      return;
    }
    check_types(listing, place, *row, op, findings);
    check_constants(listing, place, *row, op, findings);
    check_given(listing, place, *row, op, findings);
    check_absent(listing, place, *row, op, findings);
  }
  if (target.runtime == Target::ethos_u) check_npu(listing, place, op, findings);
}

}  // namespace

void kernels(const Listing& listing, const LintTarget& target, Findings& findings) {
  for (size_t g = 0; g < listing.size(); ++g) {
    for (size_t i = 0; i < listing[g].ops.size(); ++i) {
      check_op(listing, about_op(listing, g, i), target, findings);
    }
  }
}

}  // namespace litesmith::lint_checks
