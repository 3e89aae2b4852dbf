#include "samples.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/file.h"
#include "formats/npy/write.h"
#include "formats/tflite/write.h"
#include "formats/zip/write.h"
#include "formats/zip/zip.h"
#include "testing/random.h"
#include "testing/scores.h"

namespace litesmith {
namespace {

const std::filesystem::path kExample =
    std::filesystem::path(LITESMITH_SOURCE_DIR) / "examples/wake_word";

void write_floats(const std::filesystem::path& path, std::vector<int64_t> shape,
                  const std::vector<float>& values) {
  write_npy(path, DType::float32, shape, std::as_bytes(std::span(values)));
}

void write_labels(const std::filesystem::path& path, size_t count, int64_t classes) {
  std::vector<int64_t> labels(count);
  for (size_t i = 0; i < count; ++i) labels[i] = static_cast<int64_t>(i) % classes;
  const std::vector<int64_t> shape = {static_cast<int64_t>(count)};
  write_npy(path, DType::int64, shape, std::as_bytes(std::span(labels)));
}

}  // namespace

Samples::Samples() {
  write_tflite(scores_model(3), folder_ / "net.tflite");
  write_floats(folder_ / "x.npy", {40, 3, 1}, Random(1).floats(120, 0, 1));
  write_labels(folder_ / "y.npy", 40, 3);
  write("wake_word.keras", content(kExample / "wake_word.keras"));
  write_floats(folder_ / "features.npy", {20, 50, 13, 1}, Random(2).floats(20 * 650, -100, 100));
  write_labels(folder_ / "labels.npy", 20, 2);
}

void Samples::write(const std::string& name, const std::string& bytes) const {
  write_file(folder_ / name, std::string_view(bytes));
}

std::string Samples::keras_member(const std::string& member) const {
  const ZipArchive archive = ZipArchive::open(folder_ / "wake_word.keras");
  const SharedBytes bytes = archive.read(*archive.find(member), UINT64_MAX);
  return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.size()};
}

void Samples::write_keras(const std::string& name, const std::string& member,
                          const std::string& bytes) const {
  std::vector<std::pair<std::string, std::string>> members;
  for (const char* each : {"metadata.json", "config.json", "model.weights.h5"}) {
    if (each != member) {
      members.emplace_back(each, keras_member(each));
    } else if (!bytes.empty()) {
      members.emplace_back(each, bytes);
    }
  }
  std::vector<ZipMember> zipped;
  for (const auto& [title, text] : members) {
    zipped.push_back({title, {std::as_bytes(std::span(text.data(), text.size()))}});
  }
  write(name, zip_of(zipped));
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data) {
  const std::string header =
      "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  std::string bytes = "\x93NUMPY";
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + data;
}

}  // namespace litesmith
