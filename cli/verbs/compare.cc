// litesmith compare: two versions of a network, layer by layer.
#include "evaluate/compare.h"

#include "formats/model_file/model_file.h"
#include "optimize/steps.h"
#include "report/report.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class CompareVerb : public Verb {
 public:
  std::string_view name() const override { return "compare"; }
  std::string_view summary() const override {
    return "Show layer by layer how far one model lies from another";
  }
  std::string_view details() const override {
    return "Tensors are matched by name, else by their place. Integers are read with their own "
           "scale "
           "and zero point. The worst layer comes first, by its signal to quantization noise "
           "ratio.";
  }
  std::string_view example() const override {
    return "litesmith compare wake_word.float32.tflite wake_word.int8.tflite --data "
           "test_features.npy";
  }
  std::vector<Option> options() override {
    std::vector<Option> result = {
        {.name = "A",
         .value = "",
         .help = "The model to measure against (.tflite, .keras, .h5, .onnx)",
         .target = &a_,
         .required = true},
        {.name = "B", .value = "", .help = "The other model", .target = &b_, .required = true},
        {.name = "--data",
         .value = "X.npy",
         .help = "Samples for both (.npz by name for several inputs)",
         .target = &data_,
         .required = true},
        {.name = "--samples",
         .value = "N",
         .help = "Draw this many of them, seeded; all when not given",
         .target = &samples_},
        {.name = "--top", .value = "N", .help = "Print only the N worst tensors", .target = &top_},
        signature_option(&signature_),
        arithmetic_option(&arithmetic_),
        threads_option(&threads_),
        json_option(&json_),
    };
    append_onnx_options(result, &onnx_);
    return result;
  }
  void run(Console& console) override {
    const Model a = load(a_);
    const Model b = load(b_);
    Dataset data = Dataset::open(data_);
    if (samples_ > 0) data = data.draw(samples_, 1);
    check_finite(data);
    const Comparison comparison = compare(a, b, data,
                                          {.arithmetic = *parse_arithmetic(arithmetic_),
                                           .threads = thread_count(threads_),
                                           .progress = console.progress()});
    for (const std::string& note : comparison.notes) console.note("note: " + note);
    console.print(json_ ? to_json(comparison) : to_text(comparison, top_));
  }

 private:
  // A .tflite runs as it is; other formats, which have no signatures to choose from, as they would
  // be converted.
  Model load(const std::string& path) const {
    return sniff_model(path) == ModelFormat::tflite
               ? read_signature(path, signature_)
               : load_for_conversion(path, load_options(onnx_));
  }

  std::string a_;
  std::string b_;
  std::string data_;
  uint64_t samples_ = 0;
  uint64_t top_ = 0;
  std::optional<std::string> signature_;
  std::string arithmetic_ = "litert";
  uint64_t threads_ = 0;
  OnnxArguments onnx_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_compare() { return std::make_unique<CompareVerb>(); }

}  // namespace litesmith::cli
