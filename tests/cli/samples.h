// Models and data to call the program with.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "testing/temporary_folder.h"
#include "testing/text.h"

namespace litesmith {

// A folder with good files, for rows that spoil one of them:
//   net.tflite        float scores of 3 classes are its features [?, 3, 1]
//   x.npy             40 samples for it, y.npy their labels
//   wake_word.keras   the example that ships with litesmith
//   features.npy      20 samples for it, labels.npy their labels
class Samples {
 public:
  Samples();

  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }
  const std::filesystem::path& path() const { return folder_.path(); }
  void write(const std::string& name, const std::string& bytes) const;
  // The .keras archive with one member replaced, or left out when `bytes` is empty.
  void write_keras(const std::string& name, const std::string& member,
                   const std::string& bytes) const;
  std::string keras_member(const std::string& member) const;

 private:
  TemporaryFolder folder_;
};

// A .npy file's bytes.
std::string npy(const std::string& descr, const std::string& shape, const std::string& data);

}  // namespace litesmith
