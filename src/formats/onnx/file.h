// An ONNX file as plain structures: the part of onnx.proto that a trained network needs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_bytes.h"
#include "ir/buffer.h"
#include "ir/dtype.h"
#include "ir/shape.h"

namespace litesmith::onnx {

// TensorProto as it stands in the file; its elements in one of several places.
struct TensorData {
  std::string name;
  int32_t type = 0;  // TensorProto.DataType
  std::vector<int64_t> dims;
  std::optional<std::span<const std::byte>> raw;
  std::vector<float> floats;
  std::vector<int64_t> integers;  // of every type but float and double
  std::vector<double> doubles;
  bool external = false;
  std::map<std::string, std::string> location;  // of external data: location, offset, length
};

struct Attribute {
  std::string name;
  int32_t type = 0;  // AttributeProto.AttributeType
  float number = 0;
  int64_t integer = 0;
  std::string text;
  std::optional<TensorData> tensor;
  std::vector<float> numbers;
  std::vector<int64_t> integers;
  std::vector<std::string> texts;
  bool refers = false;  // to an attribute of a function, which has no value here
};

struct Node {
  std::string name;
  std::string op_type;
  std::string domain;
  std::vector<std::string> inputs;  // an empty name: absent
  std::vector<std::string> outputs;
  std::vector<Attribute> attributes;

  const Attribute* find(std::string_view name) const;
  // For messages: "node 'conv1' (Conv)".
  std::string label() const;
};

struct Dimension {
  std::optional<int64_t> size;
  std::string symbol;
};

struct ValueInfo {
  std::string name;
  int32_t type = 0;  // TensorProto.DataType; 0: no tensor
  std::optional<std::vector<Dimension>> shape;
};

struct File {
  int64_t ir_version = 0;
  std::string producer;
  std::map<std::string, int64_t> opsets;  // by domain; "" is ONNX's own
  std::vector<std::string> functions;     // names of the model's own operators
  std::string graph_name;
  bool has_graph = false;
  std::vector<Node> nodes;
  std::vector<TensorData> initializers;
  std::vector<std::string> sparse_initializers;
  std::vector<ValueInfo> inputs;
  std::vector<ValueInfo> outputs;
};

// Throws Error(format) for bytes that are no ONNX model. The result points into `bytes`.
File parse(std::span<const std::byte> bytes);
// True when the bytes may be an ONNX model: they begin as a serialized ModelProto does and hold
// fields of it alone.
bool looks_like_onnx(std::span<const std::byte> bytes);

// The type of a tensor here; half floats and doubles become float32. Nothing for types that
// litesmith does not have (strings, complex numbers, less than eight bits).
std::optional<DType> to_dtype(int32_t type);
std::string type_name(int32_t type);

}  // namespace litesmith::onnx
