// The report for a terminal and as Markdown.
#include <algorithm>
#include <cmath>

#include "base/build_info.h"
#include "base/cpu_features.h"
#include "base/format.h"
#include "report/report.h"
#include "report/table.h"

namespace litesmith {
namespace {

bool has_latency(const Report& report) {
  return std::any_of(report.modes.begin(), report.modes.end(), [](const ModeReport& mode) {
    return mode.evaluation && mode.evaluation->latency;
  });
}

// How the figures came to be.
std::string footing(const Report& report) {
  std::string text =
      "litesmith " + std::string(version()) + ", " + report.arithmetic + " arithmetic";
  if (has_latency(report)) {
    text += "; latency: median / 95th percentile of this interpreter, batch 1, one thread, " +
            std::string(to_string(default_isa()));
  }
  if (report.calibration) {
    text += "; calibrated on " + plural(report.calibration->samples_used, "sample") + " of " +
            report.calibration->data.name;
  }
  return text + "; 1 kB = 1,000 bytes; arena: bytes of activations at batch 1";
}

std::string count_of(size_t part, size_t whole, std::string_view what) {
  return with_commas(part) + " of " + with_commas(whole) + " " + std::string(what);
}

std::string optional_percent(const std::optional<double>& share) {
  return share ? percent(*share) : "–";
}

void add_classes(const Evaluation& e, std::string& text) {
  std::vector<std::vector<std::string>> rows = {{"class", "samples", "precision", "recall", "F1"}};
  const auto figures = class_figures(*e.confusion);
  for (size_t c = 0; c < figures.size(); ++c) {
    rows.push_back({std::to_string(c), with_commas(figures[c].samples),
                    optional_percent(figures[c].precision), optional_percent(figures[c].recall),
                    optional_percent(figures[c].f1)});
  }
  text += "\n" + aligned(rows, std::vector<bool>(5, false));
}

void add_confusion(const ConfusionMatrix& confusion, std::string& text) {
  constexpr size_t kWidest = 30;
  if (confusion.classes > kWidest) {
    text += "\nThe confusion matrix of " + std::to_string(confusion.classes) +
            " classes is in --json.\n";
    return;
  }
  std::vector<std::vector<std::string>> rows = {{"true \\ predicted"}};
  for (size_t c = 0; c < confusion.classes; ++c) rows[0].push_back(std::to_string(c));
  for (size_t truth = 0; truth < confusion.classes; ++truth) {
    auto& row = rows.emplace_back(1, std::to_string(truth));
    for (size_t c = 0; c < confusion.classes; ++c) {
      row.push_back(with_commas(confusion.at(truth, c)));
    }
  }
  text += "\n" + aligned(rows, std::vector<bool>(confusion.classes + 1, false));
}

}  // namespace

std::string ModeReport::io_type() const {
  if (input_type == output_type) return std::string(to_string(input_type));
  return std::string(to_string(input_type)) + " in, " + std::string(to_string(output_type)) +
         " out";
}

std::string explain(const CastScore& cast) {
  const auto n = static_cast<double>(cast.n);
  return "cast with x.astype('" + std::string(to_string(cast.type)) +
         "') instead of the file's scale " + short_number(cast.scale) + " and zero point " +
         std::to_string(cast.zero_point) + ", the same file scores " +
         percent(static_cast<double>(cast.correct) / n) + " (" + with_commas(cast.correct) +
         " of " + with_commas(cast.n) +
         "): the cast cuts fractions off and wraps what is beyond the type around, so the network "
         "is fed noise";
}

std::string to_text(const Report& report) {
  const ReportTable table = mode_table(report);
  std::string text = aligned(table.rows, table.left);
  const Remarks remarks = remarks_on(report);
  text += "\n";
  for (const std::string& warning : remarks.warnings) text += "warning: " + warning + "\n";
  for (const std::string& remark : remarks.remarks) text += remark + "\n";
  return text + footing(report) + "\n";
}

std::string to_markdown(const Report& report) {
  const ReportTable table = mode_table(report);
  std::string text = "# " + report.title + "\n\n" + markdown_table(table.rows, table.left) + "\n";
  const Remarks remarks = remarks_on(report);
  for (const std::string& warning : remarks.warnings) text += "- **Warning:** " + warning + "\n";
  for (const std::string& remark : remarks.remarks) text += "- " + remark + "\n";
  return text + "- " + footing(report) + "\n";
}

std::string to_text(const ModeReport& mode) {
  std::string text =
      mode.file + ": " + with_commas(mode.sizes.file_bytes) + " bytes (" +
      kilobytes(mode.sizes.file_bytes) + "), data buffers " + with_commas(mode.sizes.data_bytes) +
      (mode.sizes.arena_bytes ? ", arena " + with_commas(*mode.sizes.arena_bytes) : "") + ", " +
      mode.io_type() + " input and output\n";
  for (const std::string& warning : mode.warnings) text += "warning: " + warning + "\n";
  if (!mode.evaluation) return text;
  const Evaluation& e = *mode.evaluation;
  if (e.confusion) {
    const size_t correct = e.confusion->correct();
    const Interval interval = wilson_interval(correct, e.n);
    text += "accuracy " + percent(static_cast<double>(correct) / static_cast<double>(e.n)) + ": " +
            count_of(correct, e.n, "right") + ", 95% interval " + percent(interval.low) + " to " +
            percent(interval.high) + "\n";
  }
  if (e.detection) {
    const Detection& d = *e.detection;
    text += "class " + std::to_string(d.positive_class) + " above " + shortest(d.threshold) + ": " +
            count_of(d.misses, d.positives, "missed") + ", " +
            count_of(d.false_accepts, d.negatives, "falsely accepted") + "\n";
  }
  if (e.agreement) {
    text +=
        "same class as the reference: " + count_of(e.agreement->same, e.agreement->n, "samples");
    if (e.confusion) {
      text += ", lost " + with_commas(e.agreement->lost) + ", gained " +
              with_commas(e.agreement->gained);
    }
    text += "\n";
  }
  if (e.difference) {
    text += "outputs differ from the reference by at most " + short_number(e.difference->max) +
            ", RMS " + short_number(e.difference->rms) + "\n";
  }
  if (e.latency) {
    text += "latency " + fixed(e.latency->median_us, 1) + " µs median, " +
            fixed(e.latency->p95_us, 1) + " µs 95th percentile (batch 1, one thread, " +
            std::string(to_string(default_isa())) + ")\n";
  }
  if (e.cast) text += explain(*e.cast) + "\n";
  if (e.confusion) {
    add_classes(e, text);
    add_confusion(*e.confusion, text);
  }
  return text;
}

std::string to_text(const Comparison& comparison, size_t rows) {
  std::vector<std::vector<std::string>> lines = {
      {"tensor", "op", "type", "max error", "RMS error", "SQNR dB", "cosine"}};
  const size_t shown =
      rows == 0 ? comparison.layers.size() : std::min(rows, comparison.layers.size());
  for (size_t i = 0; i < shown; ++i) {
    const LayerDifference& layer = comparison.layers[i];
    constexpr size_t kLongest = 48;
    std::string name = layer.name;
    if (name.size() > kLongest) name = "..." + name.substr(name.size() - kLongest + 3);
    lines.push_back({name, layer.op.empty() ? "(input)" : layer.op,
                     std::string(to_string(layer.dtype)), short_number(layer.max_error),
                     short_number(layer.rms_error), fixed(layer.sqnr_db, 1),
                     fixed(layer.cosine, 6)});
  }
  std::string text = aligned(lines, {true, true, true, false, false, false, false});
  if (shown < comparison.layers.size()) {
    text += "(" + plural(comparison.layers.size() - shown, "better tensor") + " not shown)\n";
  }
  text += plural(comparison.samples, "sample") + "; worst first";
  if (!comparison.unmatched.empty()) {
    text += "; without a partner: " + plural(comparison.unmatched.size(), "tensor");
  }
  return text + "\n";
}

}  // namespace litesmith
