#include "report/table.h"

#include <algorithm>
#include <functional>

#include "base/format.h"

namespace litesmith {
namespace {

constexpr std::string_view kNothing = "–";

struct Column {
  std::string head;
  bool left;
  std::function<std::string(const ModeReport&)> cell;  // empty text: no figure
};

std::string interval_text(const ConfusionMatrix& confusion, size_t n) {
  const Interval interval = wilson_interval(confusion.correct(), n);
  return fixed(interval.low * 100, 1) + "–" + fixed(interval.high * 100, 1);
}

template <class Body>
std::function<std::string(const ModeReport&)> evaluated(Body body) {
  return [body](const ModeReport& mode) {
    return mode.evaluation ? body(*mode.evaluation) : std::string();
  };
}

std::vector<Column> columns() {
  return {
      {"mode", true, [](const ModeReport& mode) { return mode.mode; }},
      {"I/O", true, [](const ModeReport& mode) { return mode.io_type(); }},
      {"bytes (kB)", false,
       [](const ModeReport& mode) {
         const std::string kb = kilobytes(mode.sizes.file_bytes);
         return with_commas(mode.sizes.file_bytes) + " (" + kb.substr(0, kb.find(' ')) + ")";
       }},
      {"accuracy", false, evaluated([](const Evaluation& e) -> std::string {
         if (!e.confusion) return "";
         return percent(static_cast<double>(e.confusion->correct()) / static_cast<double>(e.n));
       })},
      {"right", false, evaluated([](const Evaluation& e) {
         return e.confusion ? with_commas(e.confusion->correct()) : std::string();
       })},
      {"95% interval", false, evaluated([](const Evaluation& e) {
         return e.confusion ? interval_text(*e.confusion, e.n) : std::string();
       })},
      {"lost", false, evaluated([](const Evaluation& e) {
         return e.agreement && e.confusion ? with_commas(e.agreement->lost) : std::string();
       })},
      {"gained", false, evaluated([](const Evaluation& e) {
         return e.agreement && e.confusion ? with_commas(e.agreement->gained) : std::string();
       })},
      {"agree", false, evaluated([](const Evaluation& e) -> std::string {
         if (!e.agreement) return "";
         return percent(static_cast<double>(e.agreement->same) /
                        static_cast<double>(e.agreement->n));
       })},
      {"misses", false, evaluated([](const Evaluation& e) {
         return e.detection ? with_commas(e.detection->misses) : std::string();
       })},
      {"false accepts", false, evaluated([](const Evaluation& e) {
         return e.detection ? with_commas(e.detection->false_accepts) : std::string();
       })},
      {"latency µs", false, evaluated([](const Evaluation& e) -> std::string {
         if (!e.latency) return "";
         return fixed(e.latency->median_us, 1) + " / " + fixed(e.latency->p95_us, 1);
       })},
      {"arena", false,
       [](const ModeReport& mode) {
         return mode.sizes.arena_bytes ? with_commas(*mode.sizes.arena_bytes) : std::string();
       }},
  };
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace

ReportTable mode_table(const Report& report) {
  ReportTable table;
  std::vector<Column> used;
  for (Column& column : columns()) {
    const bool has_any =
        std::any_of(report.modes.begin(), report.modes.end(),
                    [&](const ModeReport& mode) { return !column.cell(mode).empty(); });
    if (has_any) used.push_back(std::move(column));
  }
  auto& head = table.rows.emplace_back();
  for (const Column& column : used) {
    head.push_back(column.head);
    table.left.push_back(column.left);
  }
  for (const ModeReport& mode : report.modes) {
    auto& row = table.rows.emplace_back();
    for (const Column& column : used) {
      std::string cell = column.cell(mode);
      row.push_back(cell.empty() ? std::string(kNothing) : std::move(cell));
    }
  }
  return table;
}

Remarks remarks_on(const Report& report) {
  Remarks result{.warnings = report.warnings, .remarks = {}};
  if (!report.outside.empty()) {
    constexpr size_t kShown = 3;
    std::vector<std::string> parts;
    for (size_t i = 0; i < std::min(kShown, report.outside.size()); ++i) {
      const TensorCoverage& tensor = report.outside[i];
      parts.push_back("'" + tensor.name + "' " + fixed(tensor.share() * 100, 3) + "% (seen " +
                      short_number(tensor.seen_min) + " to " + short_number(tensor.seen_max) +
                      ", calibrated " + short_number(tensor.range.min) + " to " +
                      short_number(tensor.range.max) + ")");
    }
    if (report.outside.size() > kShown) {
      parts.push_back(plural(report.outside.size() - kShown, "more tensor"));
    }
    result.remarks.push_back("Values outside of their calibrated range, by tensor: " +
                             joined(parts));
  }
  if (report.evaluation_data) {
    std::string text = "n = " + with_commas(report.evaluation_data->samples) + " samples of " +
                       report.evaluation_data->name;
    const bool compared = std::any_of(
        report.modes.begin(), report.modes.end(),
        [](const ModeReport& mode) { return mode.evaluation && mode.evaluation->agreement; });
    if (compared) text += "; lost, gained and agreement are against float32";
    result.remarks.push_back(text);
  }
  for (const ModeReport& mode : report.modes) {
    for (const std::string& warning : mode.warnings) {
      result.warnings.push_back(mode.mode + ": " + warning);
    }
    if (mode.evaluation && mode.evaluation->cast) {
      result.remarks.push_back(mode.mode + ": " + explain(*mode.evaluation->cast));
    }
    if (!mode.learned.empty()) result.remarks.push_back(mode.mode + ": " + mode.learned);
    if (!mode.kept_float.empty()) {
      result.remarks.push_back(mode.mode + " kept in float: " + joined(mode.kept_float));
    }
  }
  for (const std::string& note : report.notes) result.remarks.push_back(note);
  return result;
}

}  // namespace litesmith
