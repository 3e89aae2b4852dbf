#include "inspect/summary.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "formats/tflite/conversion.h"
#include "formats/tflite/read.h"
#include "inspect/macs.h"
#include "inspect/stayed_float.h"
#include "ir/attributes.h"
#include "ops/needed_region.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

constexpr int32_t kCustomOp = 32;

TensorSummary describe(const Value& value) {
  return {value.name, value.dtype, value.shape, value.quantization};
}

// Weights and biases, as opposed to shapes, axes and permutations.
bool is_parameter(const Value& value) {
  if (!value.is_constant() || bits(value.dtype) == 0 || value.dtype == DType::boolean) return false;
  const bool may_be_index = value.dtype == DType::int32 || value.dtype == DType::int64;
  return !may_be_index || value.quantization.present();
}

class Summarizer {
 public:
  Summarizer(const Graph& graph, const SummaryOptions& options)
      : graph_(graph),
        options_(options),
        uses_(graph.uses()),
        regions_(needed_regions(graph)),
        macs_(macs_by_node(graph)) {}

  void add_to(Summary& summary) {
    for (const ValueId id : graph_.inputs) {
      summary.inputs.push_back(describe(graph_[id]));
      add_unreached(summary, id);
    }
    for (const ValueId id : graph_.outputs) summary.outputs.push_back(describe(graph_[id]));
    for (size_t i = 0; i < graph_.nodes.size(); ++i) add_op(summary, i);
    const Numbers numbers = numbers_of(graph_);
    for (size_t i = 0; i < graph_.values.size(); ++i) {
      add_constant(summary, ValueId{static_cast<int32_t>(i)}, numbers);
    }
  }

 private:
  void add_unreached(Summary& summary, ValueId id) const {
    const Region& region = regions_[static_cast<size_t>(id.index)];
    for (size_t d = 0; d < region.dims.size(); ++d) {
      const IndexSet& set = region.dims[d];
      if (set.is_all() || set.size() < 0) continue;
      UnreachedInput unreached{graph_[id].name, d, set.size()};
      for (int32_t i = 0; i < std::min(set.size(), IndexSet::kLargestTracked); ++i) {
        if (!set.contains(i)) unreached.indices.push_back(i);
      }
      summary.unreached.push_back(std::move(unreached));
    }
  }

  void add_op(Summary& summary, size_t index) const {
    const Node& node = graph_.nodes[index];
    OpSummary op{index, std::string(node.def().name), attribute_text(*node.op)};
    for (const ValueId id : node.outputs) op.outputs.push_back(describe(graph_[id]));
    std::set<ValueId> counted;
    for (const ValueId id : node.inputs) {
      if (!id.valid() || !graph_[id].is_constant() || !counted.insert(id).second) continue;
      op.constant_bytes += graph_[id].data->size();
      if (is_parameter(graph_[id])) op.parameters += element_count(graph_[id].shape);
    }
    const Macs macs = macs_[index].macs;
    op.macs = macs.nominal;
    op.needed_macs = macs.needed;
    summary.macs += macs.nominal;
    summary.needed_macs += macs.needed;
    summary.ops.push_back(std::move(op));
  }

  void add_constant(Summary& summary, ValueId id, Numbers numbers) {
    const Value& value = graph_[id];
    if (!value.is_constant()) return;
    ConstantSummary constant{describe(value)};
    constant.bytes = value.data->size();
    if (bits(value.dtype) != 0) constant.elements = element_count(value.shape);
    for (const int node : uses_.consumers[static_cast<size_t>(id.index)]) {
      constant.used_by.push_back(static_cast<size_t>(node));
    }
    constant.why_float = why_float(graph_, uses_, numbers, id);
    if (options_.weights) constant.statistics = weight_statistics(value);
    if (counted_.insert(value.data->bytes().data()).second) {
      summary.constant_bytes[value.dtype] += constant.bytes;
      if (is_parameter(value)) summary.parameters += constant.elements;
    }
    summary.constants.push_back(std::move(constant));
  }

  const Graph& graph_;
  const SummaryOptions& options_;
  Uses uses_;
  std::vector<Region> regions_;
  std::vector<NodeMacs> macs_;
  std::set<const std::byte*> counted_;  // buffers that several constants share
};

// What can be told of a file whose graph cannot be built.
class FileSummarizer {
 public:
  explicit FileSummarizer(const tflite::File& file) : file_(file) {}

