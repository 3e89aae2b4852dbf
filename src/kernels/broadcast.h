// Two operands of different shapes walked as one: NumPy's broadcasting, reduced to runs.
//
// Dimensions that behave alike are merged, so that what remains alternates between three kinds:
// both operands advance, only the first does, or only the second does. The innermost of them is the
// run that a kernel is called for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace litesmith::kernels {

// Which operands advance along a run.
enum class Advance { both, first, second };

class Broadcast {
 public:
  static constexpr size_t max_rank = 8;  // after merging

  // Shapes that broadcast; throws Error(unsupported) when more than max_rank dimensions remain.
  Broadcast(std::span<const int32_t> first, std::span<const int32_t> second);

  Advance advance() const { return advance_; }  // along a run
  int64_t run() const { return run_; }          // elements in each
  int64_t runs() const { return runs_; }
  // False when one shape has to be repeated in more ways than the five nested loops of LiteRT's
  // optimized kernels express (ProcessBroadcastShapes); these then fall back to plain ones.
  bool fits_five_loops() const { return fits_five_loops_; }
  // Both operands have the output's shape.
  bool is_plain() const { return rank_ == 0 && advance_ == Advance::both; }

  // Calls body(offset in output, in first, in second) for each run, in the output's order.
  template <class Body>
  void for_each_run(Body&& body) const {
    std::array<int64_t, max_rank> index{};
    int64_t first = 0;
    int64_t second = 0;
    for (int64_t i = 0; i < runs_; ++i) {
      body(i * run_, first, second);
      for (size_t d = 0; d < rank_; ++d) {
        first += axes_[d].first;
        second += axes_[d].second;
        if (++index[d] < axes_[d].size) break;
        index[d] = 0;
        first -= axes_[d].size * axes_[d].first;
        second -= axes_[d].size * axes_[d].second;
      }
    }
  }

 private:
  struct Axis {
    int64_t size;
    int64_t first;  // strides in elements
    int64_t second;
  };
  std::array<Axis, max_rank> axes_{};  // outside the run, innermost first
  size_t rank_ = 0;
  Advance advance_ = Advance::both;
  int64_t run_ = 1;
  int64_t runs_ = 1;
  bool fits_five_loops_ = true;
};

}  // namespace litesmith::kernels
