// What a verb of the command line is: a text, options bound to its members, and what it does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "console.h"

namespace litesmith::cli {

// Where an option's value goes. bool: a switch without a value.
using Target =
    std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*,
                 uint64_t*, std::optional<uint64_t>*, std::optional<double>*>;

struct Option {
  std::string name;   // "--out", "-o,--output", or "MODEL" for an argument told by its position
  std::string value;  // what help calls the value ("FILE"); empty for a switch
  std::string help;
  Target target;
  bool required = false;
  std::vector<std::string> choices = {};  // all values allowed, when not empty

  bool positional() const { return name.front() != '-'; }
};

class Verb {
 public:
  virtual ~Verb() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view summary() const = 0;  // one line, a sentence without a full stop
  virtual std::string_view details() const { return ""; }
  virtual std::string_view example() const = 0;
  virtual std::vector<Option> options() = 0;
  // Does the work. Throws Error.
  virtual void run(Console& console) = 0;
  // After run: false when the verb judged something and it did not pass; the exit code is then 1.
  virtual bool passed() const { return true; }
};

// Every verb, in the order help lists them.
std::vector<std::unique_ptr<Verb>> all_verbs();

}  // namespace litesmith::cli
