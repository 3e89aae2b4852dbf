// The Google Benchmark suite: single layers, the wake-word network with seeded weights, and the
// .tflite files named after the suite's own options:
//
//   build/release/bench/litesmith_bench --benchmark_filter=int8 model.tflite
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "benchmark/subject.h"
#include "formats/tflite/read.h"

namespace litesmith {

void register_layers();

namespace {

void add_file(const std::filesystem::path& path) {
  const Graph graph = read_tflite(path).graph;
  for (const Isa isa : supported_isas()) {
    const std::string name = "file/" + path.filename().string() + "/" + std::string(to_string(isa));
    benchmark::RegisterBenchmark(name.c_str(), [graph, isa](benchmark::State& state) {
      Subject subject(Plan::make(graph, {.isa = isa}));
      for (auto _ : state) subject.invoke(1);
    });
  }
}

}  // namespace
}  // namespace litesmith

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  litesmith::register_layers();
  for (int i = 1; i < count; ++i) litesmith::add_file(words[i]);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
