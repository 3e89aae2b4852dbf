#include "formats/tflite/read.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "formats/tflite/attributes.h"
#include "formats/tflite/sparse.h"
#include "ir/verify.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

using tflite::items;

constexpr uint32_t kSchemaVersion = 3;

class Reader {
 public:
  explicit Reader(const tflite::File& file) : file_(file) {}

  Model run() {
    const auto subgraphs = items(file_.subgraphs);
    if (file_.version != kSchemaVersion) {
      throw Error(ErrorCode::unsupported, "it is of schema version " +
                                              std::to_string(file_.version) + "; only version " +
                                              std::to_string(kSchemaVersion) + " is understood");
    }
    if (subgraphs.empty()) throw Error(ErrorCode::format, "it has no subgraph");
    Model model;
    model.other_graphs.resize(subgraphs.size() - 1);
    for (size_t i = 0; i < subgraphs.size(); ++i) {
      in_subgraph_ = i == 0 ? "" : "subgraph " + std::to_string(i) + " ";
      read_graph(model.subgraph(i), subgraphs[i]);
    }
    findings_.throw_if_errors("what this program cannot use");
    restate_results(model.graph);
    for (size_t i = 1; i < subgraphs.size(); ++i) {
      with_context("subgraph " + std::to_string(i), [&] { restate_results(model.subgraph(i)); });
    }
    for (const tflite::SignatureDef& signature : items(file_.signature_defs)) {
      model.signatures.push_back(read_signature(signature));
    }
    for (const tflite::MetadataEntry& entry : items(file_.metadata)) {
      const tflite::Bytes& bytes = buffer(entry.buffer, "a metadata entry");
      model.metadata.push_back({entry.name.value_or(""), bytes.data.value_or(Buffer())});
    }
    model.description = file_.description.value_or("");
    verify(model);
    return model;
  }

 private:
  void read_graph(Graph& graph, const tflite::SubGraph& subgraph) {
    tensors_ = items(subgraph.tensors);
    tensor_count_ = tensors_.size();
    graph.name = subgraph.name.value_or(in_subgraph_.empty() ? "main" : "");
    for (const tflite::Tensor& tensor : items(subgraph.tensors)) add_value(graph, tensor);
    const auto operators = items(subgraph.operators);
    for (size_t i = 0; i < operators.size(); ++i) add_node(graph, operators[i], i);
    graph.inputs = ids(items(subgraph.inputs), in_subgraph_ + "graph inputs");
    graph.outputs = ids(items(subgraph.outputs), in_subgraph_ + "graph outputs");
  }

  // LiteRT makes the types and shapes of results anew when it prepares a graph, so that careless
  // producers never learned that theirs are wrong. What an op cannot make is left for verify().
  static void restate_results(Graph& graph) {
    verify_values(graph);
    for (const Node& node : graph.nodes) {
      std::vector<InferredOutput> inferred;
      try {
        inferred = node.def().infer(graph.view(node));
      } catch (const Error&) {
        continue;
      }
      if (inferred.size() != node.outputs.size()) continue;
      for (size_t i = 0; i < inferred.size(); ++i) {
        Value& value = graph[node.outputs[i]];
        if (value.is_constant() || value.is_variable) continue;
        value.dtype = inferred[i].dtype;
        if (agree(inferred[i].shape, value.shape)) continue;
        value.shape = inferred[i].shape;
        value.default_shape.clear();
      }
    }
  }

