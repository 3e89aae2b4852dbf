#include "kernels/broadcast.h"

#include <algorithm>
#include <vector>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

struct Group {
  Advance kind;
  int64_t size;
};

// The shapes' dimensions, innermost first, with alike neighbours merged and ones dropped.
std::vector<Group> merged(std::span<const int32_t> first, std::span<const int32_t> second) {
  std::vector<Group> groups;
  const size_t rank = std::max(first.size(), second.size());
  for (size_t i = 1; i <= rank; ++i) {
    const int64_t a = i <= first.size() ? first[first.size() - i] : 1;
    const int64_t b = i <= second.size() ? second[second.size() - i] : 1;
    check(a == b || a == 1 || b == 1, "shapes that do not broadcast");
    if (a == 1 && b == 1) continue;
    const Advance kind = a == b ? Advance::both : (b == 1 ? Advance::first : Advance::second);
    const int64_t size = a == 1 ? b : a;
    if (!groups.empty() && groups.back().kind == kind) {
      groups.back().size *= size;
    } else {
      groups.push_back({kind, size});
    }
  }
  return groups;
}

// LiteRT's pattern, innermost first: shared, repeating the one operand, shared, repeating the
// other, shared; each part may be missing.
bool five_loops(const std::vector<Group>& groups) {
  size_t i = 0;
  auto skip = [&](Advance kind) { i += i < groups.size() && groups[i].kind == kind ? 1 : 0; };
  skip(Advance::both);
  if (i == groups.size()) return true;
  const Advance inner = groups[i].kind;
  skip(inner);
  skip(Advance::both);
  skip(inner == Advance::first ? Advance::second : Advance::first);
  skip(Advance::both);
  return i == groups.size();
}

}  // namespace

Broadcast::Broadcast(std::span<const int32_t> first, std::span<const int32_t> second) {
  const std::vector<Group> groups = merged(first, second);
  fits_five_loops_ = five_loops(groups);
  if (groups.empty()) return;
  if (groups.size() > max_rank + 1) {
    throw Error(ErrorCode::unsupported, "operands that broadcast along " +
                                            std::to_string(groups.size()) + " separate dimensions");
  }
  advance_ = groups[0].kind;
  run_ = groups[0].size;
  int64_t stride_first = advance_ == Advance::second ? 1 : run_;
  int64_t stride_second = advance_ == Advance::first ? 1 : run_;
  for (size_t i = 1; i < groups.size(); ++i) {
    const auto [kind, size] = groups[i];
    axes_[rank_++] = {size, kind == Advance::second ? 0 : stride_first,
                      kind == Advance::first ? 0 : stride_second};
    if (kind != Advance::second) stride_first *= size;
    if (kind != Advance::first) stride_second *= size;
    runs_ *= size;
  }
  if (run_ == 0) runs_ = 0;
}

}  // namespace litesmith::kernels
