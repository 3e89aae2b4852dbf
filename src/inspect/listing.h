// A .tflite file as operators and the tensors they take and make, with every index checked: what
// can be judged of a file whether or not litesmith understands its operators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/tflite/file.h"
#include "ir/graph.h"

namespace litesmith {

struct ListedTensor {
  std::string name;
  std::optional<DType> dtype = {};  // nothing for a type that is newer than this program
  Shape shape = {};                 // the signature's, where the file has one
  Quantization quantization = {};
  bool has_other_quantization = false;  // by blocks or several dimensions, not read into the above
  bool is_constant = false;
  bool is_variable = false;
  bool is_sparse = false;
  size_t constant_bytes = 0;
  uint32_t buffer = 0;
};

struct ListedOp {
  static constexpr int32_t kAbsent = -1;  // an operand left out, or one that is no tensor

  int32_t code = 0;  // BuiltinOperator
  std::string name;  // "CONV_2D"; of a custom op its own name
  bool is_custom = false;
  int32_t version = 1;
  std::vector<int32_t> inputs = {};
  std::vector<int32_t> outputs = {};
};

struct ListedGraph {
  std::string name;
  std::vector<ListedTensor> tensors = {};
  std::vector<ListedOp> ops = {};
  std::vector<int32_t> inputs = {};
  std::vector<int32_t> outputs = {};

  // Null for an absent operand.
  const ListedTensor* tensor(int32_t index) const {
    return index < 0 ? nullptr : &tensors[static_cast<size_t>(index)];
  }
};

// One for each subgraph.
using Listing = std::vector<ListedGraph>;

Listing list(const tflite::File& file);

// The indices of tensors that no operator, interface, signature or scales by blocks of the file
// name.
std::vector<size_t> unused_tensors(const tflite::File& file, size_t subgraph);

}  // namespace litesmith
