// inspect's summary as JSON.
#pragma once

#include <string>

#include "inspect/summary.h"

namespace litesmith {

std::string to_json(const Summary& summary);

}  // namespace litesmith
