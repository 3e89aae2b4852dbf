#include "version.h"

#include "base/build_info.h"
#include "base/cpu_features.h"

namespace litesmith::cli {

std::string version_text() {
  return "litesmith " + std::string(version()) + "\ncommit " + std::string(commit()) +
         "\ncompiler " + std::string(compiler()) + "\ninstruction set " +
         std::string(to_string(default_isa())) + "\n";
}

}  // namespace litesmith::cli
