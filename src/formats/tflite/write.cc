#include "formats/tflite/write.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "formats/tflite/attributes.h"
#include "formats/tflite/conversion.h"
#include "ops/min_runtime_version.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

// What the old field holds when the code only fits into the new one.
constexpr int32_t kSeeNewField = 127;
constexpr std::string_view kDefaultDescription = "litesmith";

// Gives each value of a graph that something refers to its tensor index: inputs, then variables,
// then constants, each in the order of their first use, then what the nodes make. The order does
// not depend on how rewrites happened to add values.
class TensorOrder {
 public:
  // `named` are values that signatures name.
  TensorOrder(const Graph& graph, const std::vector<ValueId>& named)
      : number_(graph.values.size(), -1) {
    for (const ValueId id : graph.inputs) number(id);
    std::vector<bool> made(graph.values.size(), false);
    for (const Node& node : graph.nodes) {
      for (const auto* ids : {&node.intermediates, &node.outputs}) {
        for (const ValueId id : *ids) made[static_cast<size_t>(id.index)] = true;
      }
    }
    auto for_each_read = [&](const auto& visit) {
      for (const Node& node : graph.nodes) {
        for (const ValueId id : node.inputs) {
          if (id.valid() && !made[static_cast<size_t>(id.index)]) visit(id);
        }
      }
      for (const ValueId id : graph.outputs) {
        if (!made[static_cast<size_t>(id.index)]) visit(id);
      }
    };
    for_each_read([&](ValueId id) {
      if (!graph[id].is_constant()) number(id);
    });
    for_each_read([&](ValueId id) { number(id); });
    for (const Node& node : graph.nodes) {
      for (const ValueId id : node.intermediates) number(id);
      for (const ValueId id : node.outputs) number(id);
    }
    for (const ValueId id : named) number(id);
  }

  const std::vector<ValueId>& values() const { return order_; }
  // -1 for an absent value.
  int32_t index(ValueId id) const {
    return id.valid() ? number_.at(static_cast<size_t>(id.index)) : -1;
  }
  std::vector<int32_t> indices(const std::vector<ValueId>& ids) const {
    std::vector<int32_t> result;
    result.reserve(ids.size());
    for (const ValueId id : ids) result.push_back(index(id));
    return result;
  }

 private:
  void number(ValueId id) {
    int32_t& given = number_.at(static_cast<size_t>(id.index));
    if (given >= 0) return;
    given = static_cast<int32_t>(order_.size());
    order_.push_back(id);
  }

  std::vector<int32_t> number_;  // by value: its tensor index, -1 when it has none
  std::vector<ValueId> order_;
};

class Writer {
 public:
  explicit Writer(const Model& model) : model_(model) {}

  tflite::File run() {
    file_.operator_codes.emplace();
    file_.buffers.emplace();
    file_.buffers->emplace_back();  // buffer 0 means "no data"
    file_.subgraphs.emplace();
    for (size_t i = 0; i < model_.subgraph_count(); ++i) {
      orders_.emplace_back(model_.subgraph(i), named_in(i));
      file_.subgraphs->push_back(subgraph(model_.subgraph(i), orders_.back()));
    }
    file_.description =
        model_.description.empty() ? std::string(kDefaultDescription) : model_.description;
    add_metadata();
    add_signatures();
    return std::move(file_);
  }

 private:
  std::vector<ValueId> named_in(size_t subgraph) const {
    std::vector<ValueId> named;
    for (const Signature& signature : model_.signatures) {
      if (static_cast<size_t>(signature.subgraph.index) != subgraph) continue;
      for (const auto* entries : {&signature.inputs, &signature.outputs}) {
        for (const Signature::Entry& entry : *entries) named.push_back(entry.value);
      }
    }
    return named;
  }

  tflite::SubGraph subgraph(const Graph& graph, const TensorOrder& order) {
    tflite::SubGraph result{.tensors = std::vector<tflite::Tensor>(),
                            .inputs = order.indices(graph.inputs),
                            .outputs = order.indices(graph.outputs),
                            .operators = std::vector<tflite::Operator>(),
                            .name = graph.name};
    const Uses uses = graph.uses();
    for (const ValueId id : order.values()) {
      const bool is_output = uses.is_output[static_cast<size_t>(id.index)];
      result.tensors->push_back(tensor(graph[id], is_output));
    }
    for (size_t i = 0; i < order.values().size(); ++i) {
      const Value& value = graph[order.values()[i]];
      if (value.block_scales) add_block_scales(*result.tensors, i, value);
    }
    for (const Node& node : graph.nodes) {
      result.operators->push_back(operation(graph, node, order));
    }
    return result;
  }

  tflite::Tensor tensor(const Value& value, bool is_output) {
    tflite::Tensor tensor{.name = value.name};
    tensor.type = static_cast<int8_t>(value.dtype);
    tensor.shape = value.shape;
    if (!is_static(value.shape)) {
      tensor.shape_signature = value.shape;
      for (size_t i = 0; i < value.shape.size(); ++i) {
        if (value.shape[i] >= 0) continue;
        const int32_t own = i < value.default_shape.size() ? value.default_shape[i] : 1;
        (*tensor.shape)[i] = std::max(own, 1);
      }
    }
    tensor.has_rank = true;
    tensor.is_variable = value.is_variable;
    tensor.quantization.emplace();
    if (value.range) {
      tensor.quantization->min = {value.range->min};
      tensor.quantization->max = {value.range->max};
    }
    if (value.quantization.present()) {
      tensor.quantization->scale = value.quantization.scale;
      tensor.quantization->zero_point = value.quantization.zero_point;
      tensor.quantization->quantized_dimension = value.quantization.dimension;
    }
    if (value.is_constant()) tensor.buffer = constant(*value.data, is_output);
    return tensor;
  }

