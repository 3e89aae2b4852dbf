// Files: read by mapping, written to a temporary name and renamed when whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace litesmith {

// A file mapped for reading. The bytes live as long as any copy of the pointer.
class MappedFile {
 public:
  // Throws Error(io) naming the path: missing, a folder, not readable.
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::filesystem::path& path() const { return path_; }

 private:
  MappedFile() = default;
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

// A file that appears under its final name only when it is whole: bytes go to a temporary file in
// the same folder, commit() flushes and renames it, the destructor of an uncommitted one removes
// it.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  void commit();

 private:
  friend void commit_all(std::span<AtomicFile* const> files);
  void fail(std::string_view doing, int code) const;
  void flush();    // to the disk
  void publish();  // under its final name
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

// Commits several files that belong together: all bytes are on the disk before the first one gets
// its name, and a name that was new is taken away again when a later one cannot be given.
void commit_all(std::span<AtomicFile* const> files);

// Writes a whole file through AtomicFile.
void write_file(const std::filesystem::path& path, std::string_view text);
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace litesmith
