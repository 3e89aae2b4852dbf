// One maker a verb; each is defined in the verb's own file.
#pragma once

#include <memory>

#include "verb.h"

namespace litesmith::cli {

std::unique_ptr<Verb> make_optimize();
std::unique_ptr<Verb> make_convert();
std::unique_ptr<Verb> make_compare();
std::unique_ptr<Verb> make_evaluate();
std::unique_ptr<Verb> make_run();
std::unique_ptr<Verb> make_benchmark();
std::unique_ptr<Verb> make_inspect();
std::unique_ptr<Verb> make_lint();
std::unique_ptr<Verb> make_analyze();
std::unique_ptr<Verb> make_help();

}  // namespace litesmith::cli
