// Writing files into memory, and damaging them.
#pragma once

#include <cstring>
#include <vector>

#include "formats/tflite/file.h"

namespace litesmith::testing {

inline std::vector<std::byte> write(const tflite::File& file) {
  std::vector<std::byte> bytes;
  tflite::write_file(file, [&](std::span<const std::byte> part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  });
  return bytes;
}

}  // namespace litesmith::testing
