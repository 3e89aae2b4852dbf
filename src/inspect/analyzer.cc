#include "inspect/analyzer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <vector>

#include "ir/dtype.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

using tflite::items;

constexpr size_t kPreviewElements = 5;
constexpr float kManyZerosPercent = 10.0f;
// TensorFlow 2.21 names the types up to UINT4; it prints nothing for the ones LiteRT added later.
constexpr int8_t kNamedTypes = static_cast<int8_t>(DType::uint4) + 1;
constexpr int32_t kCustom = 32;
constexpr int32_t kIf = 118;
constexpr int32_t kWhile = 119;
constexpr int32_t kCallOnce = 129;

// As a C++ stream prints a float: six significant digits, like %g, in no locale.
std::string general(float value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), double{value},
                                 std::chars_format::general, 6)
                       .ptr;
  return {text.data(), end};
}

// Right-aligned, as printf's %*s.
std::string padded(std::string text, size_t width, char fill = ' ') {
  if (text.size() < width) text.insert(0, width - text.size(), fill);
  return text;
}

// As printf's %05.2f.
std::string percent(float value) {
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), double{value},
                                 std::chars_format::fixed, 2)
                       .ptr;
  return padded({text.data(), end}, 5, '0');
}

std::string integers(std::span<const int32_t> values) {
  std::string text = "[";
  for (size_t i = 0; i < values.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(values[i]);
  }
  return text + "]";
}

std::string subgraph_name(size_t index) { return "Subgraph#" + std::to_string(index); }

