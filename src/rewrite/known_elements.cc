#include "rewrite/known_elements.h"

#include <algorithm>

#include "base/error.h"
#include "ops/arrange.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "rewrite/match.h"

namespace litesmith {
namespace {

using Elements = std::vector<std::optional<int32_t>>;

constexpr size_t kMostElements = 64;
// Deeper and wider than any converter makes; a hostile graph must not overflow the stack or take
// forever.
constexpr int kDeepest = 32;
constexpr int kMostOps = 1000;

class Teller {
 public:
  explicit Teller(const Editor& edit) : edit_(edit) {}

  std::optional<Elements> tell(ValueId id, int depth) {
    if (!id.valid() || depth > kDeepest) return std::nullopt;
    const Value& value = edit_.value(id);
    if (value.dtype != DType::int32 || value.shape.size() > 1 || !is_static(value.shape) ||
        element_count(value.shape) > static_cast<int64_t>(kMostElements)) {
      return std::nullopt;
    }
    if (const auto constant = int32_constant(edit_, id)) {
      return Elements(constant->begin(), constant->end());
    }
    const auto made_by = edit_.producer(id);
    if (!made_by || --ops_left_ < 0) return std::nullopt;
    const Node& node = edit_.node(*made_by);
    auto elements = through(node, depth + 1);
    const auto count = static_cast<size_t>(element_count(value.shape));
    if (!elements || elements->size() != count) return std::nullopt;
    return elements;
  }

 private:
  std::optional<Elements> through(const Node& node, int depth) {
    if (node.as<ShapeOf>() != nullptr) return dimensions(node);
    if (node.as<Pack>() != nullptr || node.as<Concatenation>() != nullptr) {
      return joined(node, depth);
    }
    if (const auto* op = node.as<StridedSlice>()) return sliced(node, *op, depth);
    if (node.as<Gather>() != nullptr) return gathered(node, depth);
    if (node.as<Reshape>() != nullptr || node.as<Squeeze>() != nullptr ||
        node.as<ExpandDims>() != nullptr) {
      return tell(node.inputs.at(0), depth);
    }
    return std::nullopt;
  }

  Elements dimensions(const Node& node) const {
    Elements elements;
    for (const int32_t dim : edit_.value(node.inputs.at(0)).shape) {
      elements.push_back(dim < 0 ? std::nullopt : std::optional(dim));
    }
    return elements;
  }

  // All parts have at most one dimension, so there is one axis to join them along.
  std::optional<Elements> joined(const Node& node, int depth) {
    Elements elements;
    for (const ValueId id : node.inputs) {
      const auto part = tell(id, depth);
      if (!part) return std::nullopt;
      elements.insert(elements.end(), part->begin(), part->end());
      if (elements.size() > kMostElements) return std::nullopt;
    }
    return elements;
  }

  std::optional<Elements> sliced(const Node& node, const StridedSlice& op, int depth) {
    const auto from = tell(node.inputs.at(0), depth);
    const auto begin = int32_constant(edit_, node.inputs.at(1));
    const auto end = int32_constant(edit_, node.inputs.at(2));
    const auto strides = int32_constant(edit_, node.inputs.at(3));
    const bool is_vector = edit_.value(node.inputs[0]).shape.size() == 1;
    if (!from || !begin || !end || !strides || !is_vector) return std::nullopt;
    const auto ranges =
        strided_slice_ranges(op, {static_cast<int32_t>(from->size())}, *begin, *end, *strides);
    Elements elements;
    for (int32_t i = 0; i < ranges.at(0).count; ++i) {
      elements.push_back(from->at(static_cast<size_t>(ranges[0].start + i * ranges[0].stride)));
    }
    return elements;
  }

  std::optional<Elements> gathered(const Node& node, int depth) {
    const auto from = tell(node.inputs.at(0), depth);
    const auto indices = tell(node.inputs.at(1), depth);
    if (!from || !indices || edit_.value(node.inputs[0]).shape.size() != 1) return std::nullopt;
    Elements elements;
    for (const auto& index : *indices) {
      if (!index || *index < 0 || static_cast<size_t>(*index) >= from->size()) return std::nullopt;
      elements.push_back((*from)[static_cast<size_t>(*index)]);
    }
    return elements;
  }

  const Editor& edit_;
  int ops_left_ = kMostOps;
};

}  // namespace

std::optional<Elements> known_elements(const Editor& edit, ValueId id) {
  try {
    return Teller(edit).tell(id, 0);
  } catch (const Error& error) {
    // A slice that does not fit: the plan will say so where the user can see it.
    if (error.code() == ErrorCode::internal) throw;
    return std::nullopt;
  }
}

}  // namespace litesmith
