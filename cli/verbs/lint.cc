// litesmith lint: what a runtime lacks to run a .tflite file.
#include "inspect/lint/lint.h"
#include "formats/tflite/file.h"
#include "report/lint_json.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class LintVerb : public Verb {
 public:
  std::string_view name() const override { return "lint"; }
  std::string_view summary() const override { return "Tell what a runtime lacks to run a file"; }
  std::string_view details() const override {
    return "Errors keep the file from running on the target: operators it has no kernel for, types "
           "and versions that its kernel does not take, operands that must be constants, integers "
           "without scales. Warnings cost time or memory: operators in float32 among integers, "
           "conversions at the file's ends, what an NPU leaves to the processor. Each comes with "
           "its place and what to do. The exit code is 0 when nothing keeps the file from running "
           "and 1 when something does; with --strict, warnings count too. What is known of each "
           "target, and from where, is in docs/lint.md.";
  }
  std::string_view example() const override {
    return "litesmith lint wake_word.int8.tflite --target tflm";
  }
  std::vector<Option> options() override {
    return {
        file_option(&file_),
        {.name = "--target",
         .value = "TARGET",
         .help = "litert, tflite-2.N (TensorFlow Lite of that release), tflm, esphome or ethos-u; "
                 "litert when not given",
         .target = &target_},
        {.name = "--strict", .value = "", .help = "Warnings fail too", .target = &strict_},
        json_option(&json_),
    };
  }
  void run(Console& console) override {
    const LintTarget target = lint_target_named(target_);
    const LintReport report = lint(tflite::read_file(file_), target);
    console.print(json_ ? to_json(report, file_) : to_text(report, file_));
    found_ = report.count(Severity::error) + (strict_ ? report.count(Severity::warning) : 0);
  }
  bool passed() const override { return found_ == 0; }

 private:
  std::string file_;
  std::string target_ = "litert";
  bool strict_ = false;
  bool json_ = false;
  size_t found_ = 0;
};

}  // namespace

std::unique_ptr<Verb> make_lint() { return std::make_unique<LintVerb>(); }

}  // namespace litesmith::cli