  // Scales by blocks lie in a tensor of their own, behind those that the graph knows.
  void add_block_scales(std::vector<tflite::Tensor>& tensors, size_t index, const Value& value) {
    Value scales{.name = value.name + "_scales", .dtype = DType::float16, .shape = value.shape};
    scales.shape.back() /= value.block_scales->size;
    scales.data = value.block_scales->scale;
    tflite::Table details;
    details.add(0, static_cast<int32_t>(tensors.size()));
    details.add(1, int32_t{-1});  // no zero points
    details.add(2, value.block_scales->size);
    tensors[index].quantization->details = {tflite::kByBlocks, std::move(details)};
    tensors.push_back(tensor(scales, false));
  }

  uint32_t add_buffer(Buffer data) {
    file_.buffers->push_back({.bytes = {.data = std::move(data)}, .more = {}});
    return static_cast<uint32_t>(file_.buffers->size() - 1);
  }

  // Equal constants share a buffer; an output of the graph keeps its own.
  uint32_t constant(const Buffer& data, bool is_output) {
    if (is_output) return add_buffer(data);
    const auto [place, is_new] = shared_.try_emplace(data, 0);
    if (is_new) place->second = add_buffer(data);
    return place->second;
  }

  tflite::Operator operation(const Graph& graph, const Node& node, const TensorOrder& order) {
    tflite::Operator result{.inputs = order.indices(node.inputs),
                            .outputs = order.indices(node.outputs)};
    result.opcode_index = operator_code(graph, node);
    tflite::write_options(*node.op, result);
    if (!node.intermediates.empty()) result.intermediates = order.indices(node.intermediates);
    if (!node.mutating_inputs.empty()) {
      result.mutating_variable_inputs.emplace(node.mutating_inputs.begin(),
                                              node.mutating_inputs.end());
    }
    return result;
  }

  // One code for each kind of op, of the highest version that any of its nodes needs.
  uint32_t operator_code(const Graph& graph, const Node& node) {
    const OpDef& def = node.def();
    const int32_t version = written_version(graph, node);
    const tflite::Text custom_code = def.code == kCustomOp ? tflite::Text(def.name) : std::nullopt;
    auto& codes = *file_.operator_codes;
    auto found = std::find_if(codes.begin(), codes.end(), [&](const tflite::OperatorCode& code) {
      return code.builtin_code == def.code && code.custom_code == custom_code;
    });
    if (found == codes.end()) {
      tflite::OperatorCode code{
          .custom_code = custom_code, .version = version, .builtin_code = def.code, .more = {}};
      code.deprecated_builtin_code = static_cast<int8_t>(std::min(def.code, kSeeNewField));
      codes.push_back(std::move(code));
      return static_cast<uint32_t>(codes.size() - 1);
    }
    found->version = std::max(found->version, version);
    return static_cast<uint32_t>(found - codes.begin());
  }

  void add_metadata() {
    file_.metadata.emplace();
    for (const Metadata& entry : tflite::conversion_metadata(model_)) {
      file_.metadata->push_back({.name = entry.name, .buffer = add_buffer(entry.data), .more = {}});
    }
  }

  void add_signatures() {
    for (const Signature& from : model_.signatures) {
      const TensorOrder& order = orders_.at(static_cast<size_t>(from.subgraph.index));
      tflite::SignatureDef to{.inputs = maps(from.inputs, order),
                              .outputs = maps(from.outputs, order),
                              .signature_key = from.key};
      to.subgraph_index = static_cast<uint32_t>(from.subgraph.index);
      if (!file_.signature_defs) file_.signature_defs.emplace();
      file_.signature_defs->push_back(std::move(to));
    }
  }

  static std::vector<tflite::TensorMap> maps(const std::vector<Signature::Entry>& entries,
                                             const TensorOrder& order) {
    std::vector<tflite::TensorMap> result;
    result.reserve(entries.size());
    for (const Signature::Entry& entry : entries) {
      result.push_back({.name = entry.name,
                        .tensor_index = static_cast<uint32_t>(order.index(entry.value)),
                        .more = {}});
    }
    std::stable_sort(
        result.begin(), result.end(),
        [](const tflite::TensorMap& a, const tflite::TensorMap& b) { return a.name < b.name; });
    return result;
  }

  const Model& model_;
  tflite::File file_;
  std::vector<TensorOrder> orders_;  // by subgraph
  std::map<Buffer, uint32_t, Buffer::Less> shared_;
};

}  // namespace

tflite::File to_file(const Model& model) { return Writer(model).run(); }

std::vector<std::byte> to_tflite(const Model& model) {
  std::vector<std::byte> bytes;
  tflite::write_file(to_file(model), [&](std::span<const std::byte> part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  });
  return bytes;
}

void write_tflite(const Model& model, const std::filesystem::path& path) {
  const tflite::File contents = to_file(model);
  AtomicFile file(path);
  tflite::write_file(contents, [&](std::span<const std::byte> part) { file.write(part); });
  file.commit();
}

}  // namespace litesmith
