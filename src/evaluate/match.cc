#include "evaluate/match.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace litesmith {
namespace {

// Of the longest common subsequence; no network people look at layer by layer needs more.
constexpr size_t kLargestTable = 25'000'000;

// A tensor that a node makes, and the node.
struct Made {
  ValueId id;
  const Node* node;
};

std::vector<Made> activations(const Graph& graph) {
  std::vector<Made> made;
  for (const ValueId id : graph.inputs) made.push_back({id, nullptr});
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.outputs) {
      if (id.valid() && !graph[id].is_constant()) made.push_back({id, &node});
    }
  }
  return made;
}

bool same_shape(const Graph& a, ValueId in_a, const Graph& b, ValueId in_b) {
  return a[in_a].shape == b[in_b].shape;
}

bool alike(const Graph& a, const Made& in_a, const Graph& b, const Made& in_b) {
  if ((in_a.node == nullptr) != (in_b.node == nullptr)) return false;
  if (in_a.node != nullptr && &in_a.node->def() != &in_b.node->def()) return false;
  return same_shape(a, in_a.id, b, in_b.id);
}

// Matches [a_begin, a_end) with [b_begin, b_end) by the longest common subsequence.
class InOrder {
 public:
  InOrder(const Graph& a, const Graph& b, const std::vector<Made>& as, const std::vector<Made>& bs)
      : a_(a), b_(b), as_(as), bs_(bs) {}

  void match(size_t a_begin, size_t a_end, size_t b_begin, size_t b_end,
             std::vector<size_t>& partner) const {
    const size_t rows = a_end - a_begin;
    const size_t columns = b_end - b_begin;
    if (rows == 0 || columns == 0 || rows * columns > kLargestTable) return;
    std::vector<std::vector<uint32_t>> length(rows + 1, std::vector<uint32_t>(columns + 1, 0));
    for (size_t i = rows; i-- > 0;) {
      for (size_t j = columns; j-- > 0;) {
        length[i][j] = alike(a_, as_[a_begin + i], b_, bs_[b_begin + j])
                           ? length[i + 1][j + 1] + 1
                           : std::max(length[i + 1][j], length[i][j + 1]);
      }
    }
    size_t i = 0;
    size_t j = 0;
    while (i < rows && j < columns) {
      if (alike(a_, as_[a_begin + i], b_, bs_[b_begin + j]) &&
          length[i][j] == length[i + 1][j + 1] + 1) {
        partner[a_begin + i++] = b_begin + j++;
      } else if (length[i + 1][j] >= length[i][j + 1]) {
        ++i;
      } else {
        ++j;
      }
    }
  }

 private:
  const Graph& a_;
  const Graph& b_;
  const std::vector<Made>& as_;
  const std::vector<Made>& bs_;
};

}  // namespace

std::vector<TensorPair> match_tensors(const Graph& a, const Graph& b) {
  const std::vector<Made> as = activations(a);
  const std::vector<Made> bs = activations(b);
  constexpr size_t kNone = static_cast<size_t>(-1);
  std::vector<size_t> partner(as.size(), kNone);

  std::map<std::string_view, size_t> by_name;
  for (size_t j = 0; j < bs.size(); ++j) by_name.emplace(b[bs[j].id].name, j);
  for (size_t i = 0; i < as.size(); ++i) {
    const auto found = by_name.find(a[as[i].id].name);
    if (found != by_name.end() && same_shape(a, as[i].id, b, bs[found->second].id)) {
      partner[i] = found->second;
    }
  }
  // Between two named pairs the rest is matched in order; a named pair that would cross an earlier
  // one is a coincidence.
  const InOrder in_order(a, b, as, bs);
  size_t a_begin = 0;
  size_t b_begin = 0;
  for (size_t i = 0; i <= as.size(); ++i) {
    const bool at_end = i == as.size();
    if (!at_end && partner[i] != kNone && partner[i] < b_begin) partner[i] = kNone;
    if (!at_end && partner[i] == kNone) continue;
    const size_t b_end = at_end ? bs.size() : partner[i];
    in_order.match(a_begin, i, b_begin, b_end, partner);
    a_begin = i + 1;
    b_begin = b_end + 1;
  }
  std::vector<TensorPair> pairs;
  for (size_t i = 0; i < as.size(); ++i) {
    if (partner[i] != kNone) pairs.push_back({as[i].id, bs[partner[i]].id});
  }
  return pairs;
}

}  // namespace litesmith
