// The elements of a TensorProto, wherever the file keeps them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/shared_bytes.h"
#include "formats/onnx/file.h"
#include "ir/buffer.h"

namespace litesmith::onnx {

struct Constant {
  DType dtype = DType::float32;
  Shape shape;
  Buffer data;
};

// Decodes tensors of one file. External data are read from files beneath the model's folder alone:
// names that lead out of it, absolute ones and symbolic links are refused.
class ConstantReader {
 public:
  // Without a folder, as for a model in memory, external data cannot be had.
  ConstantReader(SharedBytes file, std::optional<std::filesystem::path> folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  // Throws Error(unsupported) for a type litesmith does not have, Error(format) when elements and
  // shape do not fit, Error(io) when external data cannot be read.
  Constant read(const TensorData& tensor);

 private:
  SharedBytes external(const TensorData& tensor);

  SharedBytes file_;  // that TensorData::raw lies in
  std::optional<std::filesystem::path> folder_;
  std::map<std::string, SharedBytes> files_;
};

}  // namespace litesmith::onnx
