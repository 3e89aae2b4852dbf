#include "kernels/reduce.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "kernels/convert.h"
#include "kernels/sum.h"

namespace litesmith::kernels {
namespace {

template <class T, class Combine>
void extremum(const Reduction& reduction, const T* in, T* out, T start, Combine combine) {
  std::fill_n(out, reduction.outputs(), start);
  const int64_t run = reduction.run();
  reduction.for_each_run([&](int64_t from, int64_t to) {
    if (reduction.reduces_runs()) {
      T result = out[to];
      for (int64_t i = 0; i < run; ++i) result = combine(result, in[from + i]);
      out[to] = result;
    } else {
      for (int64_t i = 0; i < run; ++i) out[to + i] = combine(out[to + i], in[from + i]);
    }
  });
}

template <class T>
T clamped(int32_t x) {
  return static_cast<T>(
      std::clamp<int32_t>(x, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

}  // namespace

Reduction::Reduction(std::span<const int32_t> shape, const std::vector<bool>& reduced) {
  struct Group {
    bool reduced;
    int64_t size;
  };
  std::vector<Group> groups;  // innermost first
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 1) continue;
    if (!groups.empty() && groups.back().reduced == reduced[i]) {
      groups.back().size *= shape[i];
    } else {
      groups.push_back({reduced[i], shape[i]});
    }
  }
  if (groups.empty()) return;
  if (groups.size() > max_rank + 1) {
    throw Error(ErrorCode::unsupported, "a reduction over " + std::to_string(groups.size()) +
                                            " separate groups of dimensions");
  }
  reduces_runs_ = groups[0].reduced;
  run_ = groups[0].size;
  for (const Group& group : groups) (group.reduced ? terms_ : outputs_) *= group.size;
  int64_t stride = reduces_runs_ ? 1 : run_;
  for (size_t i = 1; i < groups.size(); ++i) {
    axes_[rank_++] = {groups[i].size, groups[i].reduced ? 0 : stride};
    if (!groups[i].reduced) stride *= groups[i].size;
    runs_ *= groups[i].size;
  }
  if (run_ == 0) runs_ = 0;
}

void sum(const Reduction& reduction, const float* in, float* sums) {
  std::fill_n(sums, reduction.outputs(), 0.0f);
  const int64_t run = reduction.run();
  reduction.for_each_run([&](int64_t from, int64_t to) {
    if (reduction.reduces_runs()) {
      sums[to] += sum_in_tree(run, [&](int64_t i) { return in[from + i]; });
    } else {
      for (int64_t i = 0; i < run; ++i) sums[to + i] += in[from + i];
    }
  });
}

template <class T, class Sum>
void sum(const Reduction& reduction, const T* in, Sum* sums) {
  std::fill_n(sums, reduction.outputs(), Sum{0});
  const int64_t run = reduction.run();
  reduction.for_each_run([&](int64_t from, int64_t to) {
    if (reduction.reduces_runs()) {
      Sum result = sums[to];
      for (int64_t i = 0; i < run; ++i) result = wrapping_add<Sum>(result, in[from + i]);
      sums[to] = result;
    } else {
      for (int64_t i = 0; i < run; ++i) {
        sums[to + i] = wrapping_add<Sum>(sums[to + i], in[from + i]);
      }
    }
  });
}

template void sum(const Reduction&, const int8_t*, int32_t*);
template void sum(const Reduction&, const uint8_t*, int32_t*);
template void sum(const Reduction&, const int16_t*, int32_t*);
template void sum(const Reduction&, const int32_t*, int32_t*);
template void sum(const Reduction&, const int32_t*, int64_t*);
template void sum(const Reduction&, const int64_t*, int64_t*);

template <class T>
void largest(const Reduction& reduction, const T* in, T* out) {
  extremum(reduction, in, out, std::numeric_limits<T>::lowest(),
           [](T a, T b) { return b > a ? b : a; });
}

template <class T>
void smallest(const Reduction& reduction, const T* in, T* out) {
  extremum(reduction, in, out, std::numeric_limits<T>::max(),
           [](T a, T b) { return b < a ? b : a; });
}

template void largest(const Reduction&, const float*, float*);
template void largest(const Reduction&, const int8_t*, int8_t*);
template void largest(const Reduction&, const uint8_t*, uint8_t*);
template void largest(const Reduction&, const int16_t*, int16_t*);
template void largest(const Reduction&, const int32_t*, int32_t*);
template void largest(const Reduction&, const int64_t*, int64_t*);
template void smallest(const Reduction&, const float*, float*);
template void smallest(const Reduction&, const int8_t*, int8_t*);
template void smallest(const Reduction&, const uint8_t*, uint8_t*);
template void smallest(const Reduction&, const int16_t*, int16_t*);
template void smallest(const Reduction&, const int32_t*, int32_t*);
template void smallest(const Reduction&, const int64_t*, int64_t*);

Multiplier mean_multiplier(Multiplier scale, int64_t terms) {
  if (terms == 0) return scale;
  int shift = 63 - std::countl_zero(static_cast<uint64_t>(terms));
  shift = std::min({shift, 32, 31 + scale.exponent});
  const int64_t significand = (int64_t{scale.significand} << std::max(shift, 0)) / terms;
  return {static_cast<int32_t>(significand), scale.exponent - shift};
}

template <class T>
void finish(const ScaledSum& p, const int32_t* sums, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const auto centred = static_cast<int32_t>(int64_t{sums[i]} - p.offset);
    out[i] =
        clamped<T>(wrapping_add(DoubleRounding::apply(centred, p.multiplier), p.zero_point_out));
  }
}

template void finish(const ScaledSum&, const int32_t*, int8_t*, int64_t);
template void finish(const ScaledSum&, const int32_t*, uint8_t*, int64_t);
template void finish(const ScaledSum&, const int32_t*, int16_t*, int64_t);

SpatialMean prepare_spatial_mean(float scale_in, int32_t zero_point_in, float scale_out,
                                 int32_t zero_point_out, int64_t terms) {
  float steps = static_cast<float>(zero_point_in) * scale_in / scale_out;
  steps = steps > 0 ? steps + 0.5f : steps - 0.5f;
  SpatialMean mean;
  mean.bias = wrapping_add(zero_point_out, -to_int32_as_x86(steps));
  mean.multiplier = quantize_multiplier(scale_in / (static_cast<float>(terms) * scale_out));
  return mean;
}

template <class T>
void finish(const SpatialMean& p, const int32_t* sums, T* out, int64_t count, int64_t channels) {
  const int64_t whole = channels - channels % 16;
  for (int64_t row = 0; row < count; row += channels) {
    for (int64_t i = row; i < row + channels; ++i) {
      const int32_t x = i < row + whole ? DoubleRoundingHalfUp::apply(sums[i], p.multiplier)
                                        : DoubleRounding::apply(sums[i], p.multiplier);
      out[i] = clamped<T>(wrapping_add(x, p.bias));
    }
  }
}

template void finish(const SpatialMean&, const int32_t*, int8_t*, int64_t, int64_t);
template void finish(const SpatialMean&, const int32_t*, uint8_t*, int64_t, int64_t);

FloatSum prepare_float_sum(float scale_in, int32_t zero_point_in, float scale_out,
                           int32_t zero_point_out, int64_t terms) {
  const float scale = scale_in / scale_out;
  return {scale, static_cast<float>(-zero_point_in) * scale * static_cast<float>(terms),
          zero_point_out};
}

template <class T>
void finish(const FloatSum& p, const int32_t* sums, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const float steps = std::round(static_cast<float>(sums[i]) * p.scale + p.bias);
    out[i] = clamped<T>(wrapping_add(to_int32_as_x86(steps), p.zero_point_out));
  }
}

