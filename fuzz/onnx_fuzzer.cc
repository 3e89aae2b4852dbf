// An ONNX model from anywhere: read in two layouts, rewritten, planned and run once.
#include <string_view>

#include "attempt.h"
#include "bounded_run.h"
#include "formats/onnx/read.h"
#include "rewrite/rewrite.h"
#include "runtime/evaluate_node.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  const auto bytes = std::as_bytes(std::span(data, size));
  const SharedBytes file = SharedBytes::take({bytes.begin(), bytes.end()});
  attempt([&] {
    const Model model = read_onnx(file, "fuzz", {.sequence = SequenceLayout::channels_last});
    attempt([&] { bounded_run(model.graph, Arithmetic::litert); });
    attempt([&] {
      bounded_run(rewrite(model, {.evaluate = evaluate_node, .verify = true}).graph,
                  Arithmetic::reference);
    });
  });
  attempt([&] {
    read_onnx(file, "fuzz",
              {.keep_nchw = true,
               .sequence = SequenceLayout::channels_first,
               .dimensions = {{"height", 4}, {"width", 3}}});
  });
  return 0;
}
