// litesmith analyze: the text of TensorFlow's Analyzer.
#include "formats/tflite/file.h"
#include "inspect/analyzer.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class AnalyzeVerb : public Verb {
 public:
  std::string_view name() const override { return "analyze"; }
  std::string_view summary() const override {
    return "Print what TensorFlow's model Analyzer prints, byte for byte";
  }
  std::string_view example() const override { return "litesmith analyze wake_word.int8.tflite"; }
  std::vector<Option> options() override { return {file_option(&file_)}; }
  void run(Console& console) override {
    console.print(analyzer_text(tflite::read_file(file_), file_));
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Verb> make_analyze() { return std::make_unique<AnalyzeVerb>(); }

}  // namespace litesmith::cli
