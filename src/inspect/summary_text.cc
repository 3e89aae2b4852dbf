// The readable form of a summary.
#include <algorithm>
#include <cmath>

#include "base/format.h"
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

// Names come from files: what could steer a terminal becomes a dot.
std::string shown(std::string name) {
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '.';
  }
  return name;
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
  if (!summary.min_runtime_version.empty()) {
    line += ", runs on TensorFlow Lite from " + summary.min_runtime_version;
  }
  return line + "\n";
}

using Rows = std::vector<std::vector<std::string>>;

std::string interface(const Summary& summary) {
  Rows rows = {{"", "name", "type", "shape", "quantization"}};
  auto add = [&](const std::string& role, const std::vector<TensorSummary>& tensors) {
    for (const TensorSummary& tensor : tensors) {
      rows.push_back({role, shown(tensor.name), std::string(to_string(tensor.dtype)),
                      to_string(tensor.shape), text(tensor.quantization)});
    }
  };
  add("input", summary.inputs);
  add("output", summary.outputs);
  return aligned(rows, {true, true, true, true, true});
}

std::string ops(const Summary& summary) {
  constexpr size_t kQuantization = 7;  // this column
  Rows rows = {
      {"op", "", "output", "type", "parameters", "bytes", "MACs", "quantization", "attributes"}};
  size_t bytes = 0;
  for (const OpSummary& op : summary.ops) {
    const TensorSummary output = op.outputs.empty() ? TensorSummary{} : op.outputs[0];
    rows.push_back({std::to_string(op.index), shown(op.name),
                    op.outputs.empty() ? "" : to_string(output.shape),
                    op.outputs.empty() ? "" : std::string(to_string(output.dtype)),
                    op.parameters == 0 ? "" : number(op.parameters),
                    op.constant_bytes == 0 ? "" : with_commas(op.constant_bytes),
                    op.macs == 0 ? "" : number(op.macs), text(output.quantization), op.attributes});
  }
  for (const auto& [dtype, part] : summary.constant_bytes) bytes += part;
  rows.push_back({"", "in all", "", "", number(summary.parameters), with_commas(bytes),
                  number(summary.macs), "", ""});
  const bool quantized = std::any_of(rows.begin() + 1, rows.end(),
                                     [](const auto& row) { return !row[kQuantization].empty(); });
  std::vector<bool> left = {false, true, true, true, false, false, false, true, true};
  if (!quantized) {
    for (auto& row : rows) row.erase(row.begin() + kQuantization);
    left.pop_back();
  }
  return aligned(rows, left);
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
             shown(each.input) + "' never reach an output: " + text(each.indices) + "\n";
  }
  if (summary.needed_macs != summary.macs) {
    lines += number(summary.needed_macs) + " of " + number(summary.macs) +
             " multiply-accumulates can reach an output\n";
  }
  return lines;
}

std::string stayed_float(const Summary& summary) {
  std::string lines;
  for (const ConstantSummary& constant : summary.constants) {
    if (constant.why_float.empty()) continue;
    lines += "  '" + shown(constant.tensor.name) + "' " + to_string(constant.tensor.shape) + ": " +
             constant.why_float + "\n";
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
    rows.push_back({shown(constant.tensor.name), std::string(to_string(constant.tensor.dtype)),
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
                       bytes_by_type(summary) + needed(summary) + stayed_float(summary) +
                       statistics(summary);
  for (const std::string& note : summary.notes) result += "\nnote: " + note + "\n";
  return result;
}

}  // namespace litesmith
