#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.h"

namespace litesmith {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  auto fail = [&](const std::string& why) {
    throw Error(ErrorCode::io, "cannot read '" + path.string() + "': " + why);
  };
  // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail(reason(errno));
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } closer{descriptor};
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) fail(reason(errno));
  if (S_ISDIR(info.st_mode)) fail("it is a folder");
  if (!S_ISREG(info.st_mode)) fail("it is not a regular file");
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = path;
  file->size_ = static_cast<size_t>(info.st_size);
  if (file->size_ > 0) {
    void* data = ::mmap(nullptr, file->size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) fail(reason(errno));
    file->data_ = static_cast<const std::byte*>(data);
  }
  return file;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void drop_pages(std::span<const std::byte> mapped) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t skipped = (page - reinterpret_cast<uintptr_t>(mapped.data()) % page) % page;
  if (mapped.size() < skipped + page) return;
  const size_t size = (mapped.size() - skipped) / page * page;
  // Advice: where it is not taken, nothing is lost but memory.
  ::madvise(const_cast<std::byte*>(mapped.data()) + skipped, size, MADV_DONTNEED);
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)), target_(path_) {
  struct stat info {};
  const bool exists = ::stat(path_.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) fail("write", EISDIR);
  if (exists && !S_ISREG(info.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("write", errno);
    return;
  }
  std::error_code not_resolved;
  if (exists) target_ = std::filesystem::canonical(path_, not_resolved);
  if (not_resolved) fail("write", not_resolved.value());
  // The process id and a counter keep two writers apart; the name never reaches any output. A name
  // in the way is what a process of the same id left when it was killed.
  static std::atomic<unsigned> counter{0};
  do {
    temporary_ = target_;
    temporary_ += ".tmp" + std::to_string(::getpid()) + "." + std::to_string(counter++);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail("create", errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(std::string_view doing, int code) const {
  throw Error(ErrorCode::io,
              "cannot " + std::string(doing) + " '" + path_.string() + "': " + reason(code));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  check(descriptor_ >= 0, "nothing is written to a file after commit()");
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("write", errno);
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::flush() {
  check(descriptor_ >= 0, "a file is committed once");
  // fsync finds the full disk that write() did not. Pipes and terminals have nothing to flush.
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP) fail("write", errno);
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail("write", errno);
}

void AtomicFile::publish() {
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("write", errno);
  temporary_.clear();
}

void AtomicFile::commit() {
  flush();
  publish();
}

void commit_all(std::span<AtomicFile* const> files) {
  for (AtomicFile* file : files) file->flush();
  std::vector<std::filesystem::path> created;
  try {
    for (AtomicFile* file : files) {
      std::error_code ignored;
      const bool is_new = !std::filesystem::exists(file->path_, ignored);
      file->publish();
      if (is_new) created.push_back(file->path_);
    }
  } catch (...) {
    for (const auto& path : created) ::unlink(path.c_str());
    throw;
  }
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace litesmith
