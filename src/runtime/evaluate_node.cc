#include "runtime/evaluate_node.h"

#include <algorithm>
#include <cstdint>

#include "base/arena.h"
#include "base/checked.h"
#include "base/error.h"
#include "runtime/text.h"

namespace litesmith {
namespace {

// Zeroed memory of the alignment kernels are promised.
class Scratch {
 public:
  explicit Scratch(size_t bytes) : owner_(bytes / sizeof(uint64_t) + 2 * kKernelAlignment) {
    const auto address = reinterpret_cast<uintptr_t>(owner_.data());
    begin_ = reinterpret_cast<std::byte*>(owner_.data()) + (round_up(address) - address);
  }
  std::byte* begin() const { return begin_; }

 private:
  std::vector<uint64_t> owner_;
  std::byte* begin_;
};

}  // namespace

int element_bits(const Value& value) {
  return value.dtype == DType::string ? kTextBits : bits(value.dtype);
}

size_t byte_size(const Value& value) {
  const auto count = static_cast<size_t>(element_count(value.shape));
  return (checked_mul(count, static_cast<size_t>(element_bits(value))) + 7) / 8;
}

std::vector<Buffer> run_once(const BoundKernel& kernel, const NodeView& node) {
  std::vector<const std::byte*> inputs;
  for (const Value* value : node.inputs) {
    const bool known = value != nullptr && value->is_constant();
    inputs.push_back(known ? value->data->bytes().data() : nullptr);
  }
  std::vector<Scratch> results;
  std::vector<std::byte*> outputs;
  for (const Value* value : node.outputs) {
    results.emplace_back(byte_size(*value));
    outputs.push_back(results.back().begin());
  }
  const Scratch scratch(kernel.scratch_bytes);
  kernel.run({inputs, outputs, scratch.begin()});
  std::vector<Buffer> buffers;
  for (size_t i = 0; i < outputs.size(); ++i) {
    buffers.push_back(
        Buffer::of(std::span<const std::byte>(outputs[i], byte_size(*node.outputs[i]))));
  }
  return buffers;
}

std::optional<std::vector<Buffer>> evaluate_node(const Graph& graph, const Node& node) {
  const Binding binding = find_binding(node.def());
  if (binding == nullptr) return std::nullopt;
  const NodeView view = graph.view(node);
  const bool known = std::all_of(view.inputs.begin(), view.inputs.end(), [](const Value* value) {
    return value == nullptr || value->is_constant();
  });
  const bool sized = std::all_of(view.outputs.begin(), view.outputs.end(), [](const Value* value) {
    return bits(value->dtype) != 0 && is_static(value->shape);
  });
  if (!known || !sized) return std::nullopt;
  try {
    return run_once(binding({view, Arithmetic::litert, default_isa()}), view);
  } catch (const Error& error) {
    // What cannot run stays in the graph; a plan will say so, with the op's place.
    if (error.code() == ErrorCode::internal) throw;
    return std::nullopt;
  }
}

}  // namespace litesmith
