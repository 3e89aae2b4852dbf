// JSON as this program writes it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace litesmith {

// Keys stay in the order they are written.
using Json = nlohmann::ordered_json;

inline constexpr int kSchemaVersion = 1;

// Names come from files and may hold anything; what is no UTF-8 is replaced.
inline std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace litesmith
