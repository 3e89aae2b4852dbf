// A Keras model from anywhere: read, rewritten, planned and run once.
//
// A checksum guards what lies in a .keras archive, so mutated archives would hardly get past it.
// Besides archives and legacy .h5 files as they are, inputs are therefore taken as a configuration
// and a weights file with a zero byte between, and made into an archive here.
#include <cstring>
#include <string>
#include <string_view>

#include "attempt.h"
#include "bounded_run.h"
#include "formats/hdf5/hdf5.h"
#include "formats/keras/read.h"
#include "formats/zip/zip.h"
#include "formats/zip/zip_writer.h"
#include "rewrite/rewrite.h"
#include "runtime/evaluate_node.h"

namespace {

litesmith::SharedBytes as_model_file(std::string_view input) {
  using namespace litesmith;
  const SharedBytes bytes = testing::bytes_of(input);
  if (ZipArchive::looks_like_zip(bytes.bytes) || hdf5::File::looks_like_hdf5(bytes.bytes)) {
    return bytes;
  }
  const size_t end = std::min(input.find('\0'), input.size());
  const std::string_view weights = input.substr(std::min(end + 1, input.size()));
  // The version decides what some layers mean.
  const char* version = end % 2 == 0 ? "3.15.1" : "2.15.0";
  return testing::bytes_of(
      testing::ZipWriter()
          .add("metadata.json", std::string(R"({"keras_version": ")") + version + "\"}")
          .add("config.json", std::string(input.substr(0, end)))
          .add("model.weights.h5", std::string(weights))
          .finish());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  attempt([&] {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Model model = read_keras(as_model_file(input), "fuzz");
    attempt([&] { bounded_run(model.graph, Arithmetic::litert); });
    attempt([&] {
      bounded_run(rewrite(model, {.evaluate = evaluate_node, .verify = true}).graph,
                  Arithmetic::reference);
    });
  });
  return 0;
}
