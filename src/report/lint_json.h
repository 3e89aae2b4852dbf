// lint's report as JSON.
#pragma once

#include <string>
#include <string_view>

#include "inspect/lint/lint.h"

namespace litesmith {

std::string to_json(const LintReport& report, std::string_view name);

}  // namespace litesmith
