// Immutable bytes with what keeps them alive: a mapped file, a part of one, or memory of their own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/file.h"

namespace litesmith {

struct SharedBytes {
  std::span<const std::byte> bytes = {};
  std::shared_ptr<const void> owner = nullptr;
  bool mapped = false;  // all the bytes are a file's

  static SharedBytes map(const std::filesystem::path& path) {
    auto file = MappedFile::open(path);
    const auto bytes = file->bytes();
    return {bytes, std::move(file), true};
  }
  static SharedBytes take(std::vector<std::byte> bytes) {
    auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    return {*owner, owner};
  }

  size_t size() const { return bytes.size(); }
  // `some` of these bytes.
  SharedBytes part(std::span<const std::byte> some) const { return {some, owner, mapped}; }
  // Says that the bytes are hardly read again: a mapped file's leave memory. They stay readable.
  void let_go() const {
    if (mapped) drop_pages(bytes);
  }
};

}  // namespace litesmith
