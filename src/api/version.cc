#include "litesmith/version.h"

#include "base/build_info.h"
#include "base/cpu_features.h"

namespace litesmith::api {

std::string version() { return std::string(litesmith::version()); }

std::string build_info() {
  return "commit " + std::string(commit()) + "\ncompiler " + std::string(compiler()) +
         "\ninstruction set " + std::string(to_string(default_isa())) + "\n";
}

}  // namespace litesmith::api
