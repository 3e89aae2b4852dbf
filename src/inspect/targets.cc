#include "inspect/targets.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/error.h"
#include "inspect/targets_table.h"

namespace litesmith {
namespace {

// The parts of `text` between separators; none for an empty text.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

int32_t number(std::string_view text) {
  int32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  check(problem == std::errc() && end == text.data() + text.size(),
        "targets.tsv: '" + std::string(text) + "' is no number");
  return value;
}

DType dtype(std::string_view name) {
  const auto parsed = parse_dtype(name);
  check(parsed.has_value(), "targets.tsv: no type '" + std::string(name) + "'");
  return *parsed;
}

Target target_named(std::string_view name) {
  for (const Target target :
       {Target::litert, Target::tflite, Target::tflm, Target::esphome, Target::ethos_u}) {
    if (to_string(target) == name) return target;
  }
  check(false, "targets.tsv: no target '" + std::string(name) + "'");
  return {};
}

// "int8", "int8/int4", "int8>float32", ">int8"
TypePattern pattern(std::string_view text) {
  TypePattern result;
  const size_t arrow = std::min(text.find('>'), text.size());
  if (arrow < text.size()) result.output = dtype(text.substr(arrow + 1));
  text = text.substr(0, arrow);
  const size_t slash = std::min(text.find('/'), text.size());
  if (slash < text.size()) result.weights = dtype(text.substr(slash + 1));
  if (slash > 0) result.data = dtype(text.substr(0, slash));
  return result;
}

void read_versions(std::string_view text, TargetRow& row) {
  if (text == "*") return;
  if (text.find(':') != std::string_view::npos) {
    for (const std::string_view part : split(text, ' ')) {
      const size_t colon = part.find(':');
      check(colon != std::string_view::npos, "targets.tsv: release without a version");
      row.releases.push_back({number(part.substr(0, colon)), part.substr(colon + 1)});
    }
    row.first_version = row.releases.front().version;
    row.last_version = row.releases.back().version;
    return;
  }
  const size_t dash = text.find('-');
  check(dash != std::string_view::npos, "targets.tsv: versions are 'first-last'");
  row.first_version = number(text.substr(0, dash));
  row.last_version = number(text.substr(dash + 1));
}

// "scales constant:1 given:2 absent:9 one-scale:1:int16"
void read_needs(std::string_view text, TargetRow& row) {
  if (text == "-") return;
  for (const std::string_view need : split(text, ' ')) {
    if (need == "scales") {
      row.needs_scales = true;
      continue;
    }
    const size_t colon = std::min(need.find(':'), need.size());
    const std::string_view kind = need.substr(0, colon);
    if (kind == "one-scale") {
      const auto parts = split(need, ':');
      check(parts.size() == 2 || parts.size() == 3, "targets.tsv: one-scale:N or one-scale:N:TYPE");
      OneScale& one = row.one_scale.emplace_back();
      one.operand = static_cast<size_t>(number(parts[1]));
      if (parts.size() == 3) one.data = dtype(parts[2]);
      continue;
    }
    std::vector<size_t>* operands = kind == "constant" ? &row.constants
                                    : kind == "given"  ? &row.given
                                    : kind == "absent" ? &row.absent
                                                       : nullptr;
    check(colon < need.size() && operands != nullptr,
          "targets.tsv: no need '" + std::string(need) + "'");
    operands->push_back(static_cast<size_t>(number(need.substr(colon + 1))));
  }
}

std::vector<TargetRow> read_table() {
  std::vector<TargetRow> rows;
  for (const std::string_view line : split(kTargetsTable, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, '\t');
    check(cells.size() == 6, "targets.tsv: a row has six cells: " + std::string(line));
    TargetRow row{.op = cells[0], .target = target_named(cells[1])};
    read_versions(cells[2], row);
    if (cells[3] != "*") {
      for (const std::string_view part : split(cells[3], ' ')) row.types.push_back(pattern(part));
    }
    read_needs(cells[4], row);
    row.source = cells[5];
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const TargetRow& a, const TargetRow& b) {
    return std::pair(a.op, a.target) < std::pair(b.op, b.target);
  });
  return rows;
}

}  // namespace

std::string_view to_string(Target target) {
  switch (target) {
    case Target::litert:
      return "litert";
    case Target::tflite:
      return "tflite";
    case Target::tflm:
      return "tflm";
    case Target::esphome:
      return "esphome";
    case Target::ethos_u:
      return "ethos-u";
  }
  return "";
}

std::span<const TargetRow> target_rows() {
  static const std::vector<TargetRow> rows = read_table();
  return rows;
}

const TargetRow* find_row(Target target, std::string_view op) {
  const auto rows = target_rows();
  const auto found = std::lower_bound(rows.begin(), rows.end(), std::pair(op, target),
                                      [](const TargetRow& row, const auto& wanted) {
                                        return std::pair(row.op, row.target) < wanted;
                                      });
  const bool is_there = found != rows.end() && found->op == op && found->target == target;
  return is_there ? &*found : nullptr;
}

std::string_view first_release(std::string_view op, int32_t version) {
  const TargetRow* row = find_row(Target::tflite, op);
  if (row == nullptr) return "";
  for (const Release& release : row->releases) {
    if (release.version == version) return release.name;
  }
  return "";
}

}  // namespace litesmith
