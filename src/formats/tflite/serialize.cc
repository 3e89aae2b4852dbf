// From plain values to the bytes of a .tflite file.
//
// The tables are built first, by flatbuffers::FlatBufferBuilder; they are small. Behind them come
// the constants one after another, so that the weights are never held twice:
//
//   [tables] [padding][Buffer table][length][bytes, aligned to 16] [padding][Buffer table] ...
//
// Each constant's Buffer table lies in the gap that alignment leaves in front of its bytes; the
// entry of the buffers vector that leads to it is patched. FlatBuffers offsets only lead forward,
// so this is an ordinary FlatBuffer. Equal vectors and strings are written once and shared, which
// the format allows; per-channel zero points and shapes gain most.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "formats/tflite/file.h"
#include "formats/tflite/schema_generated.h"

namespace litesmith::tflite {
namespace {

constexpr size_t kMaxFileBytes = (size_t{1} << 31) - 2;
constexpr size_t kConstantAlignment = 16;
// Of bytes that only metadata refer to: they are text or FlatBuffers of their own.
constexpr size_t kMetadataAlignment = 4;

using flatbuffers::Offset;
using flatbuffers::uoffset_t;
using flatbuffers::voffset_t;

// Collects the fields of one table and adds them widest first, which pads least.
class TableWriter {
 public:
  template <class T>
  void scalar(voffset_t field, T value, T absent = T{}) {
    if (value == absent) return;
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    fields_.push_back({field, sizeof(T), bits, false});
  }
  void bits(voffset_t field, size_t bytes, uint64_t bits) {
    fields_.push_back({field, bytes, bits, false});
  }
  void offset(voffset_t field, uoffset_t target) {
    if (target != 0) fields_.push_back({field, sizeof(uoffset_t), target, true});
  }

  uoffset_t finish(flatbuffers::FlatBufferBuilder& builder) {
    std::stable_sort(fields_.begin(), fields_.end(),
                     [](const Entry& a, const Entry& b) { return a.bytes > b.bytes; });
    const auto start = builder.StartTable();
    for (const Entry& entry : fields_) {
      if (entry.is_offset) {
        builder.AddOffset(entry.field, Offset<void>(static_cast<uoffset_t>(entry.bits)));
        continue;
      }
      switch (entry.bytes) {
        case 1:
          builder.AddElement(entry.field, static_cast<uint8_t>(entry.bits));
          break;
        case 2:
          builder.AddElement(entry.field, static_cast<uint16_t>(entry.bits));
          break;
        case 4:
          builder.AddElement(entry.field, static_cast<uint32_t>(entry.bits));
          break;
        default:
          builder.AddElement(entry.field, entry.bits);
      }
    }
    return builder.EndTable(start);
  }

 private:
  struct Entry {
    voffset_t field;
    size_t bytes;
    uint64_t bits;
    bool is_offset;
  };
  std::vector<Entry> fields_;
};

class Serializer {
 public:
  std::vector<std::byte> write(const Table& root) {
    builder_.Finish(Offset<void>(table(root)));
    const auto bytes = std::as_bytes(std::span(builder_.GetBufferPointer(), builder_.GetSize()));
    return {bytes.begin(), bytes.end()};
  }

  void write(const File& file, const std::function<void(std::span<const std::byte>)>& sink) {
    builder_.Finish(Offset<void>(model(file)), schema::ModelIdentifier());
    place_constants();
    uint8_t* tables = builder_.GetBufferPointer();
    sink(std::as_bytes(std::span(tables, builder_.GetSize())));
    size_t position = builder_.GetSize();
    for (const Constant& constant : constants_) {
      std::array<uint8_t, kConstantAlignment + kBufferTableBytes + sizeof(uint32_t)> gap{};
      const size_t gap_bytes = constant.position - position;
      write_head(gap.data() + gap_bytes, constant);
      sink(std::as_bytes(std::span(gap).first(gap_bytes)));
      constant.data.each_part<std::byte>(sink);
      constant.data.let_go();
      position = constant.position + constant.data.size();
    }
    // Like every FlatBuffer, the file is a whole number of words.
    static constexpr std::array<std::byte, 4> kZeros{};
    sink(std::span(kZeros).first((4 - position % 4) % 4));
  }

 private:
  // The way to the vtable, and the way to the data.
  static constexpr size_t kBufferTableBytes = 8;

