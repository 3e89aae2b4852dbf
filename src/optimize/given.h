// What the caller has: a file by its path, or the thing itself, read already.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace litesmith {

template <class T>
class Given {
 public:
  Given() = default;
  Given(std::filesystem::path path) : path_(std::move(path)) {}
  Given(std::string path) : path_(std::move(path)) {}
  Given(const char* path) : path_(path) {}
  // `name` is what messages and reports call it.
  Given(T value, std::string name) : path_(std::move(name)), value_(std::move(value)) {}

  // The file, or the name of what is in memory.
  const std::filesystem::path& path() const { return path_; }
  bool in_memory() const { return value_.has_value(); }

  // The thing itself, from `read` when there is only a path.
  template <class Read>
  T get(Read&& read) const {
    return value_ ? *value_ : read(path_);
  }

 private:
  std::filesystem::path path_;
  std::optional<T> value_;
};

}  // namespace litesmith
