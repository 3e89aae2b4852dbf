#include "inspect/summary.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "formats/tflite/conversion.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "inspect/listing.h"
#include "inspect/macs.h"
#include "inspect/stayed_float.h"
#include "inspect/zeros.h"
#include "ir/attributes.h"
#include "ops/min_runtime_version.h"
#include "ops/needed_region.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

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
        macs_(macs_by_node(graph)) {
    for (const Value& value : graph.values) {
      zeros_.push_back(is_parameter(value) ? count_zeros(value) : 0);
    }
  }

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
    const std::string custom = node.def().code == kCustomOp ? " (custom)" : "";
    OpSummary op{index, std::string(node.def().name) + custom, attribute_text(*node.op)};
    op.version = node.source_version > 0 ? node.source_version : written_version(graph_, node);
    for (const ValueId id : node.outputs) op.outputs.push_back(describe(graph_[id]));
    std::set<ValueId> counted;
    for (const ValueId id : node.inputs) {
      if (!id.valid() || !graph_[id].is_constant() || !counted.insert(id).second) continue;
      op.constant_bytes += graph_[id].data->size();
      if (!is_parameter(graph_[id])) continue;
      op.parameters += element_count(graph_[id].shape);
      op.zero_parameters += zeros_[static_cast<size_t>(id.index)];
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
    if (counted_.insert(value.data->identity()).second) {
      summary.constant_bytes[value.dtype] += constant.bytes;
      if (is_parameter(value)) {
        summary.parameters += constant.elements;
        summary.zero_parameters += zeros_[static_cast<size_t>(id.index)];
      }
    }
    summary.constants.push_back(std::move(constant));
  }

  const Graph& graph_;
  const SummaryOptions& options_;
  Uses uses_;
  std::vector<Region> regions_;
  std::vector<NodeMacs> macs_;
  std::vector<int64_t> zeros_;     // by value; 0 where it is no parameter
  std::set<const void*> counted_;  // buffers that several constants share
};

TensorSummary describe(const ListedTensor& tensor) {
  return {tensor.name, tensor.dtype.value_or(DType::string), tensor.shape, tensor.quantization};
}

std::vector<TensorSummary> describe(const ListedGraph& graph, const std::vector<int32_t>& indices) {
  std::vector<TensorSummary> result;
  for (const int32_t index : indices) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor != nullptr) result.push_back(describe(*tensor));
  }
  return result;
}

// What can be told of a file whose graph cannot be built.
void add_listed(const Listing& listing, Summary& summary) {
  if (listing.empty()) return;
  const ListedGraph& graph = listing[0];
  summary.inputs = describe(graph, graph.inputs);
  summary.outputs = describe(graph, graph.outputs);
  for (const ListedOp& op : graph.ops) {
    OpSummary line{summary.ops.size(), op.is_custom ? op.name + " (custom)" : op.name, ""};
    line.version = op.version;
    line.outputs = describe(graph, op.outputs);
    summary.ops.push_back(std::move(line));
  }
  std::set<uint32_t> counted;  // buffers that several tensors share
  for (const ListedTensor& tensor : graph.tensors) {
    if (tensor.constant_bytes == 0) continue;
    ConstantSummary constant{describe(tensor)};
    constant.bytes = tensor.constant_bytes;
    if (counted.insert(tensor.buffer).second) {
      summary.constant_bytes[constant.tensor.dtype] += constant.bytes;
    }
    summary.constants.push_back(std::move(constant));
  }
}

void add_unused(const tflite::File& file, const Listing& listing, Summary& summary) {
  if (listing.empty()) return;
  const ListedGraph& graph = listing[0];
  const std::vector<size_t> unused = unused_tensors(file, 0);
  if (unused.empty()) return;
  std::map<uint32_t, size_t> users;  // of each buffer
  for (const ListedGraph& each : listing) {
    for (const ListedTensor& tensor : each.tensors) ++users[tensor.buffer];
  }
  for (const size_t index : unused) {
    const ListedTensor& tensor = graph.tensors[index];
    const bool alone = users[tensor.buffer] == 1;
    summary.unused.push_back({index, describe(tensor), alone ? tensor.constant_bytes : 0});
  }
}

Summary of_graph(const Model& model, const SummaryOptions& options) {
  Summary summary{.source = model.source};
  const tflite::Origin origin = tflite::origin(model.metadata);
  summary.made_by = origin.made_by;
  summary.min_runtime_version = origin.min_runtime_version;
  Summarizer(model.graph, options).add_to(summary);
  try {
    summary.activations = plan_activations(model.graph);
  } catch (const Error& error) {
    summary.notes.push_back(std::string("the activations are not planned: ") + error.what());
  }
  if (!model.other_graphs.empty()) {
    summary.notes.push_back("subgraph 0 of " + std::to_string(model.subgraph_count()) +
                            " is shown");
  }
  return summary;
}

}  // namespace

Summary summarize(const Model& model, const SummaryOptions& options) {
  Summary summary = of_graph(model, options);
  // The name of a network that is yet to be converted claims nothing.
  summary.verdict = judge(list(to_file(model)), "");
  return summary;
}

Summary summarize(const tflite::File& file, std::string source, const SummaryOptions& options) {
  const Listing listing = list(file);
  Summary summary;
  try {
    summary = of_graph(to_model(file), options);
  } catch (const Error& error) {
    summary = {};
    add_listed(listing, summary);
    summary.notes.push_back(std::string("costs and unused inputs are not known: ") + error.what());
  }
  if (file.has_unknown) {
    summary.notes.push_back("the file has fields that are newer than this program");
  }
  add_unused(file, listing, summary);
  summary.tflm32 = predict_tflm_memory(file, {.pointers = PointerWidth::bits32});
  summary.tflm64 = predict_tflm_memory(file, {.pointers = PointerWidth::bits64});
  summary.verdict = judge(listing, source);
  summary.source = std::move(source);
  summary.file_bytes = file.file_bytes;
  return summary;
}

}  // namespace litesmith
