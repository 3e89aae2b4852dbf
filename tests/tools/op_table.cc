// Shows tests/interop what litesmith knows about operators, as JSON.
//
//   litesmith_op_table                the table: codes, attributes, versions, quantization
//   litesmith_op_table FILE.tflite...  for each op of each file, the version the converter would
//   write
//                                     and the types and shapes that follow from its operands
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <variant>

#include "base/error.h"
#include "formats/tflite/read.h"
#include "ir/attributes.h"
#include "ir/graph.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const AttributeValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, SubgraphIndex>) {
          return held.index;
        } else {
          return held;
        }
      },
      value);
}

std::string_view kind_of(const AttributeValue& value) {
  static constexpr std::string_view kKinds[] = {"bool",   "int8",   "int32",  "float", "subgraph",
                                                "string", "int32s", "floats", "bytes"};
  static_assert(std::size(kKinds) == std::variant_size_v<AttributeValue>);
  return kKinds[value.index()];
}

Json to_json(const std::vector<WeightOperand>& weights) {
  Json list = Json::array();
  for (const auto& [operand, dimension] : weights) list.push_back({operand, dimension});
  return list;
}

Json to_json(const std::optional<FixedScale>& fixed) {
  return fixed ? Json{fixed->scale, fixed->zero_point} : Json();
}

Json to_json(const QuantSpec& quant) {
  return {{"int8", quant.int8},
          {"int16", quant.int16},
          {"same_scale", quant.same_scale},
          {"weights", to_json(quant.weights)},
          {"bias", quant.bias},
          {"fixed_int8", to_json(quant.fixed_int8)},
          {"fixed_int16", to_json(quant.fixed_int16)},
          {"version_int16", quant.version_int16},
          {"hybrid", to_json(quant.hybrid)}};
}

Json to_json(const OpDef& def) {
  Json attributes = Json::array();
  for (const Attribute& attribute : attributes_of(*def.make())) {
    attributes.push_back({{"slot", attribute.info.slot},
                          {"name", attribute.info.name},
                          {"kind", kind_of(attribute.value)},
                          {"default", to_json(attribute.schema_default)},
                          {"names", attribute.info.names}});
  }
  return {{"code", def.code},
          {"name", def.name},
          {"options_tag", def.options_tag},
          {"attributes", attributes},
          {"runtime_versions", def.runtime_versions},
          {"quant", to_json(def.quant)}};
}

Json describe(const Graph& graph, const Node& node) {
  const NodeView view = graph.view(node);
  Json outputs = Json::array();
  for (const InferredOutput& output : node.def().infer(view)) {
    outputs.push_back({{"dtype", to_string(output.dtype)}, {"shape", output.shape}});
  }
  const int version = node.def().version(view);
  return {{"name", node.def().name},
          {"version", version},
          {"runtime_version", runtime_version(node.def(), version)},
          {"outputs", outputs}};
}

Json describe(const std::string& path) {
  try {
    const Model model = read_tflite(path);
    Json ops = Json::array();
    for (const Node& node : model.graph.nodes) ops.push_back(describe(model.graph, node));
    return {{"file", path}, {"ops", ops}};
  } catch (const Error& error) {
    return {{"file", path}, {"error", error.what()}};
  }
}

int run(int count, char** arguments) {
  Json result = Json::array();
  if (count < 2) {
    for (const OpDef* def : all_ops()) result.push_back(to_json(*def));
  }
  for (int i = 1; i < count; ++i) result.push_back(describe(arguments[i]));
  std::puts(result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace litesmith

int main(int count, char** arguments) { return litesmith::run(count, arguments); }
