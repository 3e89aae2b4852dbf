#include "litesmith/model.h"

#include <algorithm>
#include <map>

#include "api/state.h"
#include "base/file.h"
#include "formats/keras/read.h"
#include "formats/keras/read_live.h"
#include "formats/model_file/model_file.h"
#include "formats/onnx/file.h"
#include "formats/onnx/read.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "ir/signature.h"
#include "ops/ops.h"
#include "optimize/steps.h"
#include "quantize/convert.h"
#include "quantize/to_float.h"

namespace litesmith::api {
namespace {

using tflite::items;

[[noreturn]] void not_there(std::string_view what, size_t index, size_t count) {
  throw Error(ErrorCode::usage, "there is no " + std::string(what) + " " + std::to_string(index) +
                                    "; the model has " + std::to_string(count));
}

const tflite::SubGraph& subgraph_of(const tflite::File& file, size_t index) {
  const auto subgraphs = items(file.subgraphs);
  if (index >= subgraphs.size()) not_there("subgraph", index, subgraphs.size());
  return subgraphs[index];
}

std::span<const std::byte> constant_of(const tflite::File& file, const tflite::Tensor& tensor) {
  const auto buffers = items(file.buffers);
  if (tensor.buffer >= buffers.size()) return {};
  return buffers[tensor.buffer].bytes.span();
}

std::vector<int32_t> to_vector(std::span<const int32_t> values) {
  return {values.begin(), values.end()};
}

std::vector<size_t> to_indices(std::span<const int32_t> values) {
  std::vector<size_t> result;
  for (const int32_t value : values) {
    if (value >= 0) result.push_back(static_cast<size_t>(value));
  }
  return result;
}

TensorInfo info_of(const tflite::File& file, const tflite::Tensor& tensor, size_t index) {
  TensorInfo info{.index = index, .name = tensor.name.value_or("")};
  if (tensor.type >= 0 && tensor.type < kDTypeCount) info.dtype = static_cast<DType>(tensor.type);
  info.shape = to_vector(items(tensor.shape));
  info.shape_signature = to_vector(items(tensor.shape_signature));
  if (info.shape_signature.empty()) info.shape_signature = info.shape;
  if (tensor.quantization) {
    const auto scales = items(tensor.quantization->scale);
    const auto zero_points = items(tensor.quantization->zero_point);
    info.quantization.scales.assign(scales.begin(), scales.end());
    info.quantization.zero_points.assign(zero_points.begin(), zero_points.end());
    info.quantization.dimension = tensor.quantization->quantized_dimension;
  }
  info.is_constant = !constant_of(file, tensor).empty();
  info.is_variable = tensor.is_variable;
  return info;
}

std::string op_name(const tflite::File& file, uint32_t code_index) {
  const auto codes = items(file.operator_codes);
  if (code_index >= codes.size()) return "UNKNOWN";
  const tflite::OperatorCode& code = codes[code_index];
  if (code.code() == kCustomOp) return code.custom_code.value_or("CUSTOM");
  return std::string(builtin_name(code.code()));
}

std::vector<SignatureInfo::Entry> entries(const tflite::Vector<tflite::TensorMap>& maps) {
  std::vector<SignatureInfo::Entry> result;
  for (const tflite::TensorMap& map : items(maps)) {
    result.push_back({map.name.value_or(""), map.tensor_index});
  }
  return result;
}

bool is_tflite_content(std::span<const std::byte> bytes) {
  constexpr std::string_view kIdentifier = "TFL3";
  return bytes.size() >= 8 &&
         std::equal(kIdentifier.begin(), kIdentifier.end(), bytes.begin() + 4,
                    [](char c, std::byte b) { return static_cast<std::byte>(c) == b; });
}

OnnxOptions onnx_options(const LoadOptions& options) {
  OnnxOptions result{.keep_nchw = options.keep_nchw_input, .dimensions = options.dimensions};
  if (options.sequence_input) {
    result.sequence = *options.sequence_input == SequenceInput::nlc
                          ? SequenceLayout::channels_last
                          : SequenceLayout::channels_first;
  }
  return result;
}

}  // namespace

TfliteContent::TfliteContent(SharedBytes bytes_)
    : bytes(std::move(bytes_)), file(tflite::read_file(bytes)) {
  try {
    graph = to_model(file);
  } catch (const Error& error) {
    problem = error;
  }
}

const TfliteContent& Model::State::content() const {
  const std::lock_guard lock(making_);
  if (!content_) {
    ConvertNotes ignored;
    const litesmith::Model model = for_conversion();
    const Mode mode = trained && is_quantized(model) ? Mode::int8 : Mode::float32;
    content_.emplace(SharedBytes::take(
        to_tflite(convert(model, {.mode = mode, .keep_quantized = trained.has_value()}, ignored))));
  }
  return *content_;
}

const litesmith::Model& Model::State::graph() const {
  const TfliteContent& made = content();
  if (made.problem) throw Error(*made.problem);
  return *made.graph;
}

litesmith::Model Model::State::running(const std::optional<std::string>& signature) const {
  return signature ? of_signature(graph(), *signature) : graph();
}

litesmith::Model Model::State::for_conversion(std::vector<std::string>* warnings) const {
  if (trained) return litesmith::for_conversion(*trained);
  return litesmith::for_conversion(weights_to_float(graph(), warnings));
}

Model model_of(TfliteContent content, std::string source, std::filesystem::path path) {
  auto state = std::make_shared<Model::State>();
  state->source = std::move(source);
  state->path = std::move(path);
  if (content.graph) content.graph->source = state->source;
  state->content_.emplace(std::move(content));
  return Model(std::move(state));
}

Model model_of(litesmith::Model trained, std::string source, std::filesystem::path path,
               litesmith::LoadOptions load) {
  auto state = std::make_shared<Model::State>();
  state->source = std::move(source);
  state->path = std::move(path);
  state->load = std::move(load);
  state->trained = std::move(trained);
  return Model(std::move(state));
}

Model tflite_of(const litesmith::Model& graph, std::string source) {
  return model_of(TfliteContent(SharedBytes::take(to_tflite(graph))), std::move(source));
}

Model load(const std::filesystem::path& path, const LoadOptions& options) {
  const std::string name = path.filename().string();
  if (sniff_model(path) != ModelFormat::tflite) {
    const litesmith::LoadOptions load = {.onnx = onnx_options(options)};
    return model_of(load_model(path, load), name, path, load);
  }
  return with_context("reading '" + path.string() + "'",
                      [&] { return model_of(TfliteContent(SharedBytes::map(path)), name, path); });
}

Model load(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, std::string name,
           const LoadOptions& options) {
  SharedBytes shared = owner ? SharedBytes{bytes, std::move(owner)}
                             : SharedBytes::take({bytes.begin(), bytes.end()});
  return with_context("reading '" + name + "'", [&] {
    if (is_tflite_content(bytes)) return model_of(TfliteContent(std::move(shared)), name);
    if (onnx::looks_like_onnx(bytes)) {
      return model_of(read_onnx(shared, name, onnx_options(options)), name);
    }
    return model_of(read_keras(shared, name), name);
  });
}

Model load_keras(std::string_view config, const std::vector<Array>& weights, int keras_major,
                 std::string name) {
  std::map<std::string, LiveWeight> by_path;
  for (const Array& weight : weights) {
    Shape shape;
    for (const int64_t size : weight.shape) {
      if (size < 0 || size > INT32_MAX) {
        throw Error(ErrorCode::data, "'" + weight.name + "' has a dimension of " +
                                         std::to_string(size) + " elements");
      }
      shape.push_back(static_cast<int32_t>(size));
    }
    by_path[weight.name] = {weight.dtype, std::move(shape),
                            Buffer::view({weight.bytes, weight.owner})};
  }
  return model_of(read_live_keras(config, std::move(by_path), keras_major, name), name);
}

const std::string& Model::source() const { return state_->source; }

bool Model::is_tflite() const { return !state_->trained; }

size_t Model::subgraph_count() const { return items(state_->content().file.subgraphs).size(); }

std::vector<TensorInfo> Model::tensors(size_t subgraph) const {
  const tflite::File& file = state_->content().file;
  std::vector<TensorInfo> result;
  for (const tflite::Tensor& tensor : items(subgraph_of(file, subgraph).tensors)) {
    result.push_back(info_of(file, tensor, result.size()));
  }
  return result;
}

std::vector<OpInfo> Model::ops(size_t subgraph) const {
  const tflite::File& file = state_->content().file;
  std::vector<OpInfo> result;
  for (const tflite::Operator& op : items(subgraph_of(file, subgraph).operators)) {
    result.push_back({op_name(file, op.opcode_index), to_vector(items(op.inputs)),
                      to_vector(items(op.outputs))});
  }
  return result;
}

std::vector<size_t> Model::inputs(size_t subgraph) const {
  return to_indices(items(subgraph_of(state_->content().file, subgraph).inputs));
}

std::vector<size_t> Model::outputs(size_t subgraph) const {
  return to_indices(items(subgraph_of(state_->content().file, subgraph).outputs));
}

std::vector<SignatureInfo> Model::signatures() const {
  std::vector<SignatureInfo> result;
  for (const tflite::SignatureDef& signature : items(state_->content().file.signature_defs)) {
    result.push_back({signature.signature_key.value_or(""), signature.subgraph_index,
                      entries(signature.inputs), entries(signature.outputs)});
  }
  return result;
}

std::span<const std::byte> Model::constant(size_t tensor, size_t subgraph) const {
  const tflite::File& file = state_->content().file;
  const auto tensors = items(subgraph_of(file, subgraph).tensors);
  if (tensor >= tensors.size()) not_there("tensor", tensor, tensors.size());
  return constant_of(file, tensors[tensor]);
}

std::span<const std::byte> Model::bytes() const { return state_->content().bytes.bytes; }

void Model::save(const std::filesystem::path& path) const { write_file(path, bytes()); }

}  // namespace litesmith::api
