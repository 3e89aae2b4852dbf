#include "formats/zip/write.h"

#include <minizip/zip.h>

#include <algorithm>

#include "base/error.h"

namespace litesmith {
namespace {

// minizip writes through these: a stream is a growing string and a position in it.
struct GrowingStream {
  std::string bytes;
  uint64_t position = 0;
};

GrowingStream& stream_of(voidpf stream) { return *static_cast<GrowingStream*>(stream); }

voidpf open_stream(voidpf opaque, const void*, int) { return opaque; }

uLong read_stream(voidpf, voidpf, void*, uLong) { return 0; }

uLong write_stream(voidpf, voidpf stream, const void* from, uLong size) {
  GrowingStream& target = stream_of(stream);
  target.bytes.resize(std::max<uint64_t>(target.bytes.size(), target.position + size));
  target.bytes.replace(target.position, size, static_cast<const char*>(from), size);
  target.position += size;
  return size;
}

ZPOS64_T tell_stream(voidpf, voidpf stream) { return stream_of(stream).position; }

long seek_stream(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  GrowingStream& target = stream_of(stream);
  if (origin == ZLIB_FILEFUNC_SEEK_CUR) offset += target.position;
  if (origin == ZLIB_FILEFUNC_SEEK_END) offset += target.bytes.size();
  if (offset > target.bytes.size()) return -1;
  target.position = offset;
  return 0;
}

int nothing(voidpf, voidpf) { return 0; }

void require(int status) { check(status == ZIP_OK, "minizip could not write to memory"); }

}  // namespace

std::string zip_of(std::span<const ZipMember> members) {
  GrowingStream stream;
  zlib_filefunc64_def functions = {open_stream, read_stream, write_stream, tell_stream,
                                   seek_stream, nothing,     nothing,      &stream};
  zipFile archive = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &functions);
  check(archive != nullptr, "minizip could not open memory");
  for (const ZipMember& member : members) {
    size_t size = 0;
    for (const auto piece : member.pieces) size += piece.size();
    zip_fileinfo info{};
    info.dosDate = 0x00210000;  // 1 January 1980, the earliest there is
    const int is_large = size >= 0xffffffff ? 1 : 0;
    constexpr int kStored = 0;
    require(zipOpenNewFileInZip64(archive, member.name.c_str(), &info, nullptr, 0, nullptr, 0,
                                  nullptr, kStored, 0, is_large));
    for (auto rest : member.pieces) {
      while (!rest.empty()) {
        const size_t count = std::min<size_t>(rest.size(), size_t{1} << 30);
        require(zipWriteInFileInZip(archive, rest.data(), static_cast<unsigned>(count)));
        rest = rest.subspan(count);
      }
    }
    require(zipCloseFileInZip(archive));
  }
  require(zipClose(archive, nullptr));
  return std::move(stream.bytes);
}

}  // namespace litesmith
