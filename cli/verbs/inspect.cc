// litesmith inspect: what a model is made of.
#include "base/error.h"
#include "base/file.h"
#include "base/program.h"
#include "formats/model_file/model_file.h"
#include "formats/tflite/file.h"
#include "formats/tflite/write.h"
#include "inspect/graph_picture.h"
#include "inspect/listing.h"
#include "inspect/summary.h"
#include "report/summary_json.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class InspectVerb : public Verb {
 public:
  std::string_view name() const override { return "inspect"; }
  std::string_view summary() const override { return "Show what a model is made of"; }
  std::string_view details() const override {
    return "One line says what the model truly is, told by its content and never by its name, and "
           "the oldest runtime that has its operators, and whether TFLite Micro (TFLM) has them "
           "(litesmith lint tells what it lacks). Then operators with their versions, shapes, "
           "types, parameters, how many of them are zero, bytes and multiply-accumulates, why a "
           "constant stayed float, tensors that nothing uses, and which parts of the input can "
           "never reach an output, the memory of the activations, and what TFLite Micro will take: "
           "the tensor_arena_size to paste, told without a board (docs/memory.md). --graph colours "
           "operators by how they compute: green integer, "
           "red float, orange hybrid, yellow conversions.";
  }
  std::string_view example() const override { return "litesmith inspect wake_word.keras"; }
  std::vector<Option> options() override {
    std::vector<Option> result = {
        {.name = "FILE",
         .value = "",
         .help = "A .keras, .h5, .onnx or .tflite file",
         .target = &file_,
         .required = true},
        {.name = "--weights",
         .value = "",
         .help = "Minimum, maximum, zeros, unique values and a histogram of each constant",
         .target = &weights_},
        {.name = "--graph",
         .value = "OUT.svg",
         .help = "Draw the graph, with the program dot of Graphviz",
         .target = &graph_},
        json_option(&json_),
    };
    append_onnx_options(result, &onnx_);
    return result;
  }
  void run(Console& console) override {
    const SummaryOptions options{.weights = weights_};
    if (sniff_model(file_) == ModelFormat::tflite) {
      const tflite::File file = tflite::read_file(file_);
      show(console, summarize(file, file_, options), graph_ ? list(file) : Listing());
    } else {
      const Model model = load_model(file_, load_options(onnx_));
      show(console, summarize(model, options), graph_ ? list(to_file(model)) : Listing());
    }
  }

 private:
  void show(Console& console, const Summary& found, const Listing& listing) const {
    if (graph_) {
      const std::string picture = graph_picture(listing, found.verdict.text);
      const std::string svg = with_context("drawing needs the program dot of Graphviz", [&] {
        return run_program({"dot", "-Tsvg"}, picture);
      });
      write_file(*graph_, svg);
    }
    console.print(json_ ? to_json(found) : to_text(found));
  }

  std::string file_;
  std::optional<std::string> graph_;
  bool weights_ = false;
  OnnxArguments onnx_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_inspect() { return std::make_unique<InspectVerb>(); }

}  // namespace litesmith::cli
