// A benchmark's figures as text and JSON.
#pragma once

#include <string>
#include <string_view>

#include "benchmark/run_benchmark.h"

namespace litesmith {

std::string to_text(const BenchmarkFigures& figures);
// docs/performance.md describes the fields.
std::string to_json(const BenchmarkFigures& figures, std::string_view file);

}  // namespace litesmith
