// The format is that of TACO's trees: a level for each dimension, in the order of traversal_order,
// blocks' own dimensions last. A dense level has every index below each node of the level before; a
// compressed one has those in array_indices from array_segments[node] on. The values are the last
// level's nodes. (LiteRT internal/utils/sparsity_format_converter.cc.)
#include "formats/tflite/sparse.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::tflite {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::format, "the places of its sparse elements make no sense: " + why);
}

template <class T>
std::vector<int64_t> widened(const Table& table) {
  const auto values = table.elements<T>(0).value_or(std::vector<T>());
  return {values.begin(), values.end()};
}

// A vector of int32, uint16 or uint8, whichever holds its numbers in the fewest bytes.
std::vector<int64_t> numbers(const Union& from) {
  if (!from.table) return {};
  switch (from.tag) {
    case 1:
      return widened<int32_t>(*from.table);
    case 2:
      return widened<uint16_t>(*from.table);
    case 3:
      return widened<uint8_t>(*from.table);
    default:
      refuse("a vector of the unknown kind " + std::to_string(from.tag));
  }
}

struct Level {
  size_t dimension;   // of the tensor
  int64_t scale = 1;  // by how much an index moves along it
  bool dense = true;
  int64_t size = 0;  // of a dense one
  std::vector<int64_t> segments = {};
  std::vector<int64_t> indices = {};
};

class Tree {
 public:
  Tree(const Sparsity& sparsity, const Shape& shape) : shape_(shape) {
    order_levels(sparsity);
    const auto metadata = items(sparsity.dim_metadata);
    for (size_t i = 0; i < levels_.size(); ++i) read_level(metadata[i], levels_[i]);
    scale_blocks(sparsity);
  }

  // The elements, `values` being consumed in order.
  void fill(std::span<const std::byte> values, size_t element_bytes, std::byte* out) {
    check_counts(values.size() / element_bytes);
    element_bytes_ = element_bytes;
    from_ = values.data();
    out_ = out;
    at_.assign(shape_.size(), 0);
    walk(0, 0);
  }

 private:
  // Which dimension each level runs along: the tensor's own first, then those within blocks.
  void order_levels(const Sparsity& sparsity) {
    const size_t rank = shape_.size();
    const auto order = items(sparsity.traversal_order);
    const auto blocks = items(sparsity.block_map);
    if (order.size() != rank + blocks.size() ||
        items(sparsity.dim_metadata).size() != order.size()) {
      refuse(std::to_string(order.size()) + " levels for " + std::to_string(rank) +
             " dimensions and " + std::to_string(blocks.size()) + " of blocks");
    }
    std::vector<bool> seen(order.size());
    for (size_t i = 0; i < order.size(); ++i) {
      const bool of_block = i >= rank;
      const auto least = static_cast<int32_t>(of_block ? rank : 0);
      const auto most = static_cast<int32_t>(of_block ? order.size() : rank);
      if (order[i] < least || order[i] >= most || seen[static_cast<size_t>(order[i])]) {
        refuse("a traversal by dimension " + std::to_string(order[i]));
      }
      seen[static_cast<size_t>(order[i])] = true;
      const auto index = static_cast<size_t>(order[i]);
      if (!of_block) {
        levels_.push_back({.dimension = index});
        continue;
      }
      const int32_t blocked = blocks[index - rank];
      if (blocked < 0 || blocked >= static_cast<int32_t>(rank)) {
        refuse("blocks along dimension " + std::to_string(blocked));
      }
      levels_.push_back({.dimension = static_cast<size_t>(blocked)});
    }
  }

  static void read_level(const DimensionMetadata& from, Level& level) {
    level.dense = from.format == 0;
    if (level.dense) {
      level.size = from.dense_size;
      if (level.size < 0) refuse("a dimension of " + std::to_string(level.size));
      return;
    }
    if (from.format != 1) refuse("a dimension of the unknown kind " + std::to_string(from.format));
    level.segments = numbers(from.array_segments);
    level.indices = numbers(from.array_indices);
    const auto end = static_cast<int64_t>(level.indices.size());
    if (level.segments.empty() || level.segments.front() != 0 || level.segments.back() != end ||
        !std::is_sorted(level.segments.begin(), level.segments.end())) {
      refuse("segments that do not part " + std::to_string(end) + " indices");
    }
  }

