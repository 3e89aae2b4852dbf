#include "base/progress.h"

#include <string>

#include "base/error.h"

namespace litesmith {

void report(const Progress& progress, std::string_view stage, size_t done, size_t total) {
  if (progress && !progress(stage, done, total)) {
    throw Error(ErrorCode::cancelled, "stopped during " + std::string(stage));
  }
}

}  // namespace litesmith
