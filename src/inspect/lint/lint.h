// What a runtime lacks to run a .tflite file, all of it at once, and what to do about each.
//
// Knowledge of runtimes is the table inspect/targets.tsv; the checks here name no operator that a
// row can name for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/tflite/file.h"
#include "inspect/listing.h"
#include "inspect/targets.h"

namespace litesmith {

struct LintTarget {
  Target runtime = Target::litert;
  std::string release = {};  // of Target::tflite: "2.3"

  std::string name() const;  // "tflite-2.3"
};

// "litert", "tflite-2.N", "tflm", "esphome", "ethos-u"; throws Error(usage) listing these.
LintTarget lint_target_named(std::string_view name);

enum class Severity {
  warning,  // it runs, but not as one would wish
  error,    // it does not run
};
std::string_view to_string(Severity severity);

struct Finding {
  Severity severity = Severity::error;
  std::string_view rule;  // "missing-op": one word for programs, listed in docs/lint.md
  size_t subgraph = 0;
  std::optional<size_t> op = {};
  std::string op_name = {};
  std::optional<size_t> tensor = {};
  std::string tensor_name = {};
  std::string problem;      // one sentence without its full stop
  std::string advice = {};  // what to do about it
  std::string source = {};  // where the fact about the runtime was read
};

struct LintReport {
  LintTarget target;
  std::vector<Finding> findings = {};  // by subgraph and op, what concerns the whole file first

  size_t count(Severity severity) const;
};

LintReport lint(const tflite::File& file, const LintTarget& target);

// True when every operator of the file has a kernel there for its version and types.
bool has_kernels(const Listing& listing, Target runtime);

// `name` is what the file is called.
std::string to_text(const LintReport& report, std::string_view name);

}  // namespace litesmith