  // Bytes that go behind the tables. `referrer` is where the offset or position that leads to them
  // is patched in, counted from the end of the builder's buffer; `size_referrer` the same of the
  // size of outside ones.
  struct Constant {
    enum class Head { nothing, length, table_and_length };
    litesmith::Buffer data;
    Head head;  // what stands in front of the bytes
    size_t alignment;
    uoffset_t referrer;
    uoffset_t size_referrer = 0;
    size_t position = 0;

    size_t head_bytes() const {
      if (head == Head::nothing) return 0;
      return sizeof(uint32_t) + (head == Head::length ? 0 : kBufferTableBytes);
    }
  };
  using Head = Constant::Head;

  void write_head(uint8_t* end, const Constant& constant) const {
    if (constant.head == Head::nothing) return;
    flatbuffers::WriteScalar(end - 4, static_cast<uint32_t>(constant.data.size()));
    if (constant.head == Head::length) return;
    const size_t table = constant.position - constant.head_bytes();
    const size_t vtable = builder_.GetSize() - buffer_vtable_;
    flatbuffers::WriteScalar(end - 8, uint32_t{4});
    flatbuffers::WriteScalar(end - 12, static_cast<flatbuffers::soffset_t>(table - vtable));
  }

  void place_constants() {
    // Outside data goes last, behind everything that offsets must reach.
    std::stable_partition(constants_.begin(), constants_.end(),
                          [](const Constant& constant) { return constant.head != Head::nothing; });
    size_t position = builder_.GetSize();
    for (Constant& constant : constants_) {
      constant.position = (position + constant.head_bytes() + constant.alignment - 1) /
                          constant.alignment * constant.alignment;
      position = constant.position + constant.data.size();
      if (position > kMaxFileBytes) {
        throw Error(ErrorCode::unsupported,
                    "the .tflite file would be larger than 2 GB, which this version cannot write");
      }
      uint8_t* end = builder_.GetBufferPointer() + builder_.GetSize();
      if (constant.head == Head::nothing) {
        flatbuffers::WriteScalar(end - constant.referrer, uint64_t{constant.position});
        flatbuffers::WriteScalar(end - constant.size_referrer, uint64_t{constant.data.size()});
        continue;
      }
      const size_t from = builder_.GetSize() - constant.referrer;
      flatbuffers::WriteScalar(
          end - constant.referrer,
          static_cast<uoffset_t>(constant.position - constant.head_bytes() - from));
    }
  }

  // The place of a field of a table that has been written, counted from the end.
  uoffset_t place(uoffset_t table, voffset_t field) {
    const auto* written = reinterpret_cast<const flatbuffers::Table*>(
        builder_.GetCurrentBufferPointer() + builder_.GetSize() - table);
    return table - written->GetOptionalFieldOffset(field);
  }

  // Data outside of the FlatBuffer, as an offset and a size.
  static void reserve_outside(TableWriter& table, const Bytes& bytes, voffset_t offset,
                              voffset_t size) {
    if (!bytes.data || !bytes.outside) return;
    table.scalar<uint64_t>(offset, 1);
    table.scalar<uint64_t>(size, 1);
  }
  void refer_outside(uoffset_t table, const Bytes& bytes, voffset_t offset, voffset_t size) {
    if (!bytes.data || !bytes.outside) return;
    constants_.push_back(
        {*bytes.data, Head::nothing, kConstantAlignment, place(table, offset), place(table, size)});
  }

