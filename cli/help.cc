#include "help.h"

#include <algorithm>

namespace litesmith::cli {
namespace {

constexpr std::string_view kTitle =
    "Small and fast LiteRT models from trained networks, with proof";

constexpr std::string_view kExitCodes[][2] = {
    {"0", "done"},
    {"1", "done, and what lint found keeps the file from running"},
    {"2", "usage: the command makes no sense"},
    {"3", "a file or folder cannot be read or written"},
    {"4", "a file's bytes are not what its format says"},
    {"5", "well formed, but not something litesmith can do"},
    {"6", "shapes, types, values or labels do not fit the model"},
    {"7", "a mistake of litesmith's own"},
    {"8", "interrupted (Ctrl-C); no file was left behind"},
};

constexpr size_t kLineWidth = 100;

// `text` broken into lines that start at column `indent`; the first line is already there.
std::string wrapped(std::string_view text, size_t indent) {
  std::string result;
  size_t column = indent;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > indent && column + 1 + word.size() > kLineWidth) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string signature(const Option& option) {
  if (option.positional()) return option.name;
  std::string text = option.name;
  if (const size_t comma = text.find(','); comma != std::string::npos) text.insert(comma + 1, " ");
  return option.value.empty() ? text : text + " " + option.value;
}

bool repeats(const Option& option) {
  return std::holds_alternative<std::vector<std::string>*>(option.target);
}

std::string description(const Option& option) {
  std::string text = option.help;
  std::string choices;
  for (const std::string& choice : option.choices) {
    choices += (choices.empty() ? "" : ", ") + choice;
  }
  if (!choices.empty()) text += " (one of " + choices + ")";
  if (repeats(option)) text += " (may be given several times)";
  if (option.required && !option.positional()) text += " (required)";
  return text;
}

std::string usage(Verb& verb) {
  std::string text = "litesmith " + std::string(verb.name());
  bool has_more = false;
  for (const Option& option : verb.options()) {
    if (option.positional()) {
      text += " " + option.name;
    } else if (option.required) {
      text += " " + option.name.substr(option.name.rfind(',') + 1) + " " + option.value;
    } else {
      has_more = true;
    }
  }
  return has_more ? text + " [OPTION]..." : text;
}

// Rows of two columns, the second wrapped.
std::string rows(const std::vector<std::pair<std::string, std::string>>& all) {
  size_t width = 0;
  for (const auto& [left, right] : all) width = std::max(width, left.size());
  width = std::min<size_t>(width, 30);
  std::string text;
  for (const auto& [left, right] : all) {
    text += "  " + left;
    if (left.size() > width) text += "\n" + std::string(width + 2, ' ');
    text += std::string(left.size() > width ? 2 : width - left.size() + 2, ' ');
    text += wrapped(right, width + 4) + "\n";
  }
  return text;
}

}  // namespace

std::string help_text(std::span<const std::unique_ptr<Verb>> verbs) {
  std::string text = std::string(kTitle) + ".\n\nUsage: litesmith VERB ...\n\n";
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& verb : verbs) lines.emplace_back(verb->name(), verb->summary());
  text += rows(lines) + "\n";
  text += rows({{"VERB --help", "what a verb takes, with an example"},
                {"--version", "version, commit, compiler and instruction set"}});
  text += "\nData goes to stdout, everything else to stderr. Exit codes:\n";
  lines.clear();
  for (const auto& [code, meaning] : kExitCodes) lines.emplace_back(code, meaning);
  return text + rows(lines);
}

std::string help_text(Verb& verb) {
  std::string text = std::string(verb.summary()) + ".\n\nUsage: " + usage(verb) + "\n\n";
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Option& option : verb.options()) {
    lines.emplace_back(signature(option), description(option));
  }
  text += rows(lines);
  if (!verb.details().empty()) text += "\n" + wrapped(verb.details(), 0) + "\n";
  return text + "\nExample:\n  " + std::string(verb.example()) + "\n";
}

std::string markdown(std::span<const std::unique_ptr<Verb>> verbs) {
  std::string text =
      "# The command line\n\n<!-- Written by `litesmith help --markdown`; a test keeps it "
      "current. -->\n\n" +
      std::string(kTitle) +
      ". Data goes to stdout, everything else to stderr.\n\n| exit code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : kExitCodes) {
    text += "| " + std::string(code) + " | " + std::string(meaning) + " |\n";
  }
  for (const auto& verb : verbs) {
    text += "\n## " + std::string(verb->name()) + "\n\n" + std::string(verb->summary()) +
            ".\n\n    " + usage(*verb) + "\n\n| option | meaning |\n|---|---|\n";
    for (const Option& option : verb->options()) {
      text += "| `" + signature(option) + "` | " + description(option) + " |\n";
    }
    if (!verb->details().empty()) text += "\n" + std::string(verb->details()) + "\n";
    text += "\nExample:\n\n    " + std::string(verb->example()) + "\n";
  }
  return text;
}

}  // namespace litesmith::cli
