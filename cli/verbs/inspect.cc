// litesmith inspect: what a model is made of.
#include "formats/model_file/model_file.h"
#include "formats/tflite/file.h"
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
    return "Operators, shapes, types, parameters, bytes, quantization, why a constant stayed "
           "float, "
           "and which parts of the input can never reach an output.";
  }
  std::string_view example() const override { return "litesmith inspect wake_word.keras"; }
  std::vector<Option> options() override {
    return {
        {.name = "FILE",
         .value = "",
         .help = "A .keras, .h5 or .tflite file",
         .target = &file_,
         .required = true},
        {.name = "--weights",
         .value = "",
         .help = "Minimum, maximum, zeros, unique values and a histogram of each constant",
         .target = &weights_},
        json_option(&json_),
    };
  }
  void run(Console& console) override {
    const SummaryOptions options{.weights = weights_};
    const Summary found = sniff_model(file_) == ModelFormat::tflite
                              ? summarize(tflite::read_file(file_), file_, options)
                              : summarize(load_model(file_), options);
    console.print(json_ ? to_json(found) : to_text(found));
  }

 private:
  std::string file_;
  bool weights_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_inspect() { return std::make_unique<InspectVerb>(); }

}  // namespace litesmith::cli
