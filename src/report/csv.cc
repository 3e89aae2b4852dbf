#include "base/format.h"
#include "report/report.h"

namespace litesmith {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string to_csv(const Report& report) {
  std::string text =
      "mode,file,io_type,file_bytes,data_bytes,accuracy,n,correct,interval_low,interval_high,lost,"
      "gained,agreement,latency_us_median,latency_us_p95,arena_bytes\n";
  for (const ModeReport& mode : report.modes) {
    std::vector<std::string> row = {mode.mode, mode.file, mode.io_type(),
                                    std::to_string(mode.sizes.file_bytes),
                                    std::to_string(mode.sizes.data_bytes)};
    row.resize(15);
    if (mode.evaluation) {
      const Evaluation& e = *mode.evaluation;
      const auto n = static_cast<double>(e.n);
      row[6] = std::to_string(e.n);
      if (e.confusion) {
        const size_t correct = e.confusion->correct();
        const Interval interval = wilson_interval(correct, e.n);
        row[5] = shortest(static_cast<double>(correct) / n);
        row[7] = std::to_string(correct);
        row[8] = shortest(interval.low);
        row[9] = shortest(interval.high);
      }
      if (e.agreement) {
        if (e.confusion) {
          row[10] = std::to_string(e.agreement->lost);
          row[11] = std::to_string(e.agreement->gained);
        }
        row[12] = shortest(static_cast<double>(e.agreement->same) / n);
      }
      if (e.latency) {
        row[13] = fixed(e.latency->median_us, 1);
        row[14] = fixed(e.latency->p95_us, 1);
      }
    }
    row.push_back(mode.sizes.arena_bytes ? std::to_string(*mode.sizes.arena_bytes) : "");
    for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + cell(row[i]);
    text += "\n";
  }
  return text;
}

}  // namespace litesmith