  // Where both are known.
  static bool agree(const Shape& a, const Shape& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](int32_t x, int32_t y) { return x < 0 || y < 0 || x == y; });
  }

  const tflite::Bytes& buffer(uint32_t index, const std::string& of) const {
    static const tflite::Bytes kNone;
    if (index == 0) return kNone;
    const auto buffers = items(file_.buffers);
    if (index >= buffers.size()) {
      throw Error(ErrorCode::format, of + " refers to buffer " + std::to_string(index) +
                                         ", but the file has " + std::to_string(buffers.size()));
    }
    return buffers[index].bytes;
  }

  ValueId id(int64_t index, const std::string& of) const {
    if (index >= 0 && index < static_cast<int64_t>(tensor_count_)) {
      return ValueId{static_cast<int32_t>(index)};
    }
    throw Error(ErrorCode::format, of + " refers to tensor " + std::to_string(index) +
                                       ", but there are " + std::to_string(tensor_count_));
  }

  std::vector<ValueId> ids(std::span<const int32_t> indices, const std::string& of,
                           bool may_be_absent = false) const {
    std::vector<ValueId> result;
    result.reserve(indices.size());
    for (const int32_t index : indices) {
      result.push_back(may_be_absent && index == -1 ? ValueId{} : id(index, of));
    }
    return result;
  }

  void add_value(Graph& graph, const tflite::Tensor& tensor) {
    const auto index = static_cast<int32_t>(graph.values.size());
    const std::string where =
        in_subgraph_ + "tensor " + std::to_string(index) + " '" + tensor.name.value_or("") + "'";
    Value value;
    value.name = tensor.name.value_or("");
    value.source_index = index;
    value.is_variable = tensor.is_variable;
    if (tensor.type < 0 || tensor.type >= kDTypeCount) {
      findings_.error(ErrorCode::unsupported,
                      where + " is of the unknown type " + std::to_string(tensor.type));
    } else {
      value.dtype = static_cast<DType>(tensor.type);
    }
    read_shape(value, tensor, where);
    if (tensor.quantization) read_quantization(value, *tensor.quantization, where);
    if (tensor.external_buffer != 0) {
      findings_.error(ErrorCode::unsupported, where + " is stored in another file");
    }
    const tflite::Bytes& bytes = buffer(tensor.buffer, where);
    // Old converters give computed tensors an empty vector instead of none.
    const bool no_elements =
        std::find(value.shape.begin(), value.shape.end(), 0) != value.shape.end();
    if (bytes.data && (!bytes.data->empty() || no_elements)) value.data = bytes.data;
    if (tensor.sparsity) make_dense(value, *tensor.sparsity, where);
    graph.values.push_back(std::move(value));
  }

  // The graph knows constants with all their elements only.
  void make_dense(Value& value, const tflite::Sparsity& sparsity, const std::string& where) {
    const int width = bits(value.dtype);
    if (!value.is_constant() || width < 8 || !is_static(value.shape)) {
      findings_.error(
          ErrorCode::unsupported,
          where + ", " + std::string(to_string(value.dtype)) + to_string(value.shape) +
              (value.is_constant() ? ", is stored sparse" : ", is sparse without data"));
      return;
    }
    try {
      value.data = tflite::dense_elements(sparsity, value.shape, static_cast<size_t>(width) / 8,
                                          *value.data);
      value.sparse_block = tflite::block_size(sparsity, value.shape);
    } catch (const Error& error) {
      findings_.error(error.code(), where + ": " + error.what());
    }
  }

  void read_shape(Value& value, const tflite::Tensor& tensor, const std::string& where) const {
    const auto shape = items(tensor.shape);
    const auto signature = items(tensor.shape_signature);
    auto below = [](int32_t dim) { return dim < kDynamic; };
    if (std::any_of(shape.begin(), shape.end(), below) ||
        std::any_of(signature.begin(), signature.end(), below)) {
      throw Error(ErrorCode::format, where + " has a negative dimension");
    }
    value.shape.assign(shape.begin(), shape.end());
    const bool dynamic = signature.size() == shape.size() &&
                         std::find(signature.begin(), signature.end(), kDynamic) != signature.end();
    if (!dynamic) return;
    value.default_shape = value.shape;
    value.shape.assign(signature.begin(), signature.end());
  }

  void read_quantization(Value& value, const tflite::Quantization& from, const std::string& where) {
    auto refuse = [&](const std::string& why) {
      throw Error(ErrorCode::format,
                  where + " has quantization parameters that make no sense: " + why);
    };
    if (from.details.tag == tflite::kByBlocks && from.details.table) {
      return read_block_scales(value, *from.details.table, where);
    }
    if (from.details.tag != 0) {
      findings_.error(ErrorCode::unsupported, where + " is quantized in a special way");
      return;
    }
    const auto min = items(from.min);
    const auto max = items(from.max);
    if (min.size() == 1 && max.size() == 1 && std::isfinite(min[0]) && std::isfinite(max[0])) {
      value.range = Range{min[0], max[0]};
    }
    const auto scale = items(from.scale);
    const auto zero_point = items(from.zero_point);
    if (scale.empty()) return;
    for (const float each : scale) {
      if (!std::isfinite(each) || each < 0) refuse("a scale of " + std::to_string(each));
    }
    if (!zero_point.empty() && zero_point.size() != scale.size()) {
      refuse(std::to_string(scale.size()) + " scales but " + std::to_string(zero_point.size()) +
             " zero points");
    }
    // Old converters gave a bias the dimension of its filter's channels; a vector has only one.
    const bool is_vector =
        value.shape.size() == 1 && value.shape[0] == static_cast<int32_t>(scale.size());
    value.quantization.dimension = is_vector ? 0 : from.quantized_dimension;
    if (scale.size() > 1 && !is_vector) {
      const auto dimension = static_cast<size_t>(from.quantized_dimension);
      if (from.quantized_dimension < 0 || dimension >= value.shape.size() ||
          value.shape[dimension] != static_cast<int32_t>(scale.size())) {
        refuse(std::to_string(scale.size()) + " scales along dimension " +
               std::to_string(from.quantized_dimension) + " of shape " + to_string(value.shape));
      }
    }
    value.quantization.scale.assign(scale.begin(), scale.end());
    value.quantization.zero_point.assign(zero_point.begin(), zero_point.end());
    value.quantization.zero_point.resize(scale.size(), 0);
  }

  // Scales by blocks are another tensor of the subgraph, of which LiteRT's kernels read float16.
  void read_block_scales(Value& value, const tflite::Table& details, const std::string& where) {
    auto refuse = [&](const std::string& why) {
      findings_.error(ErrorCode::unsupported, where + " is quantized by blocks, " + why);
    };
    const int32_t scales = details.scalar<int32_t>(0).value_or(0);
    const int32_t zero_points = details.scalar<int32_t>(1).value_or(0);
    const int32_t size = details.scalar<int32_t>(2).value_or(0);
    const tflite::Tensor& tensor =
        tensors_[static_cast<size_t>(id(scales, where + " with scales").index)];
    const tflite::Bytes& bytes = buffer(tensor.buffer, where);
    if (value.dtype != DType::int2 && value.dtype != DType::int4) {
      return refuse("and is " + std::string(to_string(value.dtype)) + ", not int2 or int4");
    }
    if (zero_points >= 0) return refuse("with zero points");
    if (tensor.type != static_cast<int8_t>(DType::float16) || !bytes.data) {
      return refuse("whose scales are no constant of float16");
    }
    if (tensor.external_buffer != 0 || tensor.sparsity) return refuse("whose scales lie elsewhere");
    value.block_scales = BlockScales{size, *bytes.data};
  }

  void add_node(Graph& graph, const tflite::Operator& from, size_t index) {
    const std::string where = in_subgraph_ + "op " + std::to_string(index);
    const auto codes = items(file_.operator_codes);
    if (from.opcode_index >= codes.size()) {
      throw Error(ErrorCode::format, where + " refers to operator code " +
                                         std::to_string(from.opcode_index) + ", but there are " +
                                         std::to_string(codes.size()));
    }
    const tflite::OperatorCode& code = codes[from.opcode_index];
    const OpDef* def = find_op(code.code(), code.custom_code.value_or(""));
    if (def == nullptr) {
      findings_.error(ErrorCode::unsupported, where + " is " + name(code));
      return;
    }
    const std::string named = where + " " + std::string(def->name);
    Node node{.op = with_context(named, [&] { return tflite::read_op(*def, from); }),
              .inputs = ids(items(from.inputs), named, true),
              .outputs = ids(items(from.outputs), named)};
    node.source_version = code.version;
    node.intermediates = ids(items(from.intermediates), named);
    const auto mutating = items(from.mutating_variable_inputs);
    node.mutating_inputs.assign(mutating.begin(), mutating.end());
    graph.nodes.push_back(std::move(node));
  }

  static std::string name(const tflite::OperatorCode& code) {
    if (code.code() == kCustomOp) return "the custom op '" + code.custom_code.value_or("") + "'";
    const std::string_view builtin = builtin_name(code.code());
    return builtin.empty() ? "the unknown builtin op " + std::to_string(code.code())
                           : std::string(builtin);
  }

  Signature read_signature(const tflite::SignatureDef& from) {
    Signature signature{.key = from.signature_key.value_or("")};
    const std::string where = "signature '" + signature.key + "'";
    const auto subgraphs = items(file_.subgraphs);
    if (from.subgraph_index >= subgraphs.size()) {
      throw Error(ErrorCode::format, where + " refers to subgraph " +
                                         std::to_string(from.subgraph_index) + ", but there are " +
                                         std::to_string(subgraphs.size()));
    }
    signature.subgraph.index = static_cast<int32_t>(from.subgraph_index);
    tensor_count_ = items(subgraphs[from.subgraph_index].tensors).size();
    auto read_entries = [&](const tflite::Vector<tflite::TensorMap>& maps,
                            std::vector<Signature::Entry>& entries) {
      for (const tflite::TensorMap& map : items(maps)) {
        entries.push_back({map.name.value_or(""), id(map.tensor_index, where)});
      }
    };
    read_entries(from.inputs, signature.inputs);
    read_entries(from.outputs, signature.outputs);
    return signature;
  }

  const tflite::File& file_;
  std::string in_subgraph_;  // what messages about subgraphs other than 0 begin with
  std::span<const tflite::Tensor> tensors_;  // of the subgraph that is read
  size_t tensor_count_ = 0;                  // of the subgraph that ids belong to
  Diagnostics findings_;
};

}  // namespace

Model to_model(const tflite::File& file) { return Reader(file).run(); }

Model read_tflite(const SharedBytes& bytes) { return to_model(tflite::read_file(bytes)); }

Model read_tflite(const std::filesystem::path& path) {
  const SharedBytes file = SharedBytes::map(path);
  return with_context("while reading '" + path.string() + "'", [&] {
    Model model = read_tflite(file);
    model.source = path.string();
    return model;
  });
}

}  // namespace litesmith
