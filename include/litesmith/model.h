// A trained network or a LiteRT file: opened, looked at, saved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "litesmith/array.h"
#include "litesmith/dtype.h"

namespace litesmith::api {

// real = scale * (quantized - zero_point); several scales run along `dimension`.
struct QuantizationInfo {
  std::vector<float> scales = {};
  std::vector<int64_t> zero_points = {};
  int32_t dimension = 0;
};

// A tensor as LiteRT's interpreter reports it.
struct TensorInfo {
  size_t index = 0;
  std::string name = {};
  std::optional<DType> dtype = {};  // nothing: a type newer than this program
  std::vector<int32_t> shape = {};
  std::vector<int32_t> shape_signature = {};  // the same with -1 where a dimension is free
  QuantizationInfo quantization = {};
  bool is_constant = false;
  bool is_variable = false;
};

struct OpInfo {
  std::string name;             // "CONV_2D"; of a custom op, its own name
  std::vector<int32_t> inputs;  // tensor indices, -1 for an optional one left out
  std::vector<int32_t> outputs;
};

struct SignatureInfo {
  struct Entry {
    std::string name;
    size_t tensor;
  };
  std::string key;
  size_t subgraph = 0;
  std::vector<Entry> inputs;
  std::vector<Entry> outputs;
};

// Cheap to copy and immutable. A LiteRT file is shown as it is stored, even when it holds operators
// that litesmith cannot run; a trained network as the float LiteRT file that it becomes.
class Model {
 public:
  // "wake_word.keras"; what messages and reports call it.
  const std::string& source() const;
  // True for the content of a .tflite file, false for a trained network not yet converted.
  bool is_tflite() const;

  size_t subgraph_count() const;
  // The functions throw Error(usage) for a subgraph or tensor that is not there.
  std::vector<TensorInfo> tensors(size_t subgraph = 0) const;
  std::vector<OpInfo> ops(size_t subgraph = 0) const;
  std::vector<size_t> inputs(size_t subgraph = 0) const;
  std::vector<size_t> outputs(size_t subgraph = 0) const;
  std::vector<SignatureInfo> signatures() const;
  // The elements of a constant, empty for other tensors. They live as long as any copy of the
  // model.
  std::span<const std::byte> constant(size_t tensor, size_t subgraph = 0) const;

  // The bytes of the .tflite file.
  std::span<const std::byte> bytes() const;
  // Writes them, whole or not at all. Throws Error(io).
  void save(const std::filesystem::path& path) const;

  struct State;
  explicit Model(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  const State& state() const { return *state_; }

 private:
  std::shared_ptr<const State> state_;
};

// How a [batch, channels, length] input of an ONNX model is to lie in the LiteRT file.
enum class SequenceInput : uint8_t { ncl, nlc };

// What an ONNX model leaves open; other formats leave nothing.
struct LoadOptions {
  // Required for models that convolve a rank-3 input.
  std::optional<SequenceInput> sequence_input = {};
  // Images stay [batch, channels, height, width] at inputs and outputs, behind transposes.
  bool keep_nchw_input = false;
  // Sizes of dimensions without one, by their names; one without a name is "<input>:<axis>".
  std::vector<std::pair<std::string, int32_t>> dimensions = {};
};

// A .keras, .h5, .onnx or .tflite file. Throws Error(io, format or unsupported) naming the path.
//
//   const api::Model model = api::load("wake_word.keras");
//   model.save("wake_word.float32.tflite");
Model load(const std::filesystem::path& path, const LoadOptions& options = {});
// The bytes of such a file; `name` is what messages call them.
Model load(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, std::string name,
           const LoadOptions& options = {});
// A Keras model that lives in memory: `config` is the text of an archive's config.json, `weights`
// are arrays named by their path in the archive ("layers/dense_1/vars/0"), real numbers as float32,
// `keras_major` is Keras's major version.
Model load_keras(std::string_view config, const std::vector<Array>& weights, int keras_major,
                 std::string name);

}  // namespace litesmith::api
