// litesmith help: the overview, or the whole reference as Markdown.
#include "help.h"

#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class HelpVerb : public Verb {
 public:
  std::string_view name() const override { return "help"; }
  std::string_view summary() const override { return "Print this help"; }
  std::string_view example() const override { return "litesmith help --markdown > docs/cli.md"; }
  std::vector<Option> options() override {
    return {{.name = "--markdown",
             .value = "",
             .help = "Every verb and option as Markdown, what docs/cli.md holds",
             .target = &markdown_}};
  }
  void run(Console& console) override {
    const auto verbs = all_verbs();
    console.print(markdown_ ? markdown(verbs) : help_text(verbs));
  }

 private:
  bool markdown_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_help() { return std::make_unique<HelpVerb>(); }

}  // namespace litesmith::cli
