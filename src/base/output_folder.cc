#include "base/output_folder.h"

#include <system_error>
#include <utility>

#include "base/error.h"

namespace litesmith {
namespace {

// Absolute, without ".." and without a slash at the end, so that parent_path() goes up.
std::filesystem::path plain(const std::filesystem::path& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

}  // namespace

OutputFolder::OutputFolder(std::filesystem::path path)
    : path_(std::move(path)), whole_(plain(path_)) {
  std::error_code error;
  for (auto each = whole_; !each.empty() && !std::filesystem::exists(each, error);
       each = each.parent_path()) {
    made_ = each;
  }
  std::filesystem::create_directories(path_, error);
  if (!error && !std::filesystem::is_directory(path_)) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) {
    throw Error(ErrorCode::io, "cannot make the folder '" + path_.string() +
                                   "': " + error.default_error_condition().message());
  }
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  if (made_.empty()) return;
  // Upwards as far as this object made folders, and only empty ones.
  for (auto each = whole_; std::filesystem::remove(each, ignored) && each != made_;
       each = each.parent_path()) {
  }
}

}  // namespace litesmith
