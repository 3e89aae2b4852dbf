// What TFLite Micro's kernels ask of the arena, one function an operator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/tflite/file.h"
#include "inspect/tflm_memory/tflm_memory.h"

namespace litesmith::tflm {

// The bytes of a struct of TFLite Micro where pointers have 4 bytes and where they have 8.
struct StructSize {
  uint16_t bits32 = 0;
  uint16_t bits64 = 0;

  size_t bytes(PointerWidth width) const { return width == PointerWidth::bits32 ? bits32 : bits64; }
};

// The number of elements of a tensor, and its bytes as TFLite Micro counts them. Throw
// Error(format) for shapes that no memory holds and types that it does not know.
size_t elements(const tflite::Tensor& tensor);
size_t bytes(const tflite::Tensor& tensor);

// One operator while TFLite Micro prepares it, and what it asks for.
class Kernel {
 public:
  Kernel(const tflite::SubGraph& graph, const tflite::Operator& op, PointerWidth width)
      : graph_(graph), op_(op), width_(width) {}

  // Null where the operand is absent.
  const tflite::Tensor* input(size_t i) const { return tensor(tflite::items(op_.inputs), i); }
  const tflite::Tensor* output(size_t i) const { return tensor(tflite::items(op_.outputs), i); }
  // Throw Error(format) where there is none.
  const tflite::Tensor& needed_input(size_t i) const;
  const tflite::Tensor& needed_output(size_t i) const;
  size_t input_count() const { return tflite::items(op_.inputs).size(); }
  // A bool of the options table.
  bool flag(int slot) const;
  // A count in the options of a custom operator. Throws Error(format) where there is none.
  size_t custom_option(std::string_view name) const;
  PointerWidth width() const { return width_; }

  void persist(size_t count_bytes) { persistent.push_back(count_bytes); }
  void scratch(size_t count_bytes) { scratches.push_back(count_bytes); }

  std::vector<size_t> persistent = {};  // to last, each aligned to 16
  std::vector<size_t> scratches = {};   // for the time of the operator

 private:
  const tflite::Tensor* tensor(std::span<const int32_t> indices, size_t i) const;

  const tflite::SubGraph& graph_;
  const tflite::Operator& op_;
  const PointerWidth width_;
};

struct KernelRequests {
  std::string_view op;
  StructSize params = {};   // the parsed options; 0: the parser keeps nothing
  StructSize op_data = {};  // what Init allocates; 0: nothing
  void (*prepare)(Kernel&) = nullptr;
  size_t wheel_extra = 0;  // what op_data has more in the wheel, which can decompress
};

// Null for an operator whose needs are not known here.
const KernelRequests* find_requests(std::string_view op);

}  // namespace litesmith::tflm
