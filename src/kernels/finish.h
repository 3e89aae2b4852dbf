// The last step of integer and hybrid layers, prepared for the inner loops.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernel_set.h"
#include "kernels/packing.h"
#include "kernels/requantization.h"

namespace litesmith::kernels {

// Requantization to outputs of T, its parameters in arrays by channel.
class RequantizingFinish {
 public:
  // `to` picks the function for the output type from each rounding's three.
  template <class T>
  static RequantizingFinish to(const KernelSet& set, const AnyRequantization& requantization);

  // Accumulators are int64.
  bool is_wide() const { return from64_ != nullptr; }

  // The finish for channels counted from `channel`. `storage` lives as long as the finish.
  struct Storage {
    MultiplierFinish multipliers;
    FloatScaleFinish floats;
    DoubleScaleFinish doubles;
  };
  Finish from_channel(int32_t channel, Storage& storage) const;

 private:
  enum class Kind { multipliers, floats, doubles };
  Kind kind_ = Kind::multipliers;
  Finish32 from32_ = nullptr;
  Finish64 from64_ = nullptr;
  Padded<int32_t> significands_;
  Padded<int32_t> exponents_;
  Padded<int32_t> ties_away_;
  Padded<float> floats_;
  bool saturates_ = false;
  Padded<double> doubles_;
  int32_t zero_point_ = 0;
  int32_t min_ = 0;
  int32_t max_ = 0;
};

// What the accumulators of an integer layer begin with: the bias, and what the input's zero point
// (and KernelSet::dot_offset) takes off: offset * sum of weights, by channel. Both widths.
struct Start {
  Padded<int32_t> narrow;
  Padded<int64_t> wide;
  Start(std::span<const int64_t> bias, int32_t offset, std::span<const int32_t> weight_sums);
};

}  // namespace litesmith::kernels
