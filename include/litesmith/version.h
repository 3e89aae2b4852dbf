// Which litesmith this is.
#pragma once

#include <string>

namespace litesmith::api {

std::string version();     // "0.1.0"
std::string build_info();  // what `litesmith --version` prints below its first line

}  // namespace litesmith::api
