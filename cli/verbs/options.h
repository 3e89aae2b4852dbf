// Options that several verbs take.
#pragma once

#include "runtime/arithmetic.h"
#include "verb.h"

namespace litesmith::cli {

inline Option arithmetic_option(std::string* target) {
  return {.name = "--arithmetic",
          .value = "NAME",
          .help = "Whose integer arithmetic; litert when not given",
          .target = target,
          .choices = {std::string(to_string(Arithmetic::reference)),
                      std::string(to_string(Arithmetic::builtin)),
                      std::string(to_string(Arithmetic::litert))}};
}

inline Option threads_option(uint64_t* target) {
  return {.name = "--threads",
          .value = "N",
          .help = "Threads; all the machine has when not given. Results do not depend on it",
          .target = target};
}

inline Option json_option(bool* target) {
  return {.name = "--json", .value = "", .help = "Print JSON", .target = target};
}

}  // namespace litesmith::cli
