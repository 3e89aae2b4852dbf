#include "formats/model_file/model_file.h"

#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "formats/keras/read.h"
#include "formats/onnx/file.h"
#include "formats/tflite/read.h"
#include "formats/zip/zip.h"

namespace litesmith {
namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// HDF5's signature stands at 0 or at a power of two from 512 on.
bool looks_like_hdf5(std::string_view bytes) {
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  if (bytes.starts_with(kSignature)) return true;
  for (size_t at = 512; at < bytes.size(); at *= 2) {
    if (bytes.substr(at).starts_with(kSignature)) return true;
  }
  return false;
}

[[noreturn]] void refuse(const std::filesystem::path& path, ErrorCode code,
                         const std::string& why) {
  throw Error(code, "'" + path.string() + "' " + why);
}

}  // namespace

ModelFormat sniff_model(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    if (std::filesystem::exists(path / "saved_model.pb", ignored)) {
      refuse(path, ErrorCode::unsupported,
             "is a TensorFlow SavedModel, which litesmith does not read; save the Keras model with "
             "model.save('name.keras')");
    }
    return ModelFormat::keras;
  }
  const auto file = MappedFile::open(path);
  const std::string_view bytes = text_of(file->bytes());
  if (bytes.empty()) refuse(path, ErrorCode::format, "is empty");
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3") return ModelFormat::tflite;
  if (ZipArchive::looks_like_zip(file->bytes()) || looks_like_hdf5(bytes)) {
    return ModelFormat::keras;
  }
  if (onnx::looks_like_onnx(file->bytes())) return ModelFormat::onnx;
  refuse(path, ErrorCode::format,
         path.extension() == ".onnx"
             ? "is no ONNX model, whatever its name says"
             : "is no model that litesmith knows: it is neither a .keras archive nor an .h5 nor an "
               ".onnx nor a .tflite file");
}

Model load_model(const std::filesystem::path& path, const LoadOptions& options) {
  switch (sniff_model(path)) {
    case ModelFormat::tflite:
      return read_tflite(path);
    case ModelFormat::onnx:
      return read_onnx(path, options.onnx);
    case ModelFormat::keras:
      break;
  }
  return read_keras(path);
}

}  // namespace litesmith
