#include "formats/onnx/read.h"

#include "base/error.h"
#include "formats/onnx/build.h"
#include "formats/onnx/constant.h"
#include "formats/onnx/file.h"
#include "formats/onnx/patterns.h"

namespace litesmith {
namespace {

Model read(const SharedBytes& bytes, const std::string& name,
           std::optional<std::filesystem::path> folder, const OnnxOptions& options) {
  if (bytes.size() == 0) throw Error(ErrorCode::format, "it is empty");
  onnx::File file = onnx::parse(bytes.bytes);
  onnx::ConstantReader constants(bytes, std::move(folder));
  onnx::recognise_gelu(file, constants);
  onnx::forget_unread_outputs(file);
  Model model = onnx::build_model(file, constants, options, bytes.size());
  model.source = name;
  return model;
}

}  // namespace

Model read_onnx(const std::filesystem::path& path, const OnnxOptions& options) {
  return with_context("reading '" + path.string() + "'", [&] {
    const auto folder = std::filesystem::absolute(path).parent_path();
    return read(SharedBytes::map(path), path.filename().string(), folder, options);
  });
}

Model read_onnx(const SharedBytes& bytes, const std::string& name, const OnnxOptions& options) {
  return read(bytes, name, std::nullopt, options);
}

}  // namespace litesmith
