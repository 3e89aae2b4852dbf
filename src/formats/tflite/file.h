// A .tflite file as plain values, nothing left out: what the Analyzer text, the summary and
// byte-stable round trips look at, and what the graph is built from.
//
// A vector or string that the file lacks is nothing, one that it holds without elements is empty:
// readers of the format tell them apart. `more` holds the slots of a table that are newer than
// this program; they are written back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/tflite/table.h"
#include "ir/buffer.h"

namespace litesmith::tflite {

template <class T>
using Vector = std::optional<std::vector<T>>;
using Text = std::optional<std::string>;

// The elements of a vector, none when the file lacks it.
template <class T>
std::span<const T> items(const Vector<T>& vector) {
  return vector ? std::span<const T>(*vector) : std::span<const T>();
}

// In the union of a tensor's quantization: BlockwiseQuantization.
inline constexpr uint8_t kByBlocks = 2;

struct Quantization {
  Vector<float> min = {};
  Vector<float> max = {};
  Vector<float> scale = {};
  Vector<int64_t> zero_point = {};
  Union details = {};
  int32_t quantized_dimension = 0;
  Table more = {};
  friend bool operator==(const Quantization&, const Quantization&) = default;
};

struct DimensionMetadata {
  int8_t format = 0;  // 0 dense, 1 compressed
  int32_t dense_size = 0;
  Union array_segments = {};
  Union array_indices = {};
  Table more = {};
  friend bool operator==(const DimensionMetadata&, const DimensionMetadata&) = default;
};

struct Sparsity {
  Vector<int32_t> traversal_order = {};
  Vector<int32_t> block_map = {};
  Vector<DimensionMetadata> dim_metadata = {};
  Table more = {};
  friend bool operator==(const Sparsity&, const Sparsity&) = default;
};

struct VariantSubType {
  Vector<int32_t> shape = {};
  int8_t type = 0;
  bool has_rank = false;
  Table more = {};
  friend bool operator==(const VariantSubType&, const VariantSubType&) = default;
};

struct Tensor {
  Vector<int32_t> shape = {};
  int8_t type = 0;
  uint32_t buffer = 0;
  Text name = {};
  std::optional<Quantization> quantization = {};
  bool is_variable = false;
  std::optional<Sparsity> sparsity = {};
  Vector<int32_t> shape_signature = {};
  bool has_rank = false;
  Vector<VariantSubType> variant_tensors = {};
  uint32_t external_buffer = 0;
  Table more = {};
  friend bool operator==(const Tensor&, const Tensor&) = default;
};

struct OperatorCode {
  int8_t deprecated_builtin_code = 0;
  Text custom_code = {};
  int32_t version = 1;
  int32_t builtin_code = 0;
  Table more = {};

  // Files from before TensorFlow 2.4 have only the old field, where 127 stands for "see the new".
  int32_t code() const {
    return builtin_code > deprecated_builtin_code ? builtin_code : int32_t{deprecated_builtin_code};
  }
  friend bool operator==(const OperatorCode&, const OperatorCode&) = default;
};

// Bytes of the file. `outside` are those that lie behind the FlatBuffer, as files beyond 2 GB keep
// them.
struct Bytes {
  std::optional<litesmith::Buffer> data = {};
  bool outside = false;

  std::span<const std::byte> span() const {
    return data ? data->bytes() : std::span<const std::byte>();
  }
  friend bool operator==(const Bytes& a, const Bytes& b);
};

struct Operator {
  uint32_t opcode_index = 0;
  Vector<int32_t> inputs = {};  // -1: an optional input left out
  Vector<int32_t> outputs = {};
  Union options = {};
  Bytes custom_options = {};
  int8_t custom_options_format = 0;
  Vector<uint8_t> mutating_variable_inputs = {};
  Vector<int32_t> intermediates = {};
  Union options_2 = {};
  int32_t debug_metadata_index = -1;
  Table more = {};
  friend bool operator==(const Operator&, const Operator&) = default;
};

struct SubGraph {
  Vector<Tensor> tensors = {};
  Vector<int32_t> inputs = {};
  Vector<int32_t> outputs = {};
  Vector<Operator> operators = {};
  Text name = {};
  int32_t debug_metadata_index = -1;
  Table more = {};
  friend bool operator==(const SubGraph&, const SubGraph&) = default;
};

struct BufferEntry {
  Bytes bytes = {};
  Table more = {};
  friend bool operator==(const BufferEntry&, const BufferEntry&) = default;
};

struct MetadataEntry {
  Text name = {};
  uint32_t buffer = 0;
  Table more = {};
  friend bool operator==(const MetadataEntry&, const MetadataEntry&) = default;
};

struct TensorMap {
  Text name = {};
  uint32_t tensor_index = 0;
  Table more = {};
  friend bool operator==(const TensorMap&, const TensorMap&) = default;
};

struct SignatureDef {
  Vector<TensorMap> inputs = {};
  Vector<TensorMap> outputs = {};
  Text signature_key = {};
  Text deprecated_tag = {};
  uint32_t subgraph_index = 0;
  Table more = {};
  friend bool operator==(const SignatureDef&, const SignatureDef&) = default;
};

struct ExternalBufferGroup {
  Text name = {};
  Table more = {};
  friend bool operator==(const ExternalBufferGroup&, const ExternalBufferGroup&) = default;
};

struct ExternalBuffer {
  uint32_t id = 0;
  uint32_t group = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  Text packing = {};
  Table more = {};
  friend bool operator==(const ExternalBuffer&, const ExternalBuffer&) = default;
};

struct File {
  uint32_t version = 3;
  Vector<OperatorCode> operator_codes = {};
  Vector<SubGraph> subgraphs = {};
  Text description = {};
  Vector<BufferEntry> buffers = {};
  Vector<int32_t> metadata_buffer = {};
  Vector<MetadataEntry> metadata = {};
  Vector<SignatureDef> signature_defs = {};
  Vector<ExternalBufferGroup> external_buffer_groups = {};
  Vector<ExternalBuffer> external_buffers = {};
  Table more = {};
  // Of the file it was read from, no part of its content: its size, and whether it had fields that
  // are newer than this program.
  size_t file_bytes = 0;
  bool has_unknown = false;

  // Equal content, wherever it lay in the file.
  friend bool operator==(const File& a, const File& b);
};

// Reads the bytes of a .tflite file. Constants are views that keep their owner alive; bytes without
// an owner are copied first. Throws Error(format) when the bytes are no sound FlatBuffer of the
// format; indices between the tables are the file's own claims and checked where they are followed.
File read_file(const SharedBytes& bytes);
File read_file(const std::filesystem::path& path);

// Writes `file`: the tables, then the constants one by one, each given to `sink` as it lies in
// memory or, where it has to be made, in parts. The same file gives the same bytes. Throws
// Error(unsupported) when it would pass the 2 GB that a FlatBuffer can address.
void write_file(const File& file, const std::function<void(std::span<const std::byte>)>& sink);

// A FlatBuffer of its own with `root` at its root, such as metadata carry.
std::vector<std::byte> write_table(const Table& root);

}  // namespace litesmith::tflite
