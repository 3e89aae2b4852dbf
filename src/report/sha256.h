// The hash that names a file in results.json.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace litesmith {

// The lowercase hexadecimal SHA-256 of `bytes`, as `sha256sum` prints it.
std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace litesmith
