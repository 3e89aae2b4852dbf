// One maker a verb; each is defined in the verb's own file.
#pragma once

#include <memory>

#include "verb.h"

namespace litesmith::cli {

std::unique_ptr<Verb> make_run();
std::unique_ptr<Verb> make_help();

}  // namespace litesmith::cli
