// The only file that includes CLI11, which takes 7 s to compile.
#include "command_line.h"

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "help.h"
#include "version.h"

namespace litesmith::cli {
namespace {

CLI::Option* add(CLI::App& app, const Option& option) {
  return std::visit(
      [&](auto* target) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(target), bool*>) {
          return app.add_flag(option.name, *target, option.help);
        } else {
          return app.add_option(option.name, *target, option.help);
        }
      },
      option.target);
}

void add_options(CLI::App& app, Verb& verb) {
  for (const Option& option : verb.options()) {
    CLI::Option* added = add(app, option);
    if (option.required) added->required();
    if (std::holds_alternative<std::vector<std::string>*>(option.target)) {
      added->expected(1)->take_all();
    }
    if (!option.choices.empty()) {
      added->check([choices = option.choices](const std::string& value) -> std::string {
        std::string list;
        for (const std::string& each : choices) {
          if (value == each) return "";
          list += (list.empty() ? "" : ", ") + each;
        }
        return "'" + value + "' is none of " + list;
      });
    }
  }
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& words) {
  CLI::App app("", "litesmith");
  app.require_subcommand(0, 1);
  bool wants_version = false;
  app.add_flag("--version", wants_version);
  auto verbs = all_verbs();
  std::vector<CLI::App*> commands;
  for (const auto& verb : verbs) {
    commands.push_back(app.add_subcommand(std::string(verb->name())));
    add_options(*commands.back(), *verb);
  }
  auto parsed = [&]() -> std::unique_ptr<Verb>* {
    for (size_t i = 0; i < verbs.size(); ++i) {
      if (commands[i]->parsed()) return &verbs[i];
    }
    return nullptr;
  };
  Command result;
  try {
    // CLI11 takes the words from the back.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    auto* verb = parsed();
    result.text = verb != nullptr ? help_text(**verb) : help_text(verbs);
    return result;
  } catch (const CLI::ParseError& error) {
    auto* verb = parsed();
    throw Error(ErrorCode::usage, std::string(error.what()) + " (litesmith " +
                                      (verb != nullptr ? std::string((*verb)->name()) + " " : "") +
                                      "--help)");
  }
  if (wants_version) {
    result.text = version_text();
  } else if (auto* verb = parsed()) {
    result.verb = std::move(*verb);
  } else {
    result.text = help_text(verbs);
  }
  return result;
}

}  // namespace litesmith::cli
