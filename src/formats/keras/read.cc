#include "formats/keras/read.h"

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/shared_bytes.h"
#include "formats/hdf5/hdf5.h"
#include "formats/keras/build.h"
#include "formats/zip/zip.h"

namespace litesmith {
namespace {

using keras::Dialect;
using keras::Json;
using keras::ModelConfig;
using keras::parse_json;

constexpr const char* kConfig = "config.json";
constexpr const char* kMetadata = "metadata.json";
constexpr const char* kWeights = "model.weights.h5";
constexpr const char* kPickledWeights = "model.weights.npz";

constexpr uint64_t kMaxJson = uint64_t{16} << 20;
constexpr uint64_t kMaxWeights = uint64_t{4} << 30;

std::string_view text_of(const SharedBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()};
}

// "3.15.1" is 3; what is no version, or absent, is `otherwise`.
int major_version(const std::string& version, int otherwise) {
  const bool digit = !version.empty() && version[0] >= '0' && version[0] <= '9';
  return digit ? version[0] - '0' : otherwise;
}

// The members of an archive or a folder, by name.
class Contents {
 public:
  virtual ~Contents() = default;
  virtual std::optional<SharedBytes> read(const char* name, uint64_t limit) const = 0;
};

class ZipContents : public Contents {
 public:
  explicit ZipContents(ZipArchive archive) : archive_(std::move(archive)) {}
  std::optional<SharedBytes> read(const char* name, uint64_t limit) const override {
    const ZipArchive::Member* member = archive_.find(name);
    if (member == nullptr) return std::nullopt;
    return archive_.read(*member, limit);
  }

 private:
  ZipArchive archive_;
};

class FolderContents : public Contents {
 public:
  explicit FolderContents(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::optional<SharedBytes> read(const char* name, uint64_t limit) const override {
    const std::filesystem::path path = folder_ / name;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::nullopt;
    SharedBytes bytes = SharedBytes::map(path);
    if (bytes.size() > limit) {
      throw Error(ErrorCode::unsupported, "'" + path.string() + "' is too large");
    }
    return bytes;
  }

 private:
  std::filesystem::path folder_;
};

Model read_archive(const Contents& contents) {
  const auto config_text = contents.read(kConfig, kMaxJson);
  if (!config_text) {
    throw Error(ErrorCode::format, "it holds no config.json: it is no Keras model");
  }
  const Json config = parse_json(text_of(*config_text), kConfig);
  const ModelConfig model = keras::parse_model_config(config);
  keras::check_supported(model);
  Dialect dialect;
  if (const auto metadata = contents.read(kMetadata, kMaxJson)) {
    const Json json = parse_json(text_of(*metadata), kMetadata);
    dialect.major = major_version(json["keras_version"].text(), dialect.major);
  }
  const auto weights = contents.read(kWeights, kMaxWeights);
  if (!weights && contents.read(kPickledWeights, kMaxWeights)) {
    throw Error(ErrorCode::unsupported,
                "its weights are pickled (model.weights.npz), and unpickling runs code; save the "
                "model with weights_format='h5'");
  }
  if (!weights) {
    throw Error(ErrorCode::format, "it holds no model.weights.h5: its weights are missing");
  }
  const auto source = keras::archive_weights(hdf5::File(*weights, kWeights), model);
  return keras::build_model(model, *source, dialect);
}

Model read_legacy(const hdf5::File& file) {
  const hdf5::Group& root = file.root();
  const auto config_text = root.string("model_config");
  if (!config_text) {
    const bool weights = root.group("layers") || root.group("_layer_checkpoint_dependencies") ||
                         keras::split_strings(root, "layer_names");
    throw Error(weights ? ErrorCode::unsupported : ErrorCode::format,
                weights ? "it holds weights without the model they belong to (save_weights); save "
                          "the whole model (model.save)"
                        : "it is an HDF5 file, but holds no Keras model");
  }
  const auto version = root.string("keras_version");
  if (!version) {
    throw Error(ErrorCode::unsupported,
                "it was written by Keras 1; load it in Keras 2 and save it again");
  }
  if (config_text->size() > kMaxJson) {
    throw Error(ErrorCode::unsupported, "its 'model_config' is too large");
  }
  const Json config = parse_json(*config_text, "model_config");
  const ModelConfig model = keras::parse_model_config(config);
  keras::check_supported(model);
  const auto weights = root.group("model_weights");
  if (!weights) throw Error(ErrorCode::format, "it holds no 'model_weights'");
  const auto source = keras::legacy_weights(*weights, model);
  return keras::build_model(model, *source, {.major = major_version(*version, 2)});
}

Model read_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(folder / "saved_model.pb", ignored)) {
    throw Error(ErrorCode::unsupported,
                "it is a TensorFlow SavedModel, which holds TensorFlow's graph and not Keras's; "
                "load it in Keras and save it as .keras");
  }
  return read_archive(FolderContents(folder));
}

Model read_file(const SharedBytes& bytes, const std::string& name) {
  if (ZipArchive::looks_like_zip(bytes.bytes)) {
    return read_archive(ZipContents(ZipArchive(bytes, name)));
  }
  if (hdf5::File::looks_like_hdf5(bytes.bytes)) return read_legacy(hdf5::File(bytes, name));
  throw Error(ErrorCode::format, bytes.size() == 0 ? "it is empty"
                                                   : "it is neither a .keras archive nor an HDF5 "
                                                     "file (.h5)");
}

}  // namespace

Model read_keras(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::string name = path.filename().string();
  if (!std::filesystem::is_directory(path, ignored)) {
    return with_context("reading '" + path.string() + "'",
                        [&] { return read_keras(SharedBytes::map(path), name); });
  }
  return with_context("reading '" + path.string() + "'", [&] {
    Model model = read_folder(path);
    model.source = name;
    return model;
  });
}

Model read_keras(const SharedBytes& bytes, const std::string& name) {
  Model model = read_file(bytes, name);
  model.source = name;
  return model;
}

}  // namespace litesmith
