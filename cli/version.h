// What this program is: version, commit, compiler, and the instruction set it runs with.
#pragma once

#include <string>

namespace litesmith::cli {

std::string version_text();

}  // namespace litesmith::cli
