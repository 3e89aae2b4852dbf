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

// What a descriptor becomes: closed with all bytes written; renamed (or never opened).
constexpr int kFlushed = -2;
constexpr int kDone = -1;

std::string reason(int code) { return std::generic_category().message(code); }

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  auto fail = [&](const std::string& why) {
    throw Error(ErrorCode::io, "cannot read '" + path.string() + "': " + why);
  };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
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

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  // The process id and a counter keep two writers apart; the name never reaches any output.
  static std::atomic<unsigned> counter{0};
  temporary_ = path_;
  temporary_ += ".tmp" + std::to_string(::getpid()) + "." + std::to_string(counter++);
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored)) fail("write", EISDIR);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create", errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ == kDone) return;
  if (descriptor_ != kFlushed) ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(std::string_view doing, int code) const {
  throw Error(ErrorCode::io,
              "cannot " + std::string(doing) + " '" + path_.string() + "': " + reason(code));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
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
  // fsync finds the full disk that write() did not.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("write", errno);
  const int descriptor = descriptor_;
  descriptor_ = kFlushed;
  if (::close(descriptor) != 0) fail("write", errno);
}

void AtomicFile::publish() {
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("write", errno);
  descriptor_ = kDone;
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
