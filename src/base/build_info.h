// Which litesmith this is: what --version prints and reports name.
#pragma once

#include <string_view>

namespace litesmith {

std::string_view version();   // "0.1.0"
std::string_view commit();    // of the source tree, "+" behind it when files were changed
std::string_view compiler();  // "GCC 12.2.0"

}  // namespace litesmith
