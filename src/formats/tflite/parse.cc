// From the bytes of a .tflite file to plain values.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "formats/tflite/file.h"
#include "formats/tflite/schema_generated.h"
#include "formats/tflite/wire.h"

namespace litesmith::tflite {
namespace {

// A FlatBuffer's offsets are 31 bits; what lies further back is reached by offset and size.
constexpr size_t kMaxFlatBytes = (size_t{1} << 31) - 2;
// Model > SubGraph > Tensor > SparsityParameters > DimensionMetadata > index vector is the deepest.
constexpr uint32_t kMaxDepth = 8;
constexpr uint32_t kMaxTables = 1'000'000;
// Offsets 0 and 1 stand for "not outside": the exporter writes 1 before it knows the place.
constexpr uint64_t kFirstOutsideOffset = 2;

// The number of slots up to and including the last that the schema names.
constexpr int slots(flatbuffers::voffset_t last) { return (last - 4) / 2 + 1; }

class Parser {
 public:
  explicit Parser(const SharedBytes& file)
      : file_(file), wire_(bytes_.first(std::min(bytes_.size(), kMaxFlatBytes))) {}

  File parse() {
    const schema::Model& model = *schema::GetModel(bytes_.data());
    File file = read(model);
    if (wire_.met_unknown()) {
      wire_.start_second_pass();
      file = read(model);
    }
    file.file_bytes = bytes_.size();
    file.has_unknown = wire_.met_unknown();
    return file;
  }

 private:
  size_t position(const void* object) const {
    return static_cast<size_t>(static_cast<const std::byte*>(object) - bytes_.data());
  }

  // A vector of numbers. Copied as bytes: old files do not align 8-byte elements.
  template <class T>
  Vector<T> numbers(const flatbuffers::Vector<T>* vector) {
    if (vector == nullptr) return std::nullopt;
    const size_t count = vector->size();
    wire_.charge(count * sizeof(T));
    wire_.claim(position(vector), 4 + count * sizeof(T));
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), vector->Data(), count * sizeof(T));
    return values;
  }

  Text text(const flatbuffers::String* string) {
    if (string == nullptr) return std::nullopt;
    wire_.charge(string->size());
    wire_.claim(position(string), 4 + size_t{string->size()} + 1);
    return string->str();
  }

  template <class Value, class T>
  Vector<Value> tables(const flatbuffers::Vector<flatbuffers::Offset<T>>* vector) {
    if (vector == nullptr) return std::nullopt;
    wire_.claim(position(vector), 4 + size_t{4} * vector->size());
    std::vector<Value> values;
    for (const T* each : *vector) {
      wire_.charge(sizeof(Value));
      values.push_back(read(*each));
    }
    return values;
  }

  Union union_table(UnionKind kind, uint8_t tag, const schema::Opaque* table) {
    Union result{tag, std::nullopt};
    if (table != nullptr) {
      result.table = wire_.table(position(table), table_layout(kind, tag).value_or(""));
    }
    return result;
  }

  litesmith::Buffer view(std::span<const std::byte> bytes) {
    if (reinterpret_cast<uintptr_t>(bytes.data()) % 8 != 0) wire_.charge(bytes.size());
    return litesmith::Buffer::view(file_.part(bytes));
  }

  Bytes data(const flatbuffers::Vector<uint8_t>* inside, uint64_t offset, uint64_t size) {
    if (inside != nullptr) {
      wire_.claim(position(inside), 4 + size_t{inside->size()});
      return {view(bytes_.subspan(position(inside->Data()), inside->size())), false};
    }
    if (offset < kFirstOutsideOffset) return {};
    if (offset > bytes_.size() || size > bytes_.size() - offset) {
      throw Error(ErrorCode::format, "a constant is said to lie at byte " + std::to_string(offset) +
                                         ", " + std::to_string(size) +
                                         " bytes long, outside of the file");
    }
    wire_.claim(offset, size);
    return {view(bytes_.subspan(offset, size)), true};
  }

  Table more(const void* table, flatbuffers::voffset_t last) {
    return wire_.unknown_slots(position(table), slots(last));
  }

  Quantization read(const schema::QuantizationParameters& from) {
    return {.min = numbers(from.min()),
            .max = numbers(from.max()),
            .scale = numbers(from.scale()),
            .zero_point = numbers(from.zero_point()),
            .details =
                union_table(UnionKind::quantization_details, from.details_type(), from.details()),
            .quantized_dimension = from.quantized_dimension(),
            .more = more(&from, from.VT_QUANTIZED_DIMENSION)};
  }

  DimensionMetadata read(const schema::DimensionMetadata& from) {
    return {.format = from.format(),
            .dense_size = from.dense_size(),
            .array_segments = union_table(UnionKind::sparse_indices, from.array_segments_type(),
                                          from.array_segments()),
            .array_indices = union_table(UnionKind::sparse_indices, from.array_indices_type(),
                                         from.array_indices()),
            .more = more(&from, from.VT_ARRAY_INDICES)};
  }

