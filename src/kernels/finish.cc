#include "kernels/finish.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace litesmith::kernels {
namespace {

template <class T, class Function>
Function for_output(const FinishTo<Function>& functions) {
  if constexpr (std::is_same_v<T, int8_t>) return functions.to_int8;
  if constexpr (std::is_same_v<T, uint8_t>) return functions.to_uint8;
  if constexpr (std::is_same_v<T, int16_t>) return functions.to_int16;
}

const FinishTo<Finish32>& functions(const KernelSet& set, DoubleRounding) {
  return *set.double_rounding;
}
const FinishTo<Finish32>& functions(const KernelSet& set, DoubleRoundingHalfUp) {
  return *set.double_rounding;
}
const FinishTo<Finish32>& functions(const KernelSet& set, DoubleRoundingByChannel) {
  return *set.double_rounding;
}
const FinishTo<Finish32>& functions(const KernelSet& set, FloatHalfEven) {
  return *set.float_half_even;
}
const FinishTo<Finish32>& functions(const KernelSet& set, DoubleProduct<int32_t>) {
  return *set.double_product;
}
const FinishTo<Finish64>& functions(const KernelSet& set, WideRounding) {
  return *set.wide_rounding;
}
const FinishTo<Finish64>& functions(const KernelSet& set, DoubleProduct<int64_t>) {
  return *set.wide_double_product;
}

Multiplier multiplier_of(Multiplier m) { return m; }
Multiplier multiplier_of(DoubleRoundingByChannel::Parameter p) { return p.multiplier; }

// Whether negative halves go down.
template <class Policy>
bool ties_away(const typename Policy::Parameter& parameter) {
  if constexpr (std::is_same_v<Policy, DoubleRoundingByChannel>) return !parameter.half_up;
  return std::is_same_v<Policy, DoubleRounding>;
}

}  // namespace

template <class T>
RequantizingFinish RequantizingFinish::to(const KernelSet& set,
                                          const AnyRequantization& requantization) {
  return std::visit(
      [&]<class Policy>(const Requantization<Policy>& source) {
        RequantizingFinish result;
        const auto function = for_output<T>(functions(set, Policy()));
        if constexpr (std::is_same_v<typename Policy::Accumulator, int64_t>) {
          result.from64_ = function;
        } else {
          result.from32_ = function;
        }
        const size_t count = source.parameters.size();
        using Parameter = typename Policy::Parameter;
        if constexpr (std::is_same_v<Parameter, float>) {
          result.kind_ = Kind::floats;
          result.floats_ = Padded<float>(count);
          std::copy(source.parameters.begin(), source.parameters.end(), result.floats_.data());
          result.saturates_ = std::is_same_v<T, int8_t> && source.min == -128 &&
                              source.max == 127 &&
                              std::all_of(source.parameters.begin(), source.parameters.end(),
                                          [](float scale) { return std::abs(scale) <= 0.5f; });
        } else if constexpr (std::is_same_v<Parameter, double>) {
          result.kind_ = Kind::doubles;
          result.doubles_ = Padded<double>(count);
          std::copy(source.parameters.begin(), source.parameters.end(), result.doubles_.data());
        } else {
          result.significands_ = Padded<int32_t>(count);
          result.exponents_ = Padded<int32_t>(count);
          result.ties_away_ = Padded<int32_t>(count);
          for (size_t i = 0; i < count; ++i) {
            const Multiplier multiplier = multiplier_of(source.parameters[i]);
            result.significands_[i] = multiplier.significand;
            result.exponents_[i] = multiplier.exponent;
            result.ties_away_[i] = ties_away<Policy>(source.parameters[i]) ? 1 : 0;
          }
        }
        result.zero_point_ = source.zero_point;
        result.min_ = source.min;
        result.max_ = source.max;
        return result;
      },
      requantization);
}

template RequantizingFinish RequantizingFinish::to<int8_t>(const KernelSet&,
                                                           const AnyRequantization&);
template RequantizingFinish RequantizingFinish::to<uint8_t>(const KernelSet&,
                                                            const AnyRequantization&);
template RequantizingFinish RequantizingFinish::to<int16_t>(const KernelSet&,
                                                            const AnyRequantization&);

Finish RequantizingFinish::from_channel(int32_t channel, Storage& storage) const {
  Finish finish{from32_, from64_, nullptr};
  switch (kind_) {
    case Kind::multipliers:
      storage.multipliers = {significands_.data() + channel,
                             exponents_.data() + channel,
                             ties_away_.data() + channel,
                             zero_point_,
                             min_,
                             max_};
      finish.parameters = &storage.multipliers;
      break;
    case Kind::floats:
      storage.floats = {floats_.data() + channel, zero_point_, min_, max_, saturates_};
      finish.parameters = &storage.floats;
      if (saturates_) finish.saturating = &storage.floats;
      break;
    case Kind::doubles:
      storage.doubles = {doubles_.data() + channel, zero_point_, min_, max_};
      finish.parameters = &storage.doubles;
      break;
  }
  return finish;
}

Start::Start(std::span<const int64_t> bias, int32_t offset, std::span<const int32_t> weight_sums)
    : narrow(weight_sums.size()), wide(weight_sums.size()) {
  for (size_t i = 0; i < weight_sums.size(); ++i) {
    const int64_t correction = int64_t{offset} * weight_sums[i];
    const uint64_t value =
        static_cast<uint64_t>(bias.empty() ? 0 : bias[i]) - static_cast<uint64_t>(correction);
    wide[i] = static_cast<int64_t>(value);
    narrow[i] = static_cast<int32_t>(static_cast<uint32_t>(value));
  }
}

}  // namespace litesmith::kernels
