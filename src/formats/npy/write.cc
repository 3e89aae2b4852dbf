#include "formats/npy/write.h"

#include <optional>
#include <string_view>

#include "base/checked.h"
#include "base/error.h"
#include "formats/zip/write.h"

namespace litesmith {
namespace {

std::string_view type_text(DType dtype) {
  switch (dtype) {
    case DType::float16:
      return "<f2";
    case DType::float32:
      return "<f4";
    case DType::float64:
      return "<f8";
    case DType::int8:
      return "|i1";
    case DType::int16:
      return "<i2";
    case DType::int32:
      return "<i4";
    case DType::int64:
      return "<i8";
    case DType::uint8:
      return "|u1";
    case DType::uint16:
      return "<u2";
    case DType::uint32:
      return "<u4";
    case DType::uint64:
      return "<u8";
    case DType::boolean:
      return "|b1";
    case DType::complex64:
      return "<c8";
    case DType::complex128:
      return "<c16";
    default:
      throw Error(ErrorCode::unsupported,
                  "NumPy has no type for " + std::string(to_string(dtype)) + " elements");
  }
}

size_t byte_count(DType dtype, std::span<const int64_t> shape, size_t text_width) {
  size_t bytes = dtype == DType::string ? text_width : static_cast<size_t>(bits(dtype)) / 8;
  for (const int64_t size : shape) bytes = checked_mul(bytes, static_cast<size_t>(size));
  return bytes;
}

}  // namespace

std::string npy_header(DType dtype, std::span<const int64_t> shape, size_t text_width) {
  const std::string type =
      dtype == DType::string ? "|S" + std::to_string(text_width) : std::string(type_text(dtype));
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  if (shape.size() == 1) text += ",";
  text += "), }";
  // NumPy aligns the elements to 64 bytes and leaves room for a first dimension that grows to 21
  // digits, so that a file can be appended to.
  constexpr size_t kPreamble = 10;
  if (!shape.empty()) text.append(21 - std::to_string(shape[0]).size(), ' ');
  text.append(64 - (kPreamble + text.size() + 1) % 64, ' ');
  text += '\n';
  check(text.size() < 0x10000, "a .npy header of format 1.0");
  std::string header = "\x93NUMPY";
  header += '\x01';
  header += '\0';
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

NpyWriter::NpyWriter(std::filesystem::path path, DType dtype, std::span<const int64_t> shape,
                     size_t text_width)
    : file_(std::move(path)), missing_bytes_(byte_count(dtype, shape, text_width)) {
  file_.write(npy_header(dtype, shape, text_width));
}

void NpyWriter::write(std::span<const std::byte> elements) {
  check(elements.size() <= missing_bytes_, "more elements than the .npy header says");
  missing_bytes_ -= elements.size();
  file_.write(elements);
}

void NpyWriter::commit() {
  check(missing_bytes_ == 0, "fewer elements than the .npy header says");
  file_.commit();
}

void commit_all(std::span<const std::unique_ptr<NpyWriter>> writers) {
  std::vector<AtomicFile*> files;
  for (const auto& writer : writers) {
    check(writer->missing_bytes_ == 0, "fewer elements than the .npy header says");
    files.push_back(&writer->file_);
  }
  commit_all(files);
}

void write_npy(const std::filesystem::path& path, DType dtype, std::span<const int64_t> shape,
               std::span<const std::byte> elements) {
  NpyWriter writer(path, dtype, shape);
  writer.write(elements);
  writer.commit();
}

void write_npz(const std::filesystem::path& path, std::span<const ArrayToWrite> arrays) {
  std::vector<std::string> headers;
  headers.reserve(arrays.size());
  std::vector<ZipMember> members;
  for (const ArrayToWrite& array : arrays) {
    const std::string& header =
        headers.emplace_back(npy_header(array.dtype, array.shape, array.text_width));
    members.push_back({array.name + ".npy",
                       {std::as_bytes(std::span(header.data(), header.size())), array.elements}});
  }
  write_file(path, zip_of(members));
}

}  // namespace litesmith
