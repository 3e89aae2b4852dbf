// The folder of public models and data sets that some tests use where it is present.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace litesmith {

// LITESMITH_TEST_DATA, or shared/data beside the repository; may not exist.
inline std::filesystem::path test_data() {
  if (const char* named = std::getenv("LITESMITH_TEST_DATA")) return named;
  return std::filesystem::path(LITESMITH_SOURCE_DIR) / ".." / "shared" / "data";
}

}  // namespace litesmith
