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
  // Throws Error(io) naming the path: missing, a folder, a pipe or device, not readable.
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

// Takes the whole pages among these bytes of a mapped file out of memory; they can be read as
// before, from the file.
void drop_pages(std::span<const std::byte> mapped);

// A file that appears under its final name only when it is whole: bytes go to a temporary file in
// the same folder, commit() flushes and renames it, the destructor of an uncommitted one removes
// it. A name that is a symbolic link stays one: what it points to is replaced. What is no regular
// file, such as a pipe or /dev/full, cannot be renamed over and is written to directly.
//
// A process that runs under a file size limit must ignore SIGXFSZ, or the system ends it in the
// middle of write(), temporary file and all.
class AtomicFile {
 public:
  // Throws Error(io) naming the path, as write() and commit() do.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  // Where the bytes lie until commit(), for whoever wants to check them before.
  const std::filesystem::path& written_to() const {
    return temporary_.empty() ? target_ : temporary_;
  }
  void commit();

 private:
  friend void commit_all(std::span<AtomicFile* const> files);
  void fail(std::string_view doing, int code) const;
  void flush();    // to the disk
  void publish();  // under its final name
  std::filesystem::path path_;
  std::filesystem::path target_;     // what `path_` leads to
  std::filesystem::path temporary_;  // empty when renamed, or when the target is written to itself
  int descriptor_ = -1;
};

// Commits several files that belong together: all bytes are on the disk before the first one gets
// its name, and a name that was new is taken away again when a later one cannot be given.
void commit_all(std::span<AtomicFile* const> files);

// Writes a whole file through AtomicFile.
void write_file(const std::filesystem::path& path, std::string_view text);
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace litesmith