template void finish(const FloatSum&, const int32_t*, int8_t*, int64_t);
template void finish(const FloatSum&, const int32_t*, uint8_t*, int64_t);
template void finish(const FloatSum&, const int32_t*, int16_t*, int64_t);

XnnpackSum prepare_xnnpack_sum(float scale_in, int32_t zero_point_in, float scale_out,
                               int32_t zero_point_out, int64_t terms, bool mean) {
  const float share = mean ? 1.0f / static_cast<float>(terms) : 1.0f;
  const float scale = scale_in / scale_out * share;
  const float offset =
      static_cast<float>(static_cast<int32_t>(terms)) * static_cast<float>(zero_point_in) * scale;
  return {scale, static_cast<float>(zero_point_out) - offset};
}

template <class T>
void finish(const XnnpackSum& p, const int32_t* sums, T* out, int64_t count) {
  constexpr float kMin = std::numeric_limits<T>::min();
  constexpr float kMax = std::numeric_limits<T>::max();
  for (int64_t i = 0; i < count; ++i) {
    const float steps = static_cast<float>(sums[i]) * p.scale + p.zero_point_out;
    // The mean of nothing is no number: to the lowest.
    out[i] = static_cast<T>(std::min(kMax, std::max(kMin, std::nearbyint(steps))));
  }
}

template void finish(const XnnpackSum&, const int32_t*, int8_t*, int64_t);
template void finish(const XnnpackSum&, const int32_t*, uint8_t*, int64_t);

}  // namespace litesmith::kernels
