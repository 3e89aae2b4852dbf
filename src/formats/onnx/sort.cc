#include <map>
#include <queue>
#include <set>

#include "formats/onnx/build.h"

namespace litesmith::onnx {

std::vector<size_t> execution_order(const File& file, Diagnostics& findings) {
  std::set<std::string_view> given;
  for (const auto& each : file.initializers) given.insert(each.name);
  for (const auto& each : file.inputs) given.insert(each.name);
  std::map<std::string_view, size_t> maker;
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    for (const std::string& output : file.nodes[i].outputs) {
      if (output.empty()) continue;
      if (given.count(output) != 0 || !maker.emplace(output, i).second) {
        findings.error(ErrorCode::format, file.nodes[i].label() + ": makes '" + output +
                                              "', which already has a value");
      }
    }
  }
  std::vector<size_t> waits(file.nodes.size(), 0);
  std::vector<std::vector<size_t>> readers(file.nodes.size());
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    for (const std::string& input : file.nodes[i].inputs) {
      if (input.empty() || given.count(input) != 0) continue;
      const auto found = maker.find(input);
      if (found == maker.end()) {
        findings.error(ErrorCode::format,
                       file.nodes[i].label() + ": reads '" + input + "', which nothing makes");
        continue;
      }
      ++waits[i];
      readers[found->second].push_back(i);
    }
  }
  // In the file's order where it may be.
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < waits.size(); ++i) {
    if (waits[i] == 0) ready.push(i);
  }
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t i = ready.top();
    ready.pop();
    order.push_back(i);
    for (const size_t reader : readers[i]) {
      if (--waits[reader] == 0) ready.push(reader);
    }
  }
  for (size_t i = 0; i < waits.size(); ++i) {
    if (waits[i] != 0) {
      findings.error(ErrorCode::format,
                     file.nodes[i].label() + ": waits for itself; the graph has a cycle");
    }
  }
  return order;
}

}  // namespace litesmith::onnx
