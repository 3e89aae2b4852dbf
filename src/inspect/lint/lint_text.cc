// The readable form of a lint report: what is said of several places alike is said once.
#include <algorithm>

#include "base/format.h"
#include "inspect/lint/lint.h"

namespace litesmith {
namespace {

// A file may be wrong in a million places; the JSON lists them all.
constexpr size_t kShownGroups = 100;
constexpr size_t kShownPlaces = 20;
constexpr size_t kNameWidth = 60;  // converters join the names of everything that they fuse

std::string shortened(const std::string& name) {
  return name.size() <= kNameWidth ? name : name.substr(0, kNameWidth) + "...";
}

// "subgraph 1, op 3 CONV_2D, tensor 7 'x'"
std::string place(const Finding& finding) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (finding.subgraph > 0) add("subgraph " + std::to_string(finding.subgraph));
  if (finding.op) {
    add("op " + std::to_string(*finding.op) +
        (finding.op_name.empty() ? "" : " " + shortened(finding.op_name)));
  }
  if (finding.tensor) {
    add("tensor " + std::to_string(*finding.tensor) +
        (finding.tensor_name.empty() ? "" : " '" + shortened(finding.tensor_name) + "'"));
  }
  return text.empty() ? "the file" : text;
}

bool says_the_same(const Finding& a, const Finding& b) {
  return a.severity == b.severity && a.rule == b.rule && a.problem == b.problem &&
         a.advice == b.advice;
}

using Group = std::vector<const Finding*>;

// Findings that say the same, errors before warnings, else by their first place.
std::vector<Group> grouped(const LintReport& report) {
  std::vector<Group> groups;
  for (const Severity severity : {Severity::error, Severity::warning}) {
    for (const Finding& finding : report.findings) {
      if (finding.severity != severity) continue;
      const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
        return says_the_same(*group.front(), finding);
      });
      if (same != groups.end()) {
        same->push_back(&finding);
      } else if (groups.size() <= kShownGroups) {
        groups.push_back({&finding});
      }
    }
  }
  return groups;
}

std::string counted(const LintReport& report) {
  const size_t errors = report.count(Severity::error);
  const size_t warnings = report.count(Severity::warning);
  if (errors + warnings == 0) return "nothing found";
  std::string text;
  if (errors > 0) text = plural(errors, "error");
  if (warnings > 0) text += (text.empty() ? "" : ", ") + plural(warnings, "warning");
  return text;
}

std::string to_text(const Group& group) {
  const Finding& first = *group.front();
  std::string text = std::string(to_string(first.severity)) + " [" + std::string(first.rule) +
                     "] " + first.problem;
  if (!first.source.empty()) text += " (" + first.source + ")";
  text += "\n";
  if (!first.advice.empty()) text += "  what to do: " + first.advice + "\n";
  for (size_t i = 0; i < std::min(group.size(), kShownPlaces); ++i) {
    text += "  at " + place(*group[i]) + "\n";
  }
  if (group.size() > kShownPlaces) {
    text += "  and at " + plural(group.size() - kShownPlaces, "more place") + "\n";
  }
  return text;
}

}  // namespace

std::string to_text(const LintReport& report, std::string_view name) {
  std::string text =
      std::string(name) + " on " + report.target.name() + ": " + counted(report) + "\n";
  const std::vector<Group> groups = grouped(report);
  for (size_t i = 0; i < std::min(groups.size(), kShownGroups); ++i) {
    text += "\n" + to_text(groups[i]);
  }
  if (groups.size() > kShownGroups) text += "\nand more of other kinds; --json lists all\n";
  return text;
}

}  // namespace litesmith