  void add_to(Summary& summary) const {
    const auto subgraphs = tflite::items(file_.subgraphs);
    if (subgraphs.empty()) return;
    const tflite::SubGraph& subgraph = subgraphs[0];
    summary.inputs = tensors(subgraph, tflite::items(subgraph.inputs));
    summary.outputs = tensors(subgraph, tflite::items(subgraph.outputs));
    for (const tflite::Operator& op : tflite::items(subgraph.operators)) {
      OpSummary line{summary.ops.size(), name(op), ""};
      line.outputs = tensors(subgraph, tflite::items(op.outputs));
      summary.ops.push_back(std::move(line));
    }
    std::set<uint32_t> counted;  // buffers that several tensors share
    for (const tflite::Tensor& tensor : tflite::items(subgraph.tensors)) {
      add_constant(summary, tensor, counted.insert(tensor.buffer).second);
    }
  }

 private:
  static TensorSummary describe(const tflite::Tensor& tensor) {
    TensorSummary result{.name = tensor.name.value_or("")};
    if (tensor.type >= 0 && tensor.type < kDTypeCount) {
      result.dtype = static_cast<DType>(tensor.type);
    }
    const auto shape =
        tflite::items(tensor.shape_signature ? tensor.shape_signature : tensor.shape);
    result.shape.assign(shape.begin(), shape.end());
    if (tensor.quantization) {
      const auto scale = tflite::items(tensor.quantization->scale);
      const auto zero_point = tflite::items(tensor.quantization->zero_point);
      result.quantization.scale.assign(scale.begin(), scale.end());
      result.quantization.zero_point.assign(zero_point.begin(), zero_point.end());
      result.quantization.zero_point.resize(scale.size(), 0);
      result.quantization.dimension = tensor.quantization->quantized_dimension;
    }
    return result;
  }

  static std::vector<TensorSummary> tensors(const tflite::SubGraph& subgraph,
                                            std::span<const int32_t> indices) {
    const auto all = tflite::items(subgraph.tensors);
    std::vector<TensorSummary> result;
    for (const int32_t index : indices) {
      if (index >= 0 && static_cast<size_t>(index) < all.size()) {
        result.push_back(describe(all[static_cast<size_t>(index)]));
      }
    }
    return result;
  }

  std::string name(const tflite::Operator& op) const {
    const auto codes = tflite::items(file_.operator_codes);
    if (op.opcode_index >= codes.size()) return "?";
    const tflite::OperatorCode& code = codes[op.opcode_index];
    if (code.code() == kCustomOp) return code.custom_code.value_or("") + " (custom)";
    const std::string_view builtin = builtin_name(code.code());
    return builtin.empty() ? "builtin " + std::to_string(code.code()) : std::string(builtin);
  }

  void add_constant(Summary& summary, const tflite::Tensor& tensor, bool is_new) const {
    const auto buffers = tflite::items(file_.buffers);
    if (tensor.buffer == 0 || tensor.buffer >= buffers.size()) return;
    const auto bytes = buffers[tensor.buffer].bytes.span();
    if (bytes.empty()) return;
    ConstantSummary constant{describe(tensor)};
    constant.bytes = bytes.size();
    if (is_new) summary.constant_bytes[constant.tensor.dtype] += constant.bytes;
    summary.constants.push_back(std::move(constant));
  }

  const tflite::File& file_;
};

}  // namespace

Summary summarize(const Model& model, const SummaryOptions& options) {
  Summary summary{.source = model.source};
  const tflite::Origin origin = tflite::origin(model.metadata);
  summary.made_by = origin.made_by;
  summary.min_runtime_version = origin.min_runtime_version;
  Summarizer(model.graph, options).add_to(summary);
  if (!model.other_graphs.empty()) {
    summary.notes.push_back("subgraph 0 of " + std::to_string(model.subgraph_count()) +
                            " is shown");
  }
  return summary;
}

Summary summarize(const tflite::File& file, std::string source, const SummaryOptions& options) {
  Summary summary;
  try {
    summary = summarize(to_model(file), options);
  } catch (const Error& error) {
    summary = {};
    FileSummarizer(file).add_to(summary);
    summary.notes.push_back(std::string("costs and unused inputs are not known: ") + error.what());
  }
  if (file.has_unknown) {
    summary.notes.push_back("the file has fields that are newer than this program");
  }
  summary.source = std::move(source);
  summary.file_bytes = file.file_bytes;
  return summary;
}

}  // namespace litesmith
