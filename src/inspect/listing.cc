#include "inspect/listing.h"

#include <array>

#include "ops/ops.h"

namespace litesmith {
namespace {

Quantization described(const tflite::Quantization& file) {
  Quantization result;
  const auto scale = tflite::items(file.scale);
  const auto zero_point = tflite::items(file.zero_point);
  result.scale.assign(scale.begin(), scale.end());
  result.zero_point.assign(zero_point.begin(), zero_point.end());
  // A single zero point may stand for all, and files of TFLite Micro leave them out.
  result.zero_point.resize(scale.size(), zero_point.empty() ? 0 : zero_point[0]);
  result.dimension = file.quantized_dimension;
  return result;
}

ListedTensor described(const tflite::File& file, const tflite::Tensor& tensor) {
  ListedTensor result{.name = tensor.name.value_or("")};
  if (tensor.type >= 0 && tensor.type < kDTypeCount) {
    result.dtype = static_cast<DType>(tensor.type);
  }
  const auto shape = tflite::items(tensor.shape_signature ? tensor.shape_signature : tensor.shape);
  result.shape.assign(shape.begin(), shape.end());
  if (tensor.quantization) {
    result.quantization = described(*tensor.quantization);
    result.has_other_quantization = tensor.quantization->details.tag != 0;
  }
  const auto buffers = tflite::items(file.buffers);
  if (tensor.buffer > 0 && tensor.buffer < buffers.size()) {
    result.constant_bytes = buffers[tensor.buffer].bytes.span().size();
  }
  result.buffer = tensor.buffer;
  result.is_constant = result.constant_bytes > 0 || tensor.external_buffer > 0;
  result.is_variable = tensor.is_variable;
  result.is_sparse = tensor.sparsity.has_value();
  return result;
}

std::vector<int32_t> in_range(std::span<const int32_t> indices, size_t count) {
  std::vector<int32_t> result;
  for (const int32_t index : indices) {
    const bool is_tensor = index >= 0 && static_cast<size_t>(index) < count;
    result.push_back(is_tensor ? index : ListedOp::kAbsent);
  }
  return result;
}

ListedOp described(const tflite::File& file, const tflite::Operator& op, size_t tensor_count) {
  ListedOp result{.name = "?"};
  const auto codes = tflite::items(file.operator_codes);
  if (op.opcode_index < codes.size()) {
    const tflite::OperatorCode& code = codes[op.opcode_index];
    result.code = code.code();
    result.version = code.version;
    result.is_custom = result.code == kCustomOp;
    const std::string_view builtin = builtin_name(result.code);
    if (result.is_custom) {
      result.name = code.custom_code.value_or("");
    } else if (builtin.empty()) {
      result.name = "builtin " + std::to_string(result.code);
    } else {
      result.name = builtin;
    }
  }
  result.inputs = in_range(tflite::items(op.inputs), tensor_count);
  result.outputs = in_range(tflite::items(op.outputs), tensor_count);
  return result;
}

}  // namespace

Listing list(const tflite::File& file) {
  Listing result;
  for (const tflite::SubGraph& subgraph : tflite::items(file.subgraphs)) {
    ListedGraph graph{.name = subgraph.name.value_or("")};
    for (const tflite::Tensor& tensor : tflite::items(subgraph.tensors)) {
      graph.tensors.push_back(described(file, tensor));
    }
    const size_t count = graph.tensors.size();
    for (const tflite::Operator& op : tflite::items(subgraph.operators)) {
      graph.ops.push_back(described(file, op, count));
    }
    graph.inputs = in_range(tflite::items(subgraph.inputs), count);
    graph.outputs = in_range(tflite::items(subgraph.outputs), count);
    result.push_back(std::move(graph));
  }
  return result;
}

std::vector<size_t> unused_tensors(const tflite::File& file, size_t subgraph) {
  const auto subgraphs = tflite::items(file.subgraphs);
  if (subgraph >= subgraphs.size()) return {};
  const tflite::SubGraph& graph = subgraphs[subgraph];
  std::vector<bool> used(tflite::items(graph.tensors).size(), false);
  auto use = [&](std::span<const int32_t> indices) {
    for (const int32_t index : indices) {
      if (index >= 0 && static_cast<size_t>(index) < used.size()) {
        used[static_cast<size_t>(index)] = true;
      }
    }
  };
  use(tflite::items(graph.inputs));
  use(tflite::items(graph.outputs));
  for (const tflite::Operator& op : tflite::items(graph.operators)) {
    use(tflite::items(op.inputs));
    use(tflite::items(op.outputs));
    use(tflite::items(op.intermediates));
  }
  for (const tflite::Tensor& tensor : tflite::items(graph.tensors)) {
    if (!tensor.quantization) continue;
    const tflite::Union& details = tensor.quantization->details;
    if (details.tag != tflite::kByBlocks || !details.table) continue;
    const std::array named = {details.table->scalar<int32_t>(0).value_or(-1),
                              details.table->scalar<int32_t>(1).value_or(-1)};
    use(named);
  }
  for (const tflite::SignatureDef& signature : tflite::items(file.signature_defs)) {
    if (signature.subgraph_index != subgraph) continue;
    for (const auto* entries : {&signature.inputs, &signature.outputs}) {
      for (const tflite::TensorMap& entry : tflite::items(*entries)) {
        if (entry.tensor_index < used.size()) used[entry.tensor_index] = true;
      }
    }
  }
  std::vector<size_t> result;
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) result.push_back(i);
  }
  return result;
}

}  // namespace litesmith
