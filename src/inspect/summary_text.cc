// The readable form of a summary.
#include <algorithm>
#include <cmath>

#include "base/format.h"
#include "inspect/printable.h"
#include "inspect/summary.h"

namespace litesmith {
namespace {

std::string number(int64_t value) { return with_commas(static_cast<size_t>(value)); }

// Whole numbers whole, others with four significant digits.
std::string brief(double value) {
  if (std::fabs(value) < 1e7 && value == std::floor(value)) return fixed(value, 0);
  if (!std::isfinite(value)) return shortest(value);
  const int exponent = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  return exponent < -4 || exponent > 6 ? shortest(static_cast<float>(value))
                                       : fixed(value, std::clamp(3 - exponent, 0, 7));
}

std::string text(const Quantization& quantization) {
  if (!quantization.present()) return "";
  const auto& scale = quantization.scale;
  if (!quantization.per_channel()) {
    return "scale " + brief(scale[0]) + ", zero point " +
           std::to_string(quantization.zero_point.at(0));
  }
  const auto [least, most] = std::minmax_element(scale.begin(), scale.end());
  return std::to_string(scale.size()) + " scales " + brief(*least) + " to " + brief(*most) +
         " along dimension " + std::to_string(quantization.dimension);
}

// "10 to 12", "0, 2, 4"
std::string text(const std::vector<int32_t>& indices) {
  std::string result;
  for (size_t i = 0; i < indices.size();) {
    size_t end = i + 1;
    while (end < indices.size() && indices[end] == indices[end - 1] + 1) ++end;
    result += (result.empty() ? "" : ", ") + std::to_string(indices[i]);
    if (end - i > 1) result += " to " + std::to_string(indices[end - 1]);
    i = end;
  }
  return result;
}

std::string heading(const Summary& summary) {
  std::string line = summary.source;
  if (summary.file_bytes) {
    line +=
        ": " + with_commas(*summary.file_bytes) + " bytes (" + kilobytes(*summary.file_bytes) + ")";
  }
  if (!summary.made_by.empty()) line += ", made by " + summary.made_by;
  return line + "\n" + summary.verdict.text + "\n";
}

using Rows = std::vector<std::vector<std::string>>;

std::string interface(const Summary& summary) {
  Rows rows = {{"", "name", "type", "shape", "quantization"}};
  auto add = [&](const std::string& role, const std::vector<TensorSummary>& tensors) {
    for (const TensorSummary& tensor : tensors) {
      rows.push_back({role, printable(tensor.name), std::string(to_string(tensor.dtype)),
                      to_string(tensor.shape), text(tensor.quantization)});
    }
  };
  add("input", summary.inputs);
  add("output", summary.outputs);
  return aligned(rows, {true, true, true, true, true});
}

// A table that leaves out the columns in which no row says anything.
class Table {
 public:
  void add_column(std::string head, bool left) {
    rows_[0].push_back(std::move(head));
    left_.push_back(left);
  }
  void add_row(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const {
    Rows rows(rows_.size());
    std::vector<bool> left;
    for (size_t column = 0; column < left_.size(); ++column) {
      const bool says_something = std::any_of(
          rows_.begin() + 1, rows_.end(), [&](const auto& row) { return !row[column].empty(); });
      if (!says_something) continue;
      left.push_back(left_[column]);
      for (size_t i = 0; i < rows_.size(); ++i) rows[i].push_back(rows_[i][column]);
    }
    return aligned(rows, left);
  }

 private:
  Rows rows_ = Rows(1);
  std::vector<bool> left_;
};

// "12.5%" of parameters that are zero; nothing where there are none.
std::string zeros(int64_t zeros, int64_t parameters) {
  if (parameters == 0) return "";
  return fixed(100.0 * static_cast<double>(zeros) / static_cast<double>(parameters), 1) + "%";
}

std::string ops(const Summary& summary) {
  Table table;
  for (const char* head : {"op", "", "version", "output", "type", "parameters", "zeros", "bytes",
                           "MACs", "needed", "quantization", "attributes"}) {
    const std::string_view name(head);
    table.add_column(head, name.empty() || name == "output" || name == "type" ||
                               name == "quantization" || name == "attributes");
  }
  const bool some_not_needed = summary.needed_macs != summary.macs;
  size_t bytes = 0;
  for (const OpSummary& op : summary.ops) {
    const TensorSummary output = op.outputs.empty() ? TensorSummary{} : op.outputs[0];
    table.add_row({std::to_string(op.index), printable(op.name), std::to_string(op.version),
                   op.outputs.empty() ? "" : to_string(output.shape),
                   op.outputs.empty() ? "" : std::string(to_string(output.dtype)),
                   op.parameters == 0 ? "" : number(op.parameters),
                   zeros(op.zero_parameters, op.parameters),
                   op.constant_bytes == 0 ? "" : with_commas(op.constant_bytes),
                   op.macs == 0 ? "" : number(op.macs),
                   op.macs == 0 || !some_not_needed ? "" : number(op.needed_macs),
                   text(output.quantization), op.attributes});
  }
  for (const auto& [dtype, part] : summary.constant_bytes) bytes += part;
  table.add_row({"", "in all", "", "", "", number(summary.parameters),
                 zeros(summary.zero_parameters, summary.parameters), with_commas(bytes),
                 number(summary.macs), some_not_needed ? number(summary.needed_macs) : "", "", ""});
  return table.text();
}

std::string bytes_by_type(const Summary& summary) {
  std::string line;
  for (const auto& [dtype, bytes] : summary.constant_bytes) {
    line += (line.empty() ? "constants: " : ", ") + with_commas(bytes) + " bytes " +
            std::string(to_string(dtype));
  }
  return line.empty() ? "" : line + "\n";
}

std::string needed(const Summary& summary) {
  std::string lines;
  for (const UnreachedInput& each : summary.unreached) {
    lines += std::to_string(each.indices.size()) + " of " + std::to_string(each.size) +
             " indices along dimension " + std::to_string(each.dimension) + " of input '" +
             printable(each.input) + "' never reach an output: " + text(each.indices) + "\n";
  }
  if (summary.needed_macs != summary.macs) {
    lines += number(summary.needed_macs) + " of " + number(summary.macs) +
             " multiply-accumulates can reach an output\n";
  }
  return lines;
}

std::string tflm_memory(const TflmPrediction& prediction, std::string_view pointers) {
  if (!prediction.memory) return "";
  const TflmMemory& memory = *prediction.memory;
  return "TFLite Micro with " + std::string(pointers) + "-bit pointers: tensor_arena_size " +
         std::to_string(memory.tensor_arena_size) + "; " + with_commas(memory.used_bytes()) +
         " bytes used, " + with_commas(memory.planned_bytes) + " of them shared by activations\n";
}

std::string memory(const Summary& summary) {
  std::string lines;
  if (summary.activations) {
    const Activations& activations = *summary.activations;
    lines += "activations: " + with_commas(activations.bytes) + " bytes" +
             (activations.bytes == activations.least
                  ? ", which no plan can better\n"
                  : "; no plan takes fewer than " + with_commas(activations.least) + "\n");
  }
  lines += tflm_memory(summary.tflm32, "32") + tflm_memory(summary.tflm64, "64");
  if (!summary.tflm32.why_not.empty()) {
    lines += "TFLite Micro's memory is not predicted: " + printable(summary.tflm32.why_not) + "\n";
  }
  return lines;
}

// Most files have none; one that was cut by hand may have thousands.
std::string unused(const Summary& summary) {
  if (summary.unused.empty()) return "";
  constexpr size_t kShown = 10;
  size_t bytes = 0;
  for (const UnusedTensor& each : summary.unused) bytes += each.bytes;
  std::string line = plural(summary.unused.size(), "tensor") + " that nothing uses (" +
                     with_commas(bytes) + " bytes of the file):";
  for (size_t i = 0; i < std::min(kShown, summary.unused.size()); ++i) {
    const UnusedTensor& each = summary.unused[i];
    line += (i > 0 ? ", " : " ") + std::to_string(each.index) + " '" + printable(each.tensor.name) +
            "'";
  }
  return line + (summary.unused.size() > kShown ? ", ...\n" : "\n");
}

std::string stayed_float(const Summary& summary) {
  std::string lines;
  for (const ConstantSummary& constant : summary.constants) {
    if (constant.why_float.empty()) continue;
    lines += "  '" + printable(constant.tensor.name) + "' " + to_string(constant.tensor.shape) +
             ": " + constant.why_float + "\n";
  }
  return lines.empty() ? "" : "\nconstants that stayed float\n" + lines;
}

// One character a bin, from ' ' for none to '@' for the fullest.
std::string bars(const std::vector<size_t>& histogram) {
  static constexpr std::string_view kLevels = " .:-=+*#%@";
  const size_t most = std::max<size_t>(1, *std::max_element(histogram.begin(), histogram.end()));
  std::string result;
  for (const size_t count : histogram) {
    const size_t level = (count * (kLevels.size() - 1) + most - 1) / most;
    result += kLevels[level];
  }
  return "|" + result + "|";
}

std::string statistics(const Summary& summary) {
  Rows rows = {{"constant", "type", "shape", "min", "max", "zeros", "unique", "histogram"}};
  for (const ConstantSummary& constant : summary.constants) {
    if (!constant.statistics) continue;
    const WeightStatistics& found = *constant.statistics;
    rows.push_back({printable(constant.tensor.name), std::string(to_string(constant.tensor.dtype)),
                    to_string(constant.tensor.shape), brief(found.min), brief(found.max),
                    with_commas(found.zeros), with_commas(found.unique),
                    found.histogram.empty() ? "" : bars(found.histogram)});
    if (found.not_finite > 0) rows.back().back() += " " + plural(found.not_finite, "NaN or inf");
  }
  if (rows.size() == 1) return "";
  return "\n" + aligned(rows, {true, true, true, false, false, false, false, true});
}

}  // namespace

std::string to_text(const Summary& summary) {
  std::string result = heading(summary) + "\n" + interface(summary) + "\n" + ops(summary) + "\n" +
                       bytes_by_type(summary) + memory(summary) + needed(summary) +
                       unused(summary) + stayed_float(summary) + statistics(summary);
  for (const std::string& note : summary.notes) result += "\nnote: " + note + "\n";
  return result;
}

}  // namespace litesmith
