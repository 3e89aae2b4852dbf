#include "formats/zip/zip.h"

#include <minizip/unzip.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>

#include "base/error.h"

namespace litesmith {
namespace {

// minizip reads through these: a stream is a position in the archive's bytes.
struct MemoryStream {
  std::span<const std::byte> bytes;
  uint64_t position = 0;
  bool ran_out = false;
};

MemoryStream& stream_of(voidpf stream) { return *static_cast<MemoryStream*>(stream); }

voidpf open_stream(voidpf opaque, const void*, int) { return opaque; }

uLong read_stream(voidpf, voidpf stream, void* out, uLong size) {
  MemoryStream& source = stream_of(stream);
  const uint64_t count = std::min<uint64_t>(size, source.bytes.size() - source.position);
  if (count > 0) std::memcpy(out, source.bytes.data() + source.position, count);
  source.position += count;
  source.ran_out = count < size;
  return static_cast<uLong>(count);
}

uLong write_stream(voidpf, voidpf, const void*, uLong) { return 0; }

ZPOS64_T tell_stream(voidpf, voidpf stream) { return stream_of(stream).position; }

long seek_stream(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  MemoryStream& source = stream_of(stream);
  const uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? source.position
                        : origin == ZLIB_FILEFUNC_SEEK_END ? source.bytes.size()
                                                           : 0;
  // minizip asks for positions taken from the file; one outside it must fail, sums included.
  if (offset > source.bytes.size() - base) return -1;
  source.position = base + offset;
  return 0;
}

int close_stream(voidpf, voidpf) { return 0; }
// To minizip the end of the file is no error by itself: fields that are not there read as zero.
int stream_error(voidpf, voidpf stream) { return stream_of(stream).ran_out ? 1 : 0; }

// minizip's handle over the archive, closed with its scope. Each read makes its own, so that a
// ZipArchive can be read from several threads.
class Handle {
 public:
  explicit Handle(std::span<const std::byte> bytes) : stream_{bytes} {
    zlib_filefunc64_def functions = {.zopen64_file = open_stream,
                                     .zread_file = read_stream,
                                     .zwrite_file = write_stream,
                                     .ztell64_file = tell_stream,
                                     .zseek64_file = seek_stream,
                                     .zclose_file = close_stream,
                                     .zerror_file = stream_error,
                                     .opaque = &stream_};
    file_ = unzOpen2_64("", &functions);
  }
  ~Handle() {
    if (file_ != nullptr) unzClose(file_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  unzFile get() const { return file_; }

 private:
  MemoryStream stream_;
  unzFile file_ = nullptr;
};

[[noreturn]] void fail(const std::string& archive, const std::string& why) {
  throw Error(ErrorCode::format, "zip archive '" + archive + "' " + why);
}

// Names that would land outside the folder an archive is unpacked into. We unpack nothing, but who
// wrote such a name meant harm, and the next tool may unpack.
bool is_dangerous(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != name.npos ||
      name.find('\0') != name.npos || (name.size() > 1 && name[1] == ':')) {
    return true;
  }
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('/', begin), name.size());
    if (name.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

// The upper half of the attributes is a Unix mode when the entry says it was made there.
bool is_link(const unz_file_info64& info) {
  constexpr uLong kMadeOnUnix = 3;
  constexpr uLong kFileTypeMask = 0170000;
  constexpr uLong kSymbolicLink = 0120000;
  return info.version >> 8 == kMadeOnUnix &&
         ((info.external_fa >> 16) & kFileTypeMask) == kSymbolicLink;
}

// An end-of-directory record and nothing else; minizip takes its position, 0, for "not found".
bool is_empty_archive(std::span<const std::byte> bytes) {
  constexpr size_t kEndRecord = 22;
  return bytes.size() == kEndRecord && std::memcmp(bytes.data(), "PK\5\6", 4) == 0;
}

// Part by part, so that a mapped file need not lie in memory whole.
uint32_t checksum(const SharedBytes& contents) {
  constexpr size_t kPart = size_t{1} << 20;
  uLong crc = 0;
  for (size_t first = 0; first < contents.size(); first += kPart) {
    const auto bytes = contents.bytes.subspan(first, std::min(kPart, contents.size() - first));
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    contents.part(bytes).let_go();
  }
  return static_cast<uint32_t>(crc);
}

}  // namespace

bool ZipArchive::looks_like_zip(std::span<const std::byte> bytes) {
  return bytes.size() >= 4 && (std::memcmp(bytes.data(), "PK\3\4", 4) == 0 ||
                               std::memcmp(bytes.data(), "PK\5\6", 4) == 0);
}

ZipArchive ZipArchive::open(const std::filesystem::path& path) {
  return ZipArchive(SharedBytes::map(path), path.string());
}

ZipArchive::ZipArchive(SharedBytes bytes, std::string name)
    : bytes_(std::move(bytes)), name_(std::move(name)) {
  if (is_empty_archive(bytes_.bytes)) return;
  const Handle handle(bytes_.bytes);
  if (handle.get() == nullptr) {
    fail(name_, "has no readable directory: it is truncated, or no zip archive");
  }
  std::set<std::string, std::less<>> names;
  uint64_t stored_bytes = 0;
  std::string name_buffer(UINT16_MAX + 1, '\0');
  int status = unzGoToFirstFile(handle.get());
  for (; status == UNZ_OK; status = unzGoToNextFile(handle.get())) {
    unz_file_info64 info{};
    unz64_file_pos position{};
    if (unzGetCurrentFileInfo64(handle.get(), &info, name_buffer.data(), name_buffer.size(),
                                nullptr, 0, nullptr, 0) != UNZ_OK ||
        unzGetFilePos64(handle.get(), &position) != UNZ_OK) {
      fail(name_, "has a damaged directory");
    }
    std::string member_name = name_buffer.substr(0, info.size_filename);
    if (is_dangerous(member_name)) {
      fail(name_, "holds the path '" + member_name + "', which leads outside the archive");
    }
    if (is_link(info)) fail(name_, "holds a link, '" + member_name + "'");
    if (member_name.ends_with('/')) continue;
    if (!names.insert(member_name).second) fail(name_, "holds '" + member_name + "' twice");
    // Members that share bytes make a small file unpack to a huge one.
    if (__builtin_add_overflow(stored_bytes, info.compressed_size, &stored_bytes) ||
        stored_bytes > bytes_.size()) {
      fail(name_, "claims more data than it has: it is truncated, or its members overlap");
    }
    members_.push_back({.name = std::move(member_name),
                        .size = info.uncompressed_size,
                        .stored_size = info.compressed_size,
                        .crc = static_cast<uint32_t>(info.crc),
                        .method = static_cast<uint16_t>(info.compression_method),
                        .encrypted = (info.flag & 1) != 0,
                        .directory_position = position.pos_in_zip_directory});
  }
  if (status != UNZ_END_OF_LIST_OF_FILE) fail(name_, "has a damaged directory");
}

const ZipArchive::Member* ZipArchive::find(std::string_view member_name) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& member) { return member.name == member_name; });
  return found == members_.end() ? nullptr : &*found;
}

