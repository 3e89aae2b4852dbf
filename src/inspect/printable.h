// Names from files, as a terminal may show them.
#pragma once

#include <string>

namespace litesmith {

// What could steer a terminal becomes a dot.
inline std::string printable(std::string name) {
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '.';
  }
  return name;
}

}  // namespace litesmith
