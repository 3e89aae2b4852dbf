// How long work reports on itself and can be stopped.
#pragma once

#include <cstddef>
#include <string_view>

#include "litesmith/progress.h"

namespace litesmith {

// Calls `progress` when there is one; throws Error(cancelled) when it returns false.
void report(const Progress& progress, std::string_view stage, size_t done, size_t total);

}  // namespace litesmith