  Sparsity read(const schema::SparsityParameters& from) {
    return {.traversal_order = numbers(from.traversal_order()),
            .block_map = numbers(from.block_map()),
            .dim_metadata = tables<DimensionMetadata>(from.dim_metadata()),
            .more = more(&from, from.VT_DIM_METADATA)};
  }

  VariantSubType read(const schema::VariantSubType& from) {
    return {.shape = numbers(from.shape()),
            .type = from.type(),
            .has_rank = from.has_rank(),
            .more = more(&from, from.VT_HAS_RANK)};
  }

  Tensor read(const schema::Tensor& from) {
    return {.shape = numbers(from.shape()),
            .type = from.type(),
            .buffer = from.buffer(),
            .name = text(from.name()),
            .quantization = from.quantization() == nullptr
                                ? std::nullopt
                                : std::optional(read(*from.quantization())),
            .is_variable = from.is_variable(),
            .sparsity =
                from.sparsity() == nullptr ? std::nullopt : std::optional(read(*from.sparsity())),
            .shape_signature = numbers(from.shape_signature()),
            .has_rank = from.has_rank(),
            .variant_tensors = tables<VariantSubType>(from.variant_tensors()),
            .external_buffer = from.external_buffer(),
            .more = more(&from, from.VT_EXTERNAL_BUFFER)};
  }

  OperatorCode read(const schema::OperatorCode& from) {
    return {.deprecated_builtin_code = from.deprecated_builtin_code(),
            .custom_code = text(from.custom_code()),
            .version = from.version(),
            .builtin_code = from.builtin_code(),
            .more = more(&from, from.VT_BUILTIN_CODE)};
  }

  Operator read(const schema::Operator& from) {
    return {.opcode_index = from.opcode_index(),
            .inputs = numbers(from.inputs()),
            .outputs = numbers(from.outputs()),
            .options = union_table(UnionKind::builtin_options, from.builtin_options_type(),
                                   from.builtin_options()),
            .custom_options = data(from.custom_options(), from.large_custom_options_offset(),
                                   from.large_custom_options_size()),
            .custom_options_format = from.custom_options_format(),
            .mutating_variable_inputs = numbers(from.mutating_variable_inputs()),
            .intermediates = numbers(from.intermediates()),
            .options_2 = union_table(UnionKind::builtin_options_2, from.builtin_options_2_type(),
                                     from.builtin_options_2()),
            .debug_metadata_index = from.debug_metadata_index(),
            .more = more(&from, from.VT_DEBUG_METADATA_INDEX)};
  }

  SubGraph read(const schema::SubGraph& from) {
    return {.tensors = tables<Tensor>(from.tensors()),
            .inputs = numbers(from.inputs()),
            .outputs = numbers(from.outputs()),
            .operators = tables<Operator>(from.operators()),
            .name = text(from.name()),
            .debug_metadata_index = from.debug_metadata_index(),
            .more = more(&from, from.VT_DEBUG_METADATA_INDEX)};
  }

  BufferEntry read(const schema::Buffer& from) {
    return {.bytes = data(from.data(), from.offset(), from.size()),
            .more = more(&from, from.VT_SIZE)};
  }

  MetadataEntry read(const schema::Metadata& from) {
    return {
        .name = text(from.name()), .buffer = from.buffer(), .more = more(&from, from.VT_BUFFER)};
  }

  TensorMap read(const schema::TensorMap& from) {
    return {.name = text(from.name()),
            .tensor_index = from.tensor_index(),
            .more = more(&from, from.VT_TENSOR_INDEX)};
  }

  SignatureDef read(const schema::SignatureDef& from) {
    return {.inputs = tables<TensorMap>(from.inputs()),
            .outputs = tables<TensorMap>(from.outputs()),
            .signature_key = text(from.signature_key()),
            .deprecated_tag = text(from.deprecated_tag()),
            .subgraph_index = from.subgraph_index(),
            .more = more(&from, from.VT_SUBGRAPH_INDEX)};
  }

  ExternalBufferGroup read(const schema::ExternalBufferGroup& from) {
    return {.name = text(from.name()), .more = more(&from, from.VT_NAME)};
  }

  ExternalBuffer read(const schema::ExternalBuffer& from) {
    return {.id = from.id(),
            .group = from.group(),
            .offset = from.offset(),
            .length = from.length(),
            .packing = text(from.packing()),
            .more = more(&from, from.VT_PACKING)};
  }

  File read(const schema::Model& from) {
    return {.version = from.version(),
            .operator_codes = tables<OperatorCode>(from.operator_codes()),
            .subgraphs = tables<SubGraph>(from.subgraphs()),
            .description = text(from.description()),
            .buffers = tables<BufferEntry>(from.buffers()),
            .metadata_buffer = numbers(from.metadata_buffer()),
            .metadata = tables<MetadataEntry>(from.metadata()),
            .signature_defs = tables<SignatureDef>(from.signature_defs()),
            .external_buffer_groups = tables<ExternalBufferGroup>(from.external_buffer_groups()),
            .external_buffers = tables<ExternalBuffer>(from.external_buffers()),
            .more = more(&from, from.VT_EXTERNAL_BUFFERS)};
  }

