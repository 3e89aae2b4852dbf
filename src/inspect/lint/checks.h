// The checks that lint runs, one a file; each adds what it finds.
#pragma once

#include "inspect/lint/lint.h"

namespace litesmith::lint_checks {

using Findings = std::vector<Finding>;

// Operators, versions, types and constant operands against the table of targets.
void kernels(const Listing& listing, const LintTarget& target, Findings& findings);
// Float islands among integers, conversions at the file's ends, integers without scales.
void numbers(const Listing& listing, const LintTarget& target, Findings& findings);
// What loaders refuse whatever the operators are.
void soundness(const tflite::File& file, const LintTarget& target, Findings& findings);
// What ESPHome's micro_wake_word asks of a model's inputs, outputs and variables.
void esphome(const Listing& listing, Findings& findings);

// A finding about an operator, its place and name filled in.
Finding about_op(const Listing& listing, size_t subgraph, size_t op);
// Says which tensor of the graph the finding is about.
void name_tensor(Finding& finding, const ListedGraph& graph, int32_t index);

// LiteRT, of today or of a release.
bool is_tensorflow(Target runtime);
// False for a tensor that is not there.
bool is_float32(const ListedTensor* tensor);

}  // namespace litesmith::lint_checks
