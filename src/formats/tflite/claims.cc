#include "formats/tflite/claims.h"

#include <algorithm>

namespace litesmith::tflite {

void Claims::settle() {
  std::sort(ranges_.begin(), ranges_.end());
  std::vector<std::pair<size_t, size_t>> merged;
  for (const auto& range : ranges_) {
    if (!merged.empty() && range.first <= merged.back().second) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  ranges_ = std::move(merged);
}

size_t Claims::unclaimed(size_t position, size_t end) const {
  const auto next = std::upper_bound(ranges_.begin(), ranges_.end(), position,
                                     [](size_t at, const auto& range) { return at < range.first; });
  if (next != ranges_.begin() && std::prev(next)->second > position) return 0;
  const size_t limit = next == ranges_.end() ? end : std::min(end, next->first);
  return limit > position ? limit - position : 0;
}

}  // namespace litesmith::tflite