  // An index of a blocked dimension counts blocks.
  void scale_blocks(const Sparsity& sparsity) {
    const size_t rank = shape_.size();
    for (size_t b = 0; b < items(sparsity.block_map).size(); ++b) {
      const Level& block = levels_[rank + b];
      if (!block.dense || block.size < 1) refuse("blocks that are not dense");
      for (size_t i = 0; i < rank; ++i) {
        if (levels_[i].dimension != block.dimension) continue;
        if (levels_[i].scale != 1) refuse("two blocks along one dimension");
        levels_[i].scale = block.size;
      }
    }
  }

  // Every level's nodes are those that the one below has room for, the last one's the values: no
  // walk is longer than what the file stores.
  void check_counts(size_t values) const {
    size_t nodes = 1;
    for (const Level& level : levels_) {
      if (level.dense) {
        nodes = checked_mul(nodes, static_cast<size_t>(level.size));
      } else if (level.segments.size() != checked_add(nodes, 1)) {
        refuse(std::to_string(level.segments.size()) + " segments for " + std::to_string(nodes) +
               " nodes");
      } else {
        nodes = level.indices.size();
      }
    }
    if (nodes != values) {
      refuse("there is room for " + std::to_string(nodes) + " values, and " +
             std::to_string(values) + " are stored");
    }
  }

  void walk(size_t depth, size_t node) {
    if (depth == levels_.size()) return place(node);
    const Level& level = levels_[depth];
    const auto visit = [&](int64_t index, size_t child) {
      if (index < 0 || index > INT32_MAX) refuse("the index " + std::to_string(index));
      at_[level.dimension] += index * level.scale;
      walk(depth + 1, child);
      at_[level.dimension] -= index * level.scale;
    };
    if (level.dense) {
      for (int64_t i = 0; i < level.size; ++i) {
        visit(i, node * static_cast<size_t>(level.size) + static_cast<size_t>(i));
      }
      return;
    }
    for (int64_t i = level.segments[node]; i < level.segments[node + 1]; ++i) {
      visit(level.indices[static_cast<size_t>(i)], static_cast<size_t>(i));
    }
  }

  void place(size_t value) const {
    size_t flat = 0;
    for (size_t d = 0; d < shape_.size(); ++d) {
      if (at_[d] >= shape_[d]) {
        refuse("an element at " + std::to_string(at_[d]) + " of a dimension of " +
               std::to_string(shape_[d]));
      }
      flat = flat * static_cast<size_t>(shape_[d]) + static_cast<size_t>(at_[d]);
    }
    std::memcpy(out_ + flat * element_bytes_, from_ + value * element_bytes_, element_bytes_);
  }

  const Shape& shape_;
  std::vector<Level> levels_;
  std::vector<int64_t> at_;
  size_t element_bytes_ = 1;
  const std::byte* from_ = nullptr;
  std::byte* out_ = nullptr;
};

}  // namespace

Buffer dense_elements(const Sparsity& sparsity, const Shape& shape, size_t element_bytes,
                      const Buffer& values) {
  const size_t bytes = checked_mul(static_cast<size_t>(element_count(shape)), element_bytes);
  constexpr size_t kAlways = size_t{1} << 20;
  constexpr size_t kSparsest = 256;
  if (bytes > kAlways && bytes / kSparsest > values.size()) {
    refuse(std::to_string(values.size()) + " bytes are stored of " + std::to_string(bytes));
  }
  if (values.size() % element_bytes != 0) refuse("half an element is stored");
  std::vector<std::byte> dense(bytes);
  Tree(sparsity, shape).fill(values.bytes(), element_bytes, dense.data());
  return Buffer::of(dense);
}

int32_t block_size(const Sparsity& sparsity, const Shape& shape) {
  const auto blocks = items(sparsity.block_map);
  if (blocks.size() != 1 || static_cast<size_t>(blocks[0]) + 1 != shape.size()) return 1;
  return items(sparsity.dim_metadata).back().dense_size;
}

}  // namespace litesmith::tflite