template <class T>
T element(std::span<const std::byte> bytes, size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

class Analyzer {
 public:
  explicit Analyzer(const tflite::File& file)
      : file_(file), constant_bytes_(items(file.subgraphs).size()) {}

  std::string run() {
    const auto subgraphs = items(file_.subgraphs);
    introduction();
    for (size_t i = 0; i < subgraphs.size(); ++i) subgraph(i, subgraphs[i]);
    signatures();
    statistics();
    // Names and 8-bit constants are printed raw; what cannot be shown becomes a dot in the end.
    for (char& c : text_) {
      const bool printable = c >= 0x20 && c < 0x7f;
      if (c != '\n' && !printable) c = '.';
    }
    return std::move(text_);
  }

 private:
  // The data of a constant; null for what is computed.
  const tflite::Bytes* constant(const tflite::Tensor& tensor) const {
    const auto buffers = items(file_.buffers);
    if (tensor.buffer == 0 || tensor.buffer >= buffers.size()) return nullptr;
    const tflite::Bytes& bytes = buffers[tensor.buffer].bytes;
    return bytes.data && !bytes.outside ? &bytes : nullptr;
  }

  static std::string preview(int8_t type, std::span<const std::byte> bytes) {
    const auto dtype = static_cast<DType>(type);
    const bool wide = dtype == DType::int32 || dtype == DType::uint32 || dtype == DType::float32;
    const size_t count = bytes.size() / (wide ? 4 : 1);
    std::string text = "[";
    for (size_t i = 0; i < std::min(count, kPreviewElements); ++i) {
      if (dtype == DType::int32) {
        text += std::to_string(element<int32_t>(bytes, i));
      } else if (dtype == DType::uint32) {
        text += std::to_string(element<uint32_t>(bytes, i));
      } else if (dtype == DType::float32) {
        text += general(element<float>(bytes, i));
      } else if (dtype == DType::int8 || dtype == DType::uint8 || dtype == DType::string) {
        text += static_cast<char>(bytes[i]);
      } else {
        text += "??";
      }
      if (i + 1 != count) text += ", ";
    }
    if (count > kPreviewElements) text += "...";
    return text + "]";
  }

  static std::string reference(int64_t tensor, size_t subgraph) {
    if (subgraph == 0 || tensor == -1) return "T#" + std::to_string(tensor);
    return "T#" + std::to_string(subgraph) + "_" + std::to_string(tensor);
  }

  // Operands of type INT32 show what they hold.
  std::string operand(int32_t index, size_t subgraph) const {
    std::string text = reference(index, subgraph);
    const auto tensors = items(items(file_.subgraphs)[subgraph].tensors);
    if (index < 0 || static_cast<size_t>(index) >= tensors.size()) return text;
    const tflite::Tensor& tensor = tensors[static_cast<size_t>(index)];
    if (tensor.type != static_cast<int8_t>(DType::int32)) return text;
    const tflite::Bytes* bytes = constant(tensor);
    if (bytes != nullptr) text += bytes->data->empty() ? "[]" : preview(tensor.type, bytes->span());
    return text;
  }

  template <class Show>
  static std::string list(std::span<const int32_t> indices, std::string_view separator,
                          const Show& show) {
    std::string text;
    for (size_t i = 0; i < indices.size(); ++i) {
      if (i > 0) text += separator;
      text += show(indices[i]);
    }
    return text;
  }
  static std::string references(std::span<const int32_t> indices, size_t subgraph) {
    return list(indices, ", ", [&](int32_t index) { return reference(index, subgraph); });
  }

  int32_t code(const tflite::Operator& op) const {
    const auto codes = items(file_.operator_codes);
    return op.opcode_index < codes.size() ? codes[op.opcode_index].code() : -1;
  }
  std::string name(const tflite::Operator& op) const {
    const int32_t number = code(op);
    if (number != kCustom) return std::string(builtin_name(number));
    return items(file_.operator_codes)[op.opcode_index].custom_code.value_or("");
  }

  void introduction() {
    const auto subgraphs = items(file_.subgraphs);
    text_ += "Your TFLite model has '" + std::to_string(subgraphs.size()) +
             "' subgraph(s). In the subgraph description below,\n"
             "T# represents the Tensor numbers. ";
    if (subgraphs.empty() || items(subgraphs[0].operators).empty()) return;
    const tflite::Operator& first = items(subgraphs[0].operators)[0];
    auto verbose = [](int32_t index) { return "tensor #" + std::to_string(index); };
    text_ += "For example, in " + subgraph_name(0) + ", the " + name(first) + " op takes\n" +
             list(items(first.inputs), " and ", verbose) + " as input and produces " +
             list(items(first.outputs), " and ", verbose) + " as output.\n\n";
  }

  void subgraph(size_t index, const tflite::SubGraph& subgraph) {
    text_ += subgraph_name(index);
    if (subgraph.name) text_ += " " + *subgraph.name;
    text_ += "(" + references(items(subgraph.inputs), index) + ") -> [" +
             references(items(subgraph.outputs), index) + "]\n";
    const auto operators = items(subgraph.operators);
    for (size_t i = 0; i < operators.size(); ++i) operation(i, operators[i], index);
    text_ += "\nTensors of " + subgraph_name(index) + "\n";
    const auto tensors = items(subgraph.tensors);
    for (size_t i = 0; i < tensors.size(); ++i) tensor(i, tensors[i], index);
    text_ += "\n";
  }

  void operation(size_t index, const tflite::Operator& op, size_t subgraph) {
    text_ +=
        "  Op#" + std::to_string(index) + " " + name(op) + "(" +
        list(items(op.inputs), ", ", [&](int32_t tensor) { return operand(tensor, subgraph); });
    auto called = [&](int slot) {
      const int32_t target =
          op.options.table ? op.options.table->scalar<int32_t>(slot).value_or(0) : 0;
      return "Subgraph#" + std::to_string(target);
    };
    switch (code(op)) {
      case kCallOnce:
        text_ += called(0);
        break;
      case kIf:
        text_ += ", Then: " + called(0) + ", Else: " + called(1);
        break;
      case kWhile:
        text_ += ", Cond: " + called(0) + ", Body: " + called(1);
        break;
      default:
        break;
    }
    text_ += ") -> [" + references(items(op.outputs), subgraph) + "]\n";
  }

  void tensor(size_t index, const tflite::Tensor& tensor, size_t subgraph) {
    text_ += "  " + reference(static_cast<int64_t>(index), subgraph);
    if (tensor.name) text_ += "(" + *tensor.name + ") ";
    if (tensor.shape_signature) {
      text_ += "shape_signature:" + integers(*tensor.shape_signature);
    } else if (tensor.shape) {
      text_ += "shape:" + integers(*tensor.shape);
    } else {
      text_ += "shape:n/a";
    }
    text_ += ", type:";
    if (tensor.type >= 0 && tensor.type < kNamedTypes) {
      text_ += schema_name(static_cast<DType>(tensor.type));
    }
    const tflite::Bytes* bytes = constant(tensor);
    if (bytes != nullptr && !bytes->data->empty()) {
      text_ += " RO " + std::to_string(bytes->data->size()) +
               " bytes, buffer: " + std::to_string(tensor.buffer) +
               ", data:" + preview(tensor.type, bytes->span());
      constant_bytes_[subgraph] += bytes->data->size();
    }
    text_ += "\n";
  }

  void rule() { text_ += std::string(63, '-') + "\n"; }

  void signatures() {
    const auto signatures = items(file_.signature_defs);
    if (signatures.empty()) return;
    rule();
    text_ +=
        "Your TFLite model has '" + std::to_string(signatures.size()) + "' signature_def(s).\n\n";
    for (size_t i = 0; i < signatures.size(); ++i) {
      const tflite::SignatureDef& signature = signatures[i];
      text_ += "Signature#" + std::to_string(i) + " key: '" + signature.signature_key.value_or("") +
               "'\n- Subgraph: " + subgraph_name(signature.subgraph_index) + "\n- Inputs: \n";
      signature_tensors(signature, signature.inputs);
      text_ += "- Outputs: \n";
      signature_tensors(signature, signature.outputs);
      text_ += "\n";
    }
  }

  void signature_tensors(const tflite::SignatureDef& signature,
                         const tflite::Vector<tflite::TensorMap>& maps) {
    for (const tflite::TensorMap& map : items(maps)) {
      text_ += "    '" + map.name.value_or("") + "' : " +
               reference(static_cast<int32_t>(map.tensor_index), signature.subgraph_index) + "\n";
    }
  }

  void bytes_line(const std::string& label, size_t bytes) {
    text_ += label + ": " + padded(std::to_string(bytes), 10) + " bytes";
  }
  void share_line(const std::string& label, size_t bytes) {
    bytes_line(label, bytes);
    text_ += " (" + percent(share(bytes)) + " %)\n";
  }
  // In single precision, as the original computes it.
  float share(size_t bytes) const {
    return static_cast<float>(bytes) / static_cast<float>(file_.file_bytes) * 100;
  }

  void statistics() {
    size_t data_bytes = 0;
    size_t zero_bytes = 0;
    for (const tflite::BufferEntry& buffer : items(file_.buffers)) {
      if (buffer.bytes.outside) continue;
      const auto bytes = buffer.bytes.span();
      data_bytes += bytes.size();
      const bool all_zero = std::all_of(bytes.begin(), bytes.end(),
                                        [](std::byte byte) { return byte == std::byte{0}; });
      if (all_zero) zero_bytes += bytes.size();
    }
    constexpr size_t kLabel = 24;
    rule();
    bytes_line(padded("Model size", kLabel), file_.file_bytes);
    text_ += "\n";
    share_line(padded("Non-data buffer size", kLabel), file_.file_bytes - data_bytes);
    share_line(padded("Total data buffer size", kLabel), data_bytes);
    if (constant_bytes_.size() > 1) {
      for (size_t i = 0; i < constant_bytes_.size(); ++i) {
        std::string label = subgraph_name(i);
        label.resize(std::max<size_t>(label.size(), 12), ' ');
        share_line("          - " + label, constant_bytes_[i]);
      }
    }
    share_line(padded("(Zero value buffers)", kLabel), zero_bytes);
    text_ +=
        "\n* Buffers of TFLite model are mostly used for constant tensors.\n"
        "  And zero value buffers are buffers filled with zeros.\n";
    if (share(zero_bytes) > kManyZerosPercent) {
      text_ +=
          "  (Consider use `converter._experimental_unfold_large_splat_constant` "
          "to save the model size.)\n";
    }
    text_ +=
        "  Non-data buffers area are used to store operators, subgraphs and etc.\n"
        "  You can find more details from https://github.com/tensorflow/tensorflow/blob/master/"
        "tensorflow/lite/schema/schema.fbs\n";
  }

  const tflite::File& file_;
  std::string text_;
  std::vector<size_t> constant_bytes_;  // by subgraph
};

}  // namespace

std::string analyzer_text(const tflite::File& file, std::string_view heading) {
  return "=== " + std::string(heading) + " ===\n\n" + Analyzer(file).run() + "\n";
}

}  // namespace litesmith