SharedBytes ZipArchive::read(const Member& member, uint64_t limit) const {
  const std::string what = "'" + member.name + "' in zip archive '" + name_ + "'";
  auto refuse = [&](ErrorCode code, const std::string& why) {
    throw Error(code, what + " " + why);
  };
  if (member.encrypted) refuse(ErrorCode::unsupported, "is encrypted");
  if (member.method != 0 && member.method != Z_DEFLATED) {
    refuse(ErrorCode::unsupported, "is packed by method " + std::to_string(member.method) +
                                       "; only stored and deflated members can be read");
  }
  if (member.size > limit) {
    refuse(ErrorCode::unsupported, "is " + std::to_string(member.size) +
                                       " bytes long, more than the " + std::to_string(limit) +
                                       " that make sense here");
  }
  // Trained weights hardly shrink; what grows a hundredfold from a small file is a bomb.
  constexpr uint64_t kHarmless = uint64_t{64} << 20;
  constexpr uint64_t kMostGrowth = 100;
  if (member.size > kHarmless && member.size / kMostGrowth > member.stored_size) {
    refuse(ErrorCode::unsupported, "would unpack to " + std::to_string(member.size) +
                                       " bytes from " + std::to_string(member.stored_size) +
                                       "; such archives are refused");
  }

  const Handle handle(bytes_.bytes);
  const unz64_file_pos position = {.pos_in_zip_directory = member.directory_position,
                                   .num_of_file = 0};
  if (handle.get() == nullptr || unzGoToFilePos64(handle.get(), &position) != UNZ_OK ||
      unzOpenCurrentFile(handle.get()) != UNZ_OK) {
    refuse(ErrorCode::format, "is damaged: its header does not agree with the directory");
  }
  if (member.method == 0) {
    const uint64_t begin = unzGetCurrentFileZStreamPos64(handle.get());
    if (member.size != member.stored_size || begin > bytes_.size() ||
        member.size > bytes_.size() - begin) {
      refuse(ErrorCode::format, "is truncated");
    }
    SharedBytes view = bytes_.part(bytes_.bytes.subspan(begin, member.size));
    if (checksum(view) != member.crc) refuse(ErrorCode::format, "is damaged (checksum)");
    return view;
  }
  std::vector<std::byte> contents(member.size);
  size_t filled = 0;
  while (filled < contents.size()) {
    constexpr size_t kChunk = size_t{1} << 30;
    const auto count = static_cast<unsigned>(std::min(contents.size() - filled, kChunk));
    const int got = unzReadCurrentFile(handle.get(), contents.data() + filled, count);
    if (got <= 0) refuse(ErrorCode::format, "is damaged or truncated");
    filled += static_cast<size_t>(got);
  }
  SharedBytes unpacked = SharedBytes::take(std::move(contents));
  if (checksum(unpacked) != member.crc) refuse(ErrorCode::format, "is damaged (checksum)");
  return unpacked;
}

}  // namespace litesmith
