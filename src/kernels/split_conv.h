// A convolution in two, each with some of the output channels: those that fill whole vectors, and a
// few behind them, which would leave another nearly empty and suit other kernels.
//
// Every output has the bits of the undivided convolution.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "kernels/requantization.h"

namespace litesmith::kernels {

template <class Most, class Rest>
class SplitConv {
 public:
  // `most()` and `rest()` make the parts, whose output_step is the number of all channels; `first`
  // is the rest's first channel.
  template <class MakeMost, class MakeRest>
  SplitConv(int32_t first, const MakeMost& most, const MakeRest& rest)
      : first_(first), most_(most()), rest_(rest()) {}
  SplitConv(const SplitConv&) = delete;
  SplitConv& operator=(const SplitConv&) = delete;

  size_t scratch_bytes() const { return std::max(most_.scratch_bytes(), rest_.scratch_bytes()); }
  template <class In, class Out>
  void run(const In* input, Out* output, std::byte* scratch) const {
    most_.run(input, output, scratch);
    rest_.run(input, output + first_, scratch);
  }

 private:
  int32_t first_;
  Most most_;
  Rest rest_;
};

// The requantization of `count` channels from the `first` on.
inline AnyRequantization part_of(const AnyRequantization& whole, size_t first, size_t count) {
  return std::visit(
      [&](auto part) -> AnyRequantization {
        const auto begin = part.parameters.begin() + static_cast<ptrdiff_t>(first);
        part.parameters = {begin, begin + static_cast<ptrdiff_t>(count)};
        return part;
      },
      whole);
}

}  // namespace litesmith::kernels
