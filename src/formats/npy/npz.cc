#include "formats/npy/npz.h"

#include "base/error.h"
#include "formats/zip/zip.h"

namespace litesmith {
namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr uint64_t kUnpackedLimit = uint64_t{1} << 30;

std::vector<NamedArray> read_archive(const ZipArchive& archive) {
  std::vector<NamedArray> arrays;
  for (const ZipArchive::Member& member : archive.members()) {
    if (!member.name.ends_with(kSuffix)) continue;
    const std::string name = member.name.substr(0, member.name.size() - kSuffix.size());
    if (member.method != 0 && member.size > kUnpackedLimit) {
      throw Error(
          ErrorCode::unsupported,
          "array '" + name + "' would unpack to " + std::to_string(member.size) +
              " bytes of memory; save it uncompressed (np.savez), so that it can be mapped");
    }
    const uint64_t limit = member.method == 0 ? UINT64_MAX : kUnpackedLimit;
    arrays.push_back({name, with_context("array '" + name + "'",
                                         [&] { return parse_npy(archive.read(member, limit)); })});
  }
  if (arrays.empty()) throw Error(ErrorCode::format, "the archive holds no arrays");
  return arrays;
}

}  // namespace

std::vector<NamedArray> read_arrays(const std::filesystem::path& path) {
  return read_arrays(SharedBytes::map(path), path.string());
}

std::vector<NamedArray> read_arrays(SharedBytes file, const std::string& name) {
  return with_context("while reading '" + name + "'", [&]() -> std::vector<NamedArray> {
    if (!ZipArchive::looks_like_zip(file.bytes)) return {{"", parse_npy(file)}};
    return read_archive(ZipArchive(std::move(file), name));
  });
}

}  // namespace litesmith