  SharedBytes file_;
  std::span<const std::byte> bytes_ = file_.bytes;
  Wire wire_;
};

// Names the first table that does not hold together, for the message about a damaged file.
class DamageFinder {
 public:
  explicit DamageFinder(std::span<const std::byte> bytes) : bytes_(bytes), wire_(bytes) {}

  std::string find() {
    using M = schema::Model;
    size_t model = 0;
    std::memcpy(&model, bytes_.data(), sizeof(uint32_t));
    for (const std::string& place :
         {in_list<schema::OperatorCode>(model, M::VT_OPERATOR_CODES, "operator code"),
          in_list<schema::SubGraph>(model, M::VT_SUBGRAPHS, "subgraph"),
          in_list<schema::Buffer>(model, M::VT_BUFFERS, "buffer"),
          in_list<schema::Metadata>(model, M::VT_METADATA, "metadata entry"),
          in_list<schema::SignatureDef>(model, M::VT_SIGNATURE_DEFS, "signature")}) {
      if (!place.empty()) return place;
    }
    return "the model's own table";
  }

 private:
  template <class T>
  std::string in_list(size_t table, flatbuffers::voffset_t field, const std::string& name) {
    try {
      const auto position = wire_.nested(table, slots(field) - 1);
      if (!position) return "";
      const std::vector<size_t> places = wire_.list(*position);
      for (size_t i = 0; i < places.size(); ++i) {
        flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(bytes_.data()),
                                       bytes_.size(), kMaxDepth, kMaxTables);
        const auto* each = reinterpret_cast<const T*>(bytes_.data() + places[i]);
        if (!each->Verify(verifier)) return name + " " + std::to_string(i) + inside<T>(places[i]);
      }
    } catch (const Error&) {
      return "the list of every " + name;
    }
    return "";
  }

  template <class T>
  std::string inside(size_t position) {
    if constexpr (std::is_same_v<T, schema::SubGraph>) {
      std::string place = in_list<schema::Tensor>(position, T::VT_TENSORS, "tensor");
      if (place.empty()) place = in_list<schema::Operator>(position, T::VT_OPERATORS, "operator");
      if (!place.empty()) return ", " + place;
    }
    return "";
  }

  std::span<const std::byte> bytes_;
  Wire wire_;
};

void verify_tables(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const size_t size = std::min(bytes.size(), kMaxFlatBytes);
  if (size < 8 || !schema::ModelBufferHasIdentifier(data)) {
    throw Error(ErrorCode::format, size == 0 ? "it is empty"
                                             : "it is no .tflite file: the mark 'TFL3' is missing "
                                               "at byte 4");
  }
  flatbuffers::Verifier verifier(data, size, kMaxDepth, kMaxTables);
  if (!schema::VerifyModelBuffer(verifier)) {
    throw Error(ErrorCode::format, "it is truncated or damaged: in " +
                                       DamageFinder(bytes.first(size)).find() +
                                       " an offset or a size leads outside of its " +
                                       std::to_string(bytes.size()) + " bytes");
  }
}

bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace

bool operator==(const Bytes& a, const Bytes& b) {
  return a.data.has_value() == b.data.has_value() && a.outside == b.outside &&
         same(a.span(), b.span());
}

bool operator==(const File& a, const File& b) {
  return a.version == b.version && a.operator_codes == b.operator_codes &&
         a.subgraphs == b.subgraphs && a.description == b.description && a.buffers == b.buffers &&
         a.metadata_buffer == b.metadata_buffer && a.metadata == b.metadata &&
         a.signature_defs == b.signature_defs &&
         a.external_buffer_groups == b.external_buffer_groups &&
         a.external_buffers == b.external_buffers && a.more == b.more;
}

File read_file(const SharedBytes& file) {
  const std::span<const std::byte> bytes = file.bytes;
  if (file.owner == nullptr || reinterpret_cast<uintptr_t>(bytes.data()) % 16 != 0) {
    // The accessors read numbers where they lie; a buffer that begins anywhere is moved once.
    auto aligned = std::make_shared<std::vector<std::max_align_t>>(
        bytes.size() / sizeof(std::max_align_t) + 1);
    if (!bytes.empty()) std::memcpy(aligned->data(), bytes.data(), bytes.size());
    const auto* moved = reinterpret_cast<const std::byte*>(aligned->data());
    return read_file(SharedBytes{{moved, bytes.size()}, std::move(aligned)});
  }
  verify_tables(bytes);
  return Parser(file).parse();
}

File read_file(const std::filesystem::path& path) {
  const SharedBytes file = SharedBytes::map(path);
  return with_context("while reading '" + path.string() + "'", [&] { return read_file(file); });
}

}  // namespace litesmith::tflite
