// A .tflite file from anywhere: read, described, written again, planned and run once.
#include <cstdlib>
#include <vector>

#include "attempt.h"
#include "bounded_run.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "inspect/analyzer.h"
#include "inspect/graph_picture.h"
#include "inspect/lint/lint.h"
#include "inspect/summary.h"

namespace litesmith {
namespace {

std::vector<std::byte> write(const tflite::File& file) {
  std::vector<std::byte> bytes;
  tflite::write_file(file, [&](std::span<const std::byte> part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  });
  return bytes;
}

// What is read must come back as it was written. (A field that is newer than the program is read
// by a guess, which may be another one when its neighbours have moved.)
void round_trip(const tflite::File& file) {
  const auto bytes = write(file);
  if (!file.has_unknown && write(tflite::read_file(SharedBytes{bytes})) != bytes) std::abort();
}

}  // namespace
}  // namespace litesmith

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  attempt([&] {
    const auto bytes = std::as_bytes(std::span(data, size));
    const tflite::File file = tflite::read_file(SharedBytes{bytes});
    analyzer_text(file, "fuzz");
    to_text(summarize(file, "fuzz", {.weights = true}));
    graph_picture(list(file), "fuzz");
    for (const char* target : {"litert", "tflite-2.3", "tflm", "esphome", "ethos-u"}) {
      to_text(lint(file, lint_target_named(target)), "fuzz");
    }
    round_trip(file);
    const Model model = to_model(file);
    read_tflite(SharedBytes{to_tflite(model)});
    for (const Arithmetic arithmetic : {Arithmetic::reference, Arithmetic::litert}) {
      attempt([&] { bounded_run(model.graph, arithmetic); });
    }
  });
  return 0;
}
