// Float islands among integers, conversions at the file's ends, integers without scales.
#include <algorithm>

#include "inspect/lint/checks.h"
#include "inspect/printable.h"
#include "inspect/verdict.h"
#include "ops/ops.h"

namespace litesmith::lint_checks {
namespace {

bool is_short_integer(const ListedTensor& tensor) {
  return tensor.dtype == DType::int8 || tensor.dtype == DType::uint8 ||
         tensor.dtype == DType::int16 || tensor.dtype == DType::int4;
}

void float_islands(const Listing& listing, Findings& findings) {
  const Verdict verdict = judge(listing, "");
  for (const OpPlace& place : verdict.float_islands) {
    const ListedOp& op = listing[place.subgraph].ops[place.op];
    Finding finding = about_op(listing, place.subgraph, place.op);
    finding.severity = Severity::warning;
    finding.rule = "float-island";
    finding.problem = finding.op_name + " computes in float32 among integer operators";
    const OpDef* def = find_op(op.code, op.name);
    finding.advice = def != nullptr && def->quant.int8
                         ? "convert again and quantize it too: it has an int8 form"
                         : "the converter has no int8 form of it: replace it, or move it to the "
                           "end and leave it to the application";
    findings.push_back(std::move(finding));
  }
}

// A conversion between float32 and integers at an input or output of the file: the application
// could convert with the file's own scale, and small runtimes often lack the kernel.
void boundaries(const Listing& listing, Findings& findings) {
  if (listing.empty()) return;
  const ListedGraph& graph = listing[0];
  const auto contains = [](const std::vector<int32_t>& list, int32_t index) {
    return std::find(list.begin(), list.end(), index) != list.end();
  };
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const ListedOp& op = graph.ops[i];
    if (op.inputs.empty() || op.outputs.empty()) continue;
    if (arithmetics_of(graph, op) != Arithmetics::converts) continue;
    const bool at_input =
        contains(graph.inputs, op.inputs[0]) && is_float32(graph.tensor(op.inputs[0]));
    const bool at_output =
        contains(graph.outputs, op.outputs[0]) && is_float32(graph.tensor(op.outputs[0]));
    if (!at_input && !at_output) continue;
    Finding finding = about_op(listing, 0, i);
    finding.severity = Severity::warning;
    finding.rule = "boundary-conversion";
    name_tensor(finding, graph, at_input ? op.inputs[0] : op.outputs[0]);
    finding.problem =
        finding.op_name +
        (at_input ? " turns the float32 input '" : " turns the result into the float32 output '") +
        finding.tensor_name + (at_input ? "' into integers" : "'");
    finding.advice = std::string("convert with --") + (at_input ? "input" : "output") +
                     "-type int8 and let the application " +
                     (at_input ? "quantize with the input's scale and zero point"
                               : "dequantize with the output's scale and zero point");
    findings.push_back(std::move(finding));
  }
}

// True when the runtime's row says that the operator computes with scales.
bool needs_scales(const ListedOp& op, Target runtime) {
  const TargetRow* row = find_row(is_tensorflow(runtime) ? Target::litert : Target::tflm, op.name);
  return row != nullptr && row->needs_scales;
}

void missing_scales(const Listing& listing, Target runtime, Findings& findings) {
  for (size_t g = 0; g < listing.size(); ++g) {
    const ListedGraph& graph = listing[g];
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const ListedOp& op = graph.ops[i];
      if (!needs_scales(op, runtime)) continue;
      std::vector<int32_t> operands = op.inputs;
      operands.insert(operands.end(), op.outputs.begin(), op.outputs.end());
      for (const int32_t index : operands) {
        const ListedTensor* tensor = graph.tensor(index);
        if (tensor == nullptr || !is_short_integer(*tensor)) continue;
        if (tensor->quantization.present()) continue;
        // TFLite Micro reads no scales by blocks.
        if (tensor->has_other_quantization && is_tensorflow(runtime)) continue;
        Finding finding = about_op(listing, g, i);
        finding.rule = "missing-quantization";
        name_tensor(finding, graph, index);
        finding.problem = "'" + finding.tensor_name + "' is " +
                          std::string(to_string(*tensor->dtype)) +
                          " without scale and zero point, so " + finding.op_name +
                          " cannot tell what its numbers stand for";
        finding.advice =
            "make the file again: litesmith convert --mode int8 --calibrate, from the "
            "float model";
        findings.push_back(std::move(finding));
      }
    }
  }
}

// Scales for each channel of an operand of which the runtime's kernel reads one: it runs, and gives
// other numbers.
void unread_scales(const Listing& listing, Target runtime, Findings& findings) {
  for (size_t g = 0; g < listing.size(); ++g) {
    const ListedGraph& graph = listing[g];
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const ListedOp& op = graph.ops[i];
      const TargetRow* row =
          find_row(is_tensorflow(runtime) ? Target::litert : Target::tflm, op.name);
      if (row == nullptr || op.inputs.empty()) continue;
      const ListedTensor* first = graph.tensor(op.inputs[0]);
      for (const OneScale& one : row->one_scale) {
        if (one.operand >= op.inputs.size()) continue;
        const ListedTensor* tensor = graph.tensor(op.inputs[one.operand]);
        if (tensor == nullptr || !tensor->quantization.per_channel()) continue;
        if (one.data && (first == nullptr || first->dtype != one.data)) continue;
        Finding finding = about_op(listing, g, i);
        finding.severity = Severity::warning;
        finding.rule = "channel-scales";
        name_tensor(finding, graph, op.inputs[one.operand]);
        finding.problem = "'" + finding.tensor_name + "' has a scale for each channel, but " +
                          finding.op_name +
                          " reads one for all: it runs, and its results are wrong";
        finding.advice = "quantize these weights with one scale: litesmith convert --per-tensor";
        findings.push_back(std::move(finding));
      }
    }
  }
}

}  // namespace

void numbers(const Listing& listing, const LintTarget& target, Findings& findings) {
  float_islands(listing, findings);
  boundaries(listing, findings);
  missing_scales(listing, target.runtime, findings);
  unread_scales(listing, target.runtime, findings);
}

}  // namespace litesmith::lint_checks
