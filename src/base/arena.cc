#include "base/arena.h"

#include <algorithm>
#include <numeric>

namespace litesmith {
namespace {

bool alive_together(const ArenaRequest& a, const ArenaRequest& b) {
  return a.first <= b.last && b.first <= a.last;
}

// Looks for a layout of the fewest bytes.
//
// Some best layout can be made by placing tensors in the order of their offsets, each directly
// above the highest of those already placed that it meets in time: pushing every tensor of a best
// layout down as far as it goes, lowest first, leaves it a best layout. So the search goes over
// orders with rising offsets. Whatever is not placed yet must come to lie above everything placed
// that it meets; at each step of the graph that gives a bound for the rest, and a branch whose
// bound is no better than the best layout known is left. (Branch and bound on a skyline, as for
// strip packing with fixed x: Martello, Monaci and Vigo, 2003.)
class ExactSearch {
 public:
  ExactSearch(const std::vector<ArenaRequest>& requests, size_t alignment, size_t bound,
              ArenaLayout best)
      : requests_(requests),
        alignment_(alignment),
        bound_(bound),
        best_(std::move(best)),
        offsets_(requests.size(), 0),
        is_placed_(requests.size(), false) {
    // Only the order of the steps matters: number those at which something begins.
    std::vector<int> begins;
    begins.reserve(requests.size());
    for (const ArenaRequest& request : requests) begins.push_back(request.first);
    std::sort(begins.begin(), begins.end());
    begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
    for (const ArenaRequest& request : requests) {
      const auto from = std::lower_bound(begins.begin(), begins.end(), request.first);
      const auto to = std::upper_bound(begins.begin(), begins.end(), request.last);
      spans_.push_back(
          {static_cast<size_t>(from - begins.begin()), static_cast<size_t>(to - begins.begin())});
    }
    skyline_.assign(begins.size(), 0);
    waiting_.assign(begins.size(), 0);
    for (size_t i = 0; i < requests.size(); ++i) wait(i, true);
  }

  ArenaLayout run() {
    place_next(0, 0);
    return std::move(best_);
  }

 private:
  // Steps of the search; a step looks at every tensor that is left.
  static constexpr size_t kMaximumSteps = 5'000;

  struct Span {
    size_t begin, end;  // steps, half open
  };

  size_t size(size_t i) const { return round_up(requests_[i].bytes, alignment_); }

  // Counts tensor i among those not placed, or no longer.
  void wait(size_t i, bool waits) {
    for (size_t step = spans_[i].begin; step < spans_[i].end; ++step) {
      waiting_[step] = waits ? waiting_[step] + size(i) : waiting_[step] - size(i);
    }
  }

  // The lowest offset above everything placed that tensor i meets.
  size_t lowest(size_t i) const {
    size_t offset = 0;
    for (size_t step = spans_[i].begin; step < spans_[i].end; ++step) {
      offset = std::max(offset, skyline_[step]);
    }
    return offset;
  }

  // What any layout that goes on from here takes at least. The topmost tensor of a step need not
  // be rounded up, by less than one alignment.
  size_t least() const {
    size_t bytes = 0;
    for (size_t step = 0; step < skyline_.size(); ++step) {
      bytes = std::max(bytes, skyline_[step] + waiting_[step]);
    }
    return bytes < alignment_ ? bytes : bytes - (alignment_ - 1);
  }

