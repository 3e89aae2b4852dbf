#include "base/build_info.h"

#include "litesmith_commit.h"  // made by cmake/Commit.cmake whenever something is built

namespace litesmith {

std::string_view version() { return LITESMITH_VERSION; }

std::string_view commit() { return LITESMITH_COMMIT; }

std::string_view compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown compiler";
#endif
}

}  // namespace litesmith
