// From the words of a command line to a verb with its options filled in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "verb.h"

namespace litesmith::cli {

// What the words ask for: a verb to run, or a text to print (help, version).
struct Command {
  std::unique_ptr<Verb> verb;
  std::string text;
};

// Throws Error(usage) for words that make no sense.
Command parse_command_line(const std::vector<std::string>& words);

}  // namespace litesmith::cli