  void place_next(size_t placed, size_t floor) {
    if (placed == requests_.size()) {
      keep();
      return;
    }
    if (++steps_ > kMaximumSteps || best_.bytes <= bound_ || least() >= best_.bytes) return;
    std::vector<std::pair<size_t, size_t>> next;  // offset, tensor
    for (size_t i = 0; i < requests_.size(); ++i) {
      if (is_placed_[i]) continue;
      const size_t offset = lowest(i);
      // A lower place than the last one's: an order that takes it first has been, or will be, seen.
      if (offset >= floor) next.emplace_back(offset, i);
    }
    std::sort(next.begin(), next.end(), [&](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      if (size(a.second) != size(b.second)) return size(a.second) > size(b.second);
      return a.second < b.second;
    });
    for (size_t k = 0; k < next.size(); ++k) {
      const auto [offset, i] = next[k];
      if (k > 0 && is_like(next[k - 1].second, i)) continue;  // the same layout but for their names
      const std::vector<size_t> before(skyline_.begin() + static_cast<ptrdiff_t>(spans_[i].begin),
                                       skyline_.begin() + static_cast<ptrdiff_t>(spans_[i].end));
      offsets_[i] = offset;
      is_placed_[i] = true;
      wait(i, false);
      std::fill(skyline_.begin() + static_cast<ptrdiff_t>(spans_[i].begin),
                skyline_.begin() + static_cast<ptrdiff_t>(spans_[i].end), offset + size(i));
      place_next(placed + 1, offset);
      std::copy(before.begin(), before.end(),
                skyline_.begin() + static_cast<ptrdiff_t>(spans_[i].begin));
      wait(i, true);
      is_placed_[i] = false;
      if (steps_ > kMaximumSteps || best_.bytes <= bound_) return;
    }
  }

  bool is_like(size_t a, size_t b) const {
    return size(a) == size(b) && spans_[a].begin == spans_[b].begin &&
           spans_[a].end == spans_[b].end && requests_[a].bytes == requests_[b].bytes;
  }

  void keep() {
    size_t bytes = 0;
    for (size_t i = 0; i < requests_.size(); ++i) {
      bytes = std::max(bytes, offsets_[i] + requests_[i].bytes);
    }
    if (bytes < best_.bytes) best_ = {offsets_, bytes};
  }

  const std::vector<ArenaRequest>& requests_;
  const size_t alignment_;
  const size_t bound_;
  ArenaLayout best_;
  std::vector<size_t> offsets_;
  std::vector<bool> is_placed_;
  std::vector<Span> spans_;
  std::vector<size_t> skyline_;  // at each step, where the highest tensor placed ends
  std::vector<size_t> waiting_;  // at each step, the bytes of those not placed
  size_t steps_ = 0;
};

// A search this deep would not come far in its steps.
constexpr size_t kMostForSearch = 256;

}  // namespace

ArenaLayout plan_by_size(const std::vector<ArenaRequest>& requests, size_t alignment) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return requests[a].bytes > requests[b].bytes; });
  ArenaLayout layout{std::vector<size_t>(requests.size(), 0), 0};
  std::vector<size_t> placed;  // by offset
  for (const size_t current : order) {
    const ArenaRequest& request = requests[current];
    size_t offset = 0;
    for (const size_t other : placed) {
      const ArenaRequest& neighbour = requests[other];
      if (!alive_together(request, neighbour)) continue;
      if (offset + request.bytes <= layout.offsets[other]) break;
      offset = std::max(offset, round_up(layout.offsets[other] + neighbour.bytes, alignment));
    }
    layout.offsets[current] = offset;
    layout.bytes = std::max(layout.bytes, offset + request.bytes);
    const auto position = std::lower_bound(
        placed.begin(), placed.end(), offset,
        [&](size_t other, size_t wanted) { return layout.offsets[other] < wanted; });
    placed.insert(position, current);
  }
  return layout;
}

size_t arena_bound(const std::vector<ArenaRequest>& requests, size_t alignment) {
  size_t bound = 0;
  // The set of those alive grows only where one begins.
  for (const ArenaRequest& start : requests) {
    size_t bytes = 0;
    size_t spared = 0;
    for (const ArenaRequest& other : requests) {
      if (other.first > start.first || other.last < start.first) continue;
      const size_t rounded = round_up(other.bytes, alignment);
      bytes += rounded;
      spared = std::max(spared, rounded - other.bytes);
    }
    bound = std::max(bound, bytes - spared);
  }
  return bound;
}

ArenaLayout plan_arena(const std::vector<ArenaRequest>& requests, size_t alignment) {
  ArenaLayout by_size = plan_by_size(requests, alignment);
  if (requests.size() > kMostForSearch) return by_size;
  const size_t bound = arena_bound(requests, alignment);
  if (by_size.bytes <= bound) return by_size;
  return ExactSearch(requests, alignment, bound, std::move(by_size)).run();
}

}  // namespace litesmith