  // A vector of numbers, shared with an equal one.
  uoffset_t vector(std::span<const std::byte> bytes, size_t element_bytes, size_t alignment) {
    std::string key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto [place, is_new] = vectors_.try_emplace({element_bytes, alignment, std::move(key)});
    if (is_new) {
      const size_t count = bytes.size() / element_bytes;
      builder_.ForceVectorAlignment(count, element_bytes, alignment);
      builder_.StartVector(count, element_bytes);
      builder_.PushBytes(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      place->second = builder_.EndVector(count);
    }
    return place->second;
  }

  template <class T>
  uoffset_t numbers(const Vector<T>& values) {
    if (!values) return 0;
    return vector(std::as_bytes(std::span(*values)), sizeof(T), std::max<size_t>(sizeof(T), 4));
  }

  uoffset_t text(const std::string& string) { return builder_.CreateSharedString(string).o; }
  uoffset_t text(const Text& string) { return string ? text(*string) : 0; }

  // Offsets to tables or strings that have been written.
  uoffset_t list(const std::vector<uoffset_t>& targets) {
    return builder_
        .CreateVector<Offset<void>>(targets.size(),
                                    [&](size_t i) { return Offset<void>(targets[i]); })
        .o;
  }

  template <class T>
  uoffset_t tables(const Vector<T>& values) {
    if (!values) return 0;
    std::vector<uoffset_t> written;
    written.reserve(values->size());
    for (const T& value : *values) written.push_back(table(value));
    return list(written);
  }

  // Writes what the fields refer to and adds the fields.
  void add(TableWriter& writer, const Table& table) {
    for (const Field& field : table.fields) {
      const auto place = static_cast<voffset_t>(4 + 2 * field.slot);
      if (field.kind == Field::Kind::scalar) {
        writer.bits(place, field.element_bytes, field.bits);
      } else {
        writer.offset(place, referred(field));
      }
    }
  }

  uoffset_t referred(const Field& field) {
    if (field.kind == Field::Kind::elements) {
      return vector(field.data, field.element_bytes, field.alignment);
    }
    std::vector<uoffset_t> written;
    for (const std::string& each : field.texts) written.push_back(text(each));
    for (const Table& each : field.tables) written.push_back(table(each));
    const bool is_list = field.kind == Field::Kind::texts || field.kind == Field::Kind::tables;
    return is_list ? list(written) : written.at(0);
  }

  uoffset_t table(const Table& from) {
    TableWriter writer;
    add(writer, from);
    return writer.finish(builder_);
  }

  uoffset_t content(const Union& from) { return from.table ? table(*from.table) : 0; }

  uoffset_t table(const Quantization& from) {
    using To = schema::QuantizationParameters;
    TableWriter to;
    to.offset(To::VT_MIN, numbers(from.min));
    to.offset(To::VT_MAX, numbers(from.max));
    to.offset(To::VT_SCALE, numbers(from.scale));
    to.offset(To::VT_ZERO_POINT, numbers(from.zero_point));
    to.scalar(To::VT_DETAILS_TYPE, from.details.tag);
    to.offset(To::VT_DETAILS, content(from.details));
    to.scalar(To::VT_QUANTIZED_DIMENSION, from.quantized_dimension);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const DimensionMetadata& from) {
    using To = schema::DimensionMetadata;
    TableWriter to;
    to.scalar(To::VT_FORMAT, from.format);
    to.scalar(To::VT_DENSE_SIZE, from.dense_size);
    to.scalar(To::VT_ARRAY_SEGMENTS_TYPE, from.array_segments.tag);
    to.offset(To::VT_ARRAY_SEGMENTS, content(from.array_segments));
    to.scalar(To::VT_ARRAY_INDICES_TYPE, from.array_indices.tag);
    to.offset(To::VT_ARRAY_INDICES, content(from.array_indices));
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const Sparsity& from) {
    using To = schema::SparsityParameters;
    TableWriter to;
    to.offset(To::VT_TRAVERSAL_ORDER, numbers(from.traversal_order));
    to.offset(To::VT_BLOCK_MAP, numbers(from.block_map));
    to.offset(To::VT_DIM_METADATA, tables(from.dim_metadata));
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const VariantSubType& from) {
    using To = schema::VariantSubType;
    TableWriter to;
    to.offset(To::VT_SHAPE, numbers(from.shape));
    to.scalar(To::VT_TYPE, from.type);
    to.scalar(To::VT_HAS_RANK, from.has_rank);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const Tensor& from) {
    using To = schema::Tensor;
    TableWriter to;
    to.offset(To::VT_SHAPE, numbers(from.shape));
    to.scalar(To::VT_TYPE, from.type);
    to.scalar(To::VT_BUFFER, from.buffer);
    to.offset(To::VT_NAME, text(from.name));
    to.offset(To::VT_QUANTIZATION, from.quantization ? shared(*from.quantization) : 0);
    to.scalar(To::VT_IS_VARIABLE, from.is_variable);
    to.offset(To::VT_SPARSITY, from.sparsity ? table(*from.sparsity) : 0);
    to.offset(To::VT_SHAPE_SIGNATURE, numbers(from.shape_signature));
    to.scalar(To::VT_HAS_RANK, from.has_rank);
    to.offset(To::VT_VARIANT_TENSORS, tables(from.variant_tensors));
    to.scalar(To::VT_EXTERNAL_BUFFER, from.external_buffer);
    add(to, from.more);
    return to.finish(builder_);
  }

  // Most unquantized tensors carry an empty table; one serves them all.
  uoffset_t shared(const Quantization& quantization) {
    if (quantization != Quantization{}) return table(quantization);
    if (empty_quantization_ == 0) empty_quantization_ = table(quantization);
    return empty_quantization_;
  }

  uoffset_t table(const OperatorCode& from) {
    using To = schema::OperatorCode;
    TableWriter to;
    to.scalar(To::VT_DEPRECATED_BUILTIN_CODE, from.deprecated_builtin_code);
    to.offset(To::VT_CUSTOM_CODE, text(from.custom_code));
    to.scalar(To::VT_VERSION, from.version, 1);
    to.scalar(To::VT_BUILTIN_CODE, from.builtin_code);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const Operator& from) {
    using To = schema::Operator;
    TableWriter to;
    to.scalar(To::VT_OPCODE_INDEX, from.opcode_index);
    to.offset(To::VT_INPUTS, numbers(from.inputs));
    to.offset(To::VT_OUTPUTS, numbers(from.outputs));
    to.scalar(To::VT_BUILTIN_OPTIONS_TYPE, from.options.tag);
    to.offset(To::VT_BUILTIN_OPTIONS, content(from.options));
    if (from.custom_options.data && !from.custom_options.outside) {
      to.offset(To::VT_CUSTOM_OPTIONS, vector(from.custom_options.span(), 1, 4));
    }
    reserve_outside(to, from.custom_options, To::VT_LARGE_CUSTOM_OPTIONS_OFFSET,
                    To::VT_LARGE_CUSTOM_OPTIONS_SIZE);
    to.scalar(To::VT_CUSTOM_OPTIONS_FORMAT, from.custom_options_format);
    to.offset(To::VT_MUTATING_VARIABLE_INPUTS, numbers(from.mutating_variable_inputs));
    to.offset(To::VT_INTERMEDIATES, numbers(from.intermediates));
    to.scalar(To::VT_BUILTIN_OPTIONS_2_TYPE, from.options_2.tag);
    to.offset(To::VT_BUILTIN_OPTIONS_2, content(from.options_2));
    to.scalar(To::VT_DEBUG_METADATA_INDEX, from.debug_metadata_index, -1);
    add(to, from.more);
    const uoffset_t written = to.finish(builder_);
    refer_outside(written, from.custom_options, To::VT_LARGE_CUSTOM_OPTIONS_OFFSET,
                  To::VT_LARGE_CUSTOM_OPTIONS_SIZE);
    return written;
  }

  uoffset_t table(const SubGraph& from) {
    using To = schema::SubGraph;
    TableWriter to;
    to.offset(To::VT_TENSORS, tables(from.tensors));
    to.offset(To::VT_INPUTS, numbers(from.inputs));
    to.offset(To::VT_OUTPUTS, numbers(from.outputs));
    to.offset(To::VT_OPERATORS, tables(from.operators));
    to.offset(To::VT_NAME, text(from.name));
    to.scalar(To::VT_DEBUG_METADATA_INDEX, from.debug_metadata_index, -1);
    add(to, from.more);
    return to.finish(builder_);
  }

  // A Buffer table among the other tables: of an empty buffer, of data outside, or with fields that
  // are newer than this program.
  uoffset_t table(const BufferEntry& from) {
    using To = schema::Buffer;
    TableWriter to;
    if (from.bytes.data && !from.bytes.outside) {
      to.offset(To::VT_DATA, vector(from.bytes.span(), 1, kConstantAlignment));
    }
    reserve_outside(to, from.bytes, To::VT_OFFSET, To::VT_SIZE);
    add(to, from.more);
    const uoffset_t written = to.finish(builder_);
    refer_outside(written, from.bytes, To::VT_OFFSET, To::VT_SIZE);
    return written;
  }

  // The vector of Buffer tables. The first constant's table is written here and leaves its vtable
  // to the others, which come later, in front of their data.
  uoffset_t buffers(const File& file) {
    const Vector<BufferEntry>& entries = file.buffers;
    if (!entries) return 0;
    const std::vector<size_t> alignment = alignments(file);
    std::vector<uoffset_t> written;
    for (const BufferEntry& entry : *entries) {
      const bool streamed = entry.bytes.data && !entry.bytes.outside && entry.more.empty();
      if (!streamed) {
        written.push_back(table(entry));
      } else if (buffer_vtable_ == 0) {
        written.push_back(first_constant(*entry.bytes.data, alignment[written.size()]));
      } else {
        written.push_back(0);
      }
    }
    builder_.StartVector(entries->size(), sizeof(uoffset_t));
    std::vector<Constant> later;
    for (size_t i = entries->size(); i-- > 0;) {
      if (written[i] != 0) {
        builder_.PushElement(builder_.ReferTo(written[i]));
      } else {
        later.push_back({*(*entries)[i].bytes.data, Head::table_and_length, alignment[i],
                         builder_.PushElement(uoffset_t{0})});
      }
    }
    constants_.insert(constants_.end(), later.rbegin(), later.rend());
    return builder_.EndVector(entries->size());
  }

  uoffset_t first_constant(const litesmith::Buffer& data, size_t alignment) {
    const auto start = builder_.StartTable();
    builder_.AddElement(schema::Buffer::VT_DATA, uint32_t{0});
    const uoffset_t table = builder_.EndTable(start);
    const uint8_t* written = builder_.GetCurrentBufferPointer() + builder_.GetSize() - table;
    buffer_vtable_ =
        table + static_cast<uoffset_t>(flatbuffers::ReadScalar<flatbuffers::soffset_t>(written));
    constants_.push_back({data, Head::length, alignment, place(table, schema::Buffer::VT_DATA)});
    return table;
  }

  // By buffer: what its data must be aligned to.
  static std::vector<size_t> alignments(const File& file) {
    const size_t count = items(file.buffers).size();
    std::vector<size_t> alignment(count, kConstantAlignment);
    for (const MetadataEntry& entry : items(file.metadata)) {
      if (entry.buffer < count) alignment[entry.buffer] = kMetadataAlignment;
    }
    for (const SubGraph& subgraph : items(file.subgraphs)) {
      for (const Tensor& tensor : items(subgraph.tensors)) {
        if (tensor.buffer < count) alignment[tensor.buffer] = kConstantAlignment;
      }
    }
    return alignment;
  }

  uoffset_t table(const MetadataEntry& from) {
    using To = schema::Metadata;
    TableWriter to;
    to.offset(To::VT_NAME, text(from.name));
    to.scalar(To::VT_BUFFER, from.buffer);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const TensorMap& from) {
    using To = schema::TensorMap;
    TableWriter to;
    to.offset(To::VT_NAME, text(from.name));
    to.scalar(To::VT_TENSOR_INDEX, from.tensor_index);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const SignatureDef& from) {
    using To = schema::SignatureDef;
    TableWriter to;
    to.offset(To::VT_INPUTS, tables(from.inputs));
    to.offset(To::VT_OUTPUTS, tables(from.outputs));
    to.offset(To::VT_SIGNATURE_KEY, text(from.signature_key));
    to.offset(To::VT_DEPRECATED_TAG, text(from.deprecated_tag));
    to.scalar(To::VT_SUBGRAPH_INDEX, from.subgraph_index);
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const ExternalBufferGroup& from) {
    TableWriter to;
    to.offset(schema::ExternalBufferGroup::VT_NAME, text(from.name));
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t table(const ExternalBuffer& from) {
    using To = schema::ExternalBuffer;
    TableWriter to;
    to.scalar(To::VT_ID, from.id);
    to.scalar(To::VT_GROUP, from.group);
    to.scalar(To::VT_OFFSET, from.offset);
    to.scalar(To::VT_LENGTH, from.length);
    to.offset(To::VT_PACKING, text(from.packing));
    add(to, from.more);
    return to.finish(builder_);
  }

  uoffset_t model(const File& from) {
    using To = schema::Model;
    TableWriter to;
    to.scalar(To::VT_VERSION, from.version);
    to.offset(To::VT_OPERATOR_CODES, tables(from.operator_codes));
    to.offset(To::VT_SUBGRAPHS, tables(from.subgraphs));
    to.offset(To::VT_DESCRIPTION, text(from.description));
    to.offset(To::VT_BUFFERS, buffers(from));
    to.offset(To::VT_METADATA_BUFFER, numbers(from.metadata_buffer));
    to.offset(To::VT_METADATA, tables(from.metadata));
    to.offset(To::VT_SIGNATURE_DEFS, tables(from.signature_defs));
    to.offset(To::VT_EXTERNAL_BUFFER_GROUPS, tables(from.external_buffer_groups));
    to.offset(To::VT_EXTERNAL_BUFFERS, tables(from.external_buffers));
    add(to, from.more);
    return to.finish(builder_);
  }

  flatbuffers::FlatBufferBuilder builder_{4096};
  std::map<std::tuple<size_t, size_t, std::string>, uoffset_t> vectors_;
  uoffset_t empty_quantization_ = 0;
  uoffset_t buffer_vtable_ = 0;
  std::vector<Constant> constants_;
};

}  // namespace

void write_file(const File& file, const std::function<void(std::span<const std::byte>)>& sink) {
  Serializer().write(file, sink);
}

std::vector<std::byte> write_table(const Table& root) { return Serializer().write(root); }

}  // namespace litesmith::tflite
