// How long work reports on itself and can be stopped.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace litesmith {

// Called with the name of the stage, units done and units in all. Returning false cancels: the
// work throws Error(cancelled). An empty Progress is silent. May be called from any thread, one
// call at a time.
using Progress = std::function<bool(std::string_view stage, size_t done, size_t total)>;

}  // namespace litesmith
