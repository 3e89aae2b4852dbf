#include "ir/signature.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "ir/verify.h"

namespace litesmith {
namespace {

std::string listed(const std::vector<Signature>& signatures) {
  if (signatures.empty()) return "the file has none";
  std::string list;
  for (const Signature& each : signatures) list += (list.empty() ? "'" : ", '") + each.key + "'";
  return "the file has " + list;
}

}  // namespace

Model of_signature(const Model& model, std::string_view key) {
  const auto found = std::find_if(model.signatures.begin(), model.signatures.end(),
                                  [&](const Signature& each) { return each.key == key; });
  if (found == model.signatures.end()) {
    throw Error(ErrorCode::usage,
                "there is no signature '" + std::string(key) + "'; " + listed(model.signatures));
  }
  Model result = model;
  result.signatures = {*found};
  result.signatures[0].subgraph = {0};
  if (found->subgraph.index == 0) return result;
  for (size_t i = 0; i < model.subgraph_count(); ++i) {
    const auto called = called_subgraphs(model.subgraph(i));
    if (std::find(called.begin(), called.end(), 0) == called.end()) continue;
    throw Error(ErrorCode::unsupported, "signature '" + std::string(key) +
                                            "' cannot run: subgraph " + std::to_string(i) +
                                            " calls the main one");
  }
  result.graph = model.subgraph(static_cast<size_t>(found->subgraph.index));
  return result;
}

}  // namespace litesmith
