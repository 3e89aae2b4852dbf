// Immutable bytes, shared: copying a Buffer, and so a Model, copies no data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/shared_bytes.h"

namespace litesmith {

class Buffer {
 public:
  Buffer() = default;

  // Takes a copy of `elements`.
  template <class T>
  static Buffer of(std::span<const T> elements) {
    auto owner = std::make_shared<std::vector<T>>(elements.begin(), elements.end());
    const auto bytes = std::as_bytes(std::span<const T>(*owner));
    return Buffer(bytes, std::move(owner));
  }
  template <class T>
  static Buffer of(const std::vector<T>& elements) {
    return of(std::span<const T>(elements));
  }

  template <class T>
  static Buffer take(std::vector<T>&& elements) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(elements));
    const auto bytes = std::as_bytes(std::span<const T>(*owner));
    return Buffer(bytes, std::move(owner));
  }

  // Bytes that live as long as `owner`, such as a mapped file's (`mapped`). Copies them when they
  // are not aligned for 8-byte elements (only damaged or hand-made files are).
  static Buffer view(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                     bool mapped = false) {
    if (reinterpret_cast<uintptr_t>(bytes.data()) % 8 == 0) {
      return Buffer(bytes, std::move(owner), mapped);
    }
    auto copy = std::make_shared<std::vector<uint64_t>>((bytes.size() + 7) / 8);
    if (!bytes.empty()) std::memcpy(copy->data(), bytes.data(), bytes.size());
    const std::span<const std::byte> aligned(reinterpret_cast<const std::byte*>(copy->data()),
                                             bytes.size());
    return Buffer(aligned, std::move(copy));
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // Says that the bytes are hardly read again: a mapped file's leave memory. They stay readable.
  void let_go() const {
    if (mapped_) drop_pages(bytes_);
  }

  // The bytes as elements; throws Error(format) when they do not divide evenly.
  template <class T>
  std::span<const T> as() const {
    if (bytes_.size() % sizeof(T) != 0) {
      throw Error(ErrorCode::format, "a constant of " + std::to_string(bytes_.size()) +
                                         " bytes does not hold whole elements of " +
                                         std::to_string(sizeof(T)) + " bytes");
    }
    return {reinterpret_cast<const T*>(bytes_.data()), bytes_.size() / sizeof(T)};
  }

 private:
  Buffer(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, bool mapped = false)
      : bytes_(bytes), owner_(std::move(owner)), mapped_(mapped) {}

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  bool mapped_ = false;
};

}  // namespace litesmith
