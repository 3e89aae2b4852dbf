// The folder that results go to: made when missing, taken away again when the work fails.
#pragma once

#include <filesystem>

namespace litesmith {

class OutputFolder {
 public:
  // Throws Error(io) when the path is no folder and none can be made.
  explicit OutputFolder(std::filesystem::path path);
  // Removes a folder that this object made, when it is empty and was not kept.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void keep() { made_.clear(); }

 private:
  std::filesystem::path path_;
  std::filesystem::path whole_;  // the same, absolute
  std::filesystem::path made_;   // the highest folder that was missing, empty when none was
};

}  // namespace litesmith
