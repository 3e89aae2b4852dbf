// litesmith benchmark: how fast a file runs, and how fast it could.
#include "benchmark/run_benchmark.h"

#include <filesystem>

#include "base/error.h"
#include "formats/tflite/read.h"
#include "report/benchmark_report.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class BenchmarkVerb : public Verb {
 public:
  std::string_view name() const override { return "benchmark"; }
  std::string_view summary() const override {
    return "Measure how fast a .tflite file runs, and how fast it could";
  }
  std::string_view details() const override {
    return "Times are CPU time of one thread at batch 1, writing the inputs included. The share of "
           "peak holds them against loops that only multiply and add, measured in the same run, on "
           "the MACs whose result can reach an output. Other runtimes take turns with this one, "
           "round by round; the ratio is the median over the rounds. They are loaded from their "
           "Python wheels' shared libraries, which are looked for with python3.";
  }
  std::string_view example() const override {
    return "litesmith benchmark wake_word.int8.tflite --against litert";
  }
  std::vector<Option> options() override {
    return {
        file_option(&file_),
        {.name = "--against",
         .value = "LIST",
         .help = "Other runtimes, in turns with this one: litert, onnxruntime",
         .target = &against_},
        {.name = "--onnx",
         .value = "FILE.onnx",
         .help = "The same network for onnxruntime, which reads no .tflite",
         .target = &onnx_},
        {.name = "--litert-library",
         .value = "PATH",
         .help = "libLiteRt.so, instead of the one of the wheel ai-edge-litert",
         .target = &litert_library_},
        {.name = "--onnxruntime-library",
         .value = "PATH",
         .help = "libonnxruntime.so, instead of the one of the wheel onnxruntime",
         .target = &onnxruntime_library_},
        {.name = "--rounds",
         .value = "N",
         .help = "Turns of each runtime; 9 when not given",
         .target = &rounds_},
        arithmetic_option(&arithmetic_),
        isa_option(&isa_),
        json_option(&json_),
    };
  }
  void run(Console& console) override;

 private:
  std::vector<PeerOptions> peers() const;

  std::string file_;
  std::optional<std::string> against_;
  std::optional<std::string> onnx_;
  std::optional<std::string> litert_library_;
  std::optional<std::string> onnxruntime_library_;
  uint64_t rounds_ = 9;
  std::string arithmetic_ = "litert";
  std::optional<std::string> isa_;
  bool json_ = false;
};

std::vector<PeerOptions> BenchmarkVerb::peers() const {
  std::vector<PeerOptions> result;
  for (const std::string& name : listed(against_.value_or(""))) {
    const auto kind = parse_peer(name);
    if (!kind) {
      throw Error(ErrorCode::usage,
                  "there is no runtime '" + name + "'; try litert or onnxruntime");
    }
    const bool is_litert = *kind == PeerKind::litert;
    if (!is_litert && !onnx_) {
      throw Error(ErrorCode::usage,
                  "onnxruntime reads no .tflite: give the same network with --onnx FILE.onnx");
    }
    result.push_back(
        {.kind = *kind,
         .model = is_litert ? file_ : *onnx_,
         .library = (is_litert ? litert_library_ : onnxruntime_library_).value_or("")});
  }
  return result;
}

void BenchmarkVerb::run(Console& console) {
  if (rounds_ == 0) throw Error(ErrorCode::usage, "--rounds must be at least 1");
  const BenchmarkOptions options{.arithmetic = *parse_arithmetic(arithmetic_),
                                 .isa = isa_named(isa_),
                                 .rounds = rounds_,
                                 .peers = peers(),
                                 .progress = console.progress()};
  const Model model = read_tflite(file_);
  const BenchmarkFigures figures = run_benchmark(model.graph, options);
  console.print(json_ ? to_json(figures, std::filesystem::path(file_).filename().string())
                      : to_text(figures));
}

}  // namespace

std::unique_ptr<Verb> make_benchmark() { return std::make_unique<BenchmarkVerb>(); }

}  // namespace litesmith::cli
