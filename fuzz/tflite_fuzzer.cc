// A .tflite file from anywhere: read, described, written again, planned and run once.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/error.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "inspect/analyzer.h"
#include "inspect/summary.h"
#include "runtime/interpreter.h"

namespace litesmith {
namespace {

// Of one tensor: what a run may take is bounded by the product of its largest two.
constexpr size_t kMemoryLimit = size_t{1} << 16;
constexpr int64_t kWorkLimit = 20'000'000;

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
  if (!file.has_unknown && write(tflite::read_file(bytes, nullptr)) != bytes) std::abort();
}

// An upper bound of the multiplications in one run: no op does more for an element of its output
// than look at every element of its largest input.
int64_t work(const Plan& plan) {
  int64_t total = 0;
  for (const Plan::Step& step : plan.steps()) {
    const NodeView node = plan.graph().view(plan.graph().nodes[step.node]);
    int64_t largest = 1;
    int64_t outputs = 0;
    for (const Value* value : node.inputs) {
      if (value != nullptr) largest = std::max(largest, element_count(value->shape));
    }
    for (const Value* value : node.outputs) outputs += element_count(value->shape);
    total += std::min(kWorkLimit, outputs) * std::min(kWorkLimit, largest);
  }
  return total;
}

void run(const Model& model, Arithmetic arithmetic) {
  const auto plan =
      Plan::make(model.graph, {.arithmetic = arithmetic, .memory_limit = kMemoryLimit});
  if (work(*plan) > kWorkLimit) return;
  Interpreter interpreter(plan);
  for (size_t i = 0; i < model.graph.inputs.size(); ++i) {
    const auto input = interpreter.input(i);
    for (size_t k = 0; k < input.size(); ++k) input[k] = static_cast<std::byte>(k * 37 + i);
  }
  interpreter.invoke();
}

template <class Body>
void attempt(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    // A refusal is an answer; our own check failing is not.
    if (error.code() == ErrorCode::internal) std::abort();
  }
}

}  // namespace
}  // namespace litesmith

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  attempt([&] {
    const auto bytes = std::as_bytes(std::span(data, size));
    const tflite::File file = tflite::read_file(bytes, nullptr);
    analyzer_text(file, "fuzz");
    to_text(summarize(file, "fuzz", {.weights = true}));
    round_trip(file);
    const Model model = to_model(file);
    read_tflite(to_tflite(model), nullptr);
    for (const Arithmetic arithmetic : {Arithmetic::reference, Arithmetic::litert}) {
      attempt([&] { run(model, arithmetic); });
    }
  });
  return 0;
}
