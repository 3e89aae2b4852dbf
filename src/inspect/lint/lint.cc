#include "inspect/lint/lint.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "inspect/lint/checks.h"
#include "inspect/printable.h"

namespace litesmith {

std::string LintTarget::name() const {
  return std::string(to_string(runtime)) + (release.empty() ? "" : "-" + release);
}

LintTarget lint_target_named(std::string_view name) {
  for (const Target target : {Target::litert, Target::tflm, Target::esphome, Target::ethos_u}) {
    if (to_string(target) == name) return {.runtime = target};
  }
  constexpr std::string_view kTflite = "tflite-2.";
  if (name.starts_with(kTflite)) {
    const std::string_view minor = name.substr(kTflite.size());
    int number = 0;
    const auto [end, problem] = std::from_chars(minor.data(), minor.data() + minor.size(), number);
    const bool is_plain = problem == std::errc() && end == minor.data() + minor.size() &&
                          std::to_string(number) == minor;
    if (is_plain && number >= 0) {
      return {.runtime = Target::tflite, .release = "2." + std::string(minor)};
    }
  }
  throw Error(ErrorCode::usage,
              "no target '" + std::string(name) +
                  "': there are litert, tflite-2.N (a TensorFlow release, such as tflite-2.3), "
                  "tflm, esphome and ethos-u");
}

std::string_view to_string(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

size_t LintReport::count(Severity severity) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

LintReport lint(const tflite::File& file, const LintTarget& target) {
  const Listing listing = list(file);
  LintReport report{.target = target};
  lint_checks::soundness(file, target, report.findings);
  if (target.runtime == Target::esphome) lint_checks::esphome(listing, report.findings);
  lint_checks::kernels(listing, target, report.findings);
  lint_checks::numbers(listing, target, report.findings);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     // Without an op comes first.
                     return std::pair(a.subgraph, a.op) < std::pair(b.subgraph, b.op);
                   });
  return report;
}

bool has_kernels(const Listing& listing, Target runtime) {
  lint_checks::Findings findings;
  lint_checks::kernels(listing, {.runtime = runtime}, findings);
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.severity == Severity::error; });
}

namespace lint_checks {

Finding about_op(const Listing& listing, size_t subgraph, size_t op) {
  return {.rule = "",
          .subgraph = subgraph,
          .op = op,
          .op_name = printable(listing[subgraph].ops[op].name),
          .problem = ""};
}

void name_tensor(Finding& finding, const ListedGraph& graph, int32_t index) {
  finding.tensor = static_cast<size_t>(index);
  finding.tensor_name = printable(graph.tensor(index)->name);
}

bool is_tensorflow(Target runtime) {
  return runtime == Target::litert || runtime == Target::tflite;
}

bool is_float32(const ListedTensor* tensor) {
  return tensor != nullptr && tensor->dtype == DType::float32;
}

}  // namespace lint_checks
}  // namespace litesmith
