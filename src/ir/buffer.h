// Immutable bytes, shared: copying a Buffer, and so a Model, copies no data.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/shared_bytes.h"
#include "ir/recipe.h"

namespace litesmith {

class Buffer {
 public:
  Buffer() = default;

  // Takes a copy of `elements`.
  template <class T>
  static Buffer of(std::span<const T> elements) {
    return take(std::vector<T>(elements.begin(), elements.end()));
  }
  template <class T>
  static Buffer of(const std::vector<T>& elements) {
    return of(std::span<const T>(elements));
  }

  template <class T>
  static Buffer take(std::vector<T>&& elements) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(elements));
    const auto bytes = std::as_bytes(std::span<const T>(*owner));
    return Buffer({bytes, std::move(owner)});
  }

  // Bytes where they lie. Those that are not aligned for 8-byte elements are moved when they are
  // read.
  static Buffer view(SharedBytes bytes);

  // Bytes that are made when they are read. Where too many recipes follow on each other, they are
  // made at once.
  static Buffer made(std::shared_ptr<const Recipe> recipe);

  // All the bytes. Those of a recipe are made once, and kept as long as any copy of the buffer:
  // for large ones there are part() and each_part().
  std::span<const std::byte> bytes() const { return recipe_ ? recipe_->whole() : bytes_.bytes; }
  size_t size() const { return recipe_ ? recipe_->size() : bytes_.size(); }
  bool empty() const { return size() == 0; }
  // Null when the bytes lie in memory or in a file.
  const Recipe* recipe() const { return recipe_.get(); }
  // The same for copies of a buffer, and for no others that hold something.
  const void* identity() const {
    return recipe_ ? static_cast<const void*>(recipe_.get()) : bytes_.bytes.data();
  }

  // Says that the bytes are hardly read again: a mapped file's leave memory. They stay readable.
  void let_go() const {
    if (recipe_) return recipe_->let_go();
    bytes_.let_go();
  }

  // By size, then by the first byte that differs: an order to find equal ones by.
  std::strong_ordering compare(const Buffer& other) const;
  struct Less {
    bool operator()(const Buffer& a, const Buffer& b) const { return a.compare(b) < 0; }
  };

  // The bytes as elements; throws Error(format) when they do not divide evenly.
  template <class T>
  std::span<const T> as() const {
    return elements<T>(bytes());
  }

  // `count` elements from `first` on, where they lie or made in `scratch`, where they stay until it
  // is used again.
  template <class T>
  std::span<const T> part(size_t first, size_t count, std::vector<T>& scratch) const {
    check(first <= size() / sizeof(T) && count <= size() / sizeof(T) - first,
          "a part reaches beyond its buffer");
    if (!recipe_) return as<T>().subspan(first, count);
    scratch.resize(count);
    recipe_->make(first * sizeof(T), std::as_writable_bytes(std::span(scratch)));
    return scratch;
  }

  // Copies the bytes from `first` on, whole elements of them, to `out`, aligned for 8-byte
  // elements.
  void copy(size_t first, std::span<std::byte> out) const;

  // Calls visit(elements) for one part after the other.
  template <class T, class Visit>
  void each_part(Visit&& visit) const {
    if (!recipe_) return visit(as<T>());
    constexpr size_t kPartBytes = size_t{1} << 19;
    const size_t count = element_count<T>(size());
    std::vector<T> scratch;
    for (size_t first = 0; first < count; first += kPartBytes / sizeof(T)) {
      visit(part<T>(first, std::min(count - first, kPartBytes / sizeof(T)), scratch));
    }
  }

 private:
  explicit Buffer(SharedBytes bytes) : bytes_(std::move(bytes)) {}
  explicit Buffer(std::shared_ptr<const Recipe> recipe) : recipe_(std::move(recipe)) {}

  template <class T>
  static size_t element_count(size_t bytes) {
    if (bytes % sizeof(T) != 0) {
      throw Error(ErrorCode::format, "a constant of " + std::to_string(bytes) +
                                         " bytes does not hold whole elements of " +
                                         std::to_string(sizeof(T)) + " bytes");
    }
    return bytes / sizeof(T);
  }
  template <class T>
  static std::span<const T> elements(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const T*>(bytes.data()), element_count<T>(bytes.size())};
  }

  SharedBytes bytes_;
  std::shared_ptr<const Recipe> recipe_;  // instead
};

}  // namespace litesmith
