#include "report/lint_json.h"

#include "report/json_text.h"

namespace litesmith {
namespace {

Json finding_json(const Finding& finding) {
  Json json = {{"severity", to_string(finding.severity)},
               {"rule", finding.rule},
               {"subgraph", finding.subgraph}};
  if (finding.op) json["op"] = *finding.op;
  if (!finding.op_name.empty()) json["op_name"] = finding.op_name;
  if (finding.tensor) json["tensor"] = *finding.tensor;
  if (!finding.tensor_name.empty()) json["tensor_name"] = finding.tensor_name;
  json["problem"] = finding.problem;
  json["advice"] = finding.advice;
  if (!finding.source.empty()) json["source"] = finding.source;
  return json;
}

}  // namespace

std::string to_json(const LintReport& report, std::string_view name) {
  Json json = {{"schema_version", kSchemaVersion},
               {"file", name},
               {"target", report.target.name()},
               {"errors", report.count(Severity::error)},
               {"warnings", report.count(Severity::warning)},
               {"findings", Json::array()}};
  for (const Finding& finding : report.findings) json["findings"].push_back(finding_json(finding));
  return json_text(json);
}

}  // namespace litesmith
