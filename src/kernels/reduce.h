// MEAN, SUM, REDUCE_MAX and REDUCE_MIN over any dimensions.
//
// Neighbouring dimensions that are all reduced, or all kept, are merged; the innermost group is a
// run of contiguous elements, either reduced to one value or combined with a row of accumulators
// element by element. Accumulators live in scratch memory, one an output. The order of the terms of
// a float sum is fixed by that (and by sum.h within a run), whatever the instruction set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

class Reduction {
 public:
  static constexpr size_t max_rank = 8;  // after merging

  // Throws Error(unsupported) when more than max_rank groups of dimensions remain.
  Reduction(std::span<const int32_t> shape, const std::vector<bool>& reduced);

  int64_t outputs() const { return outputs_; }
  int64_t terms() const { return terms_; }  // of each output
  int64_t run() const { return run_; }
  bool reduces_runs() const { return reduces_runs_; }

  // Calls body(offset in input, offset in output) for each run, in the input's order.
  template <class Body>
  void for_each_run(Body&& body) const {
    std::array<int64_t, max_rank> index{};
    int64_t out = 0;
    for (int64_t i = 0; i < runs_; ++i) {
      body(i * run_, out);
      for (size_t d = 0; d < rank_; ++d) {
        out += axes_[d].stride;
        if (++index[d] < axes_[d].size) break;
        index[d] = 0;
        out -= axes_[d].size * axes_[d].stride;
      }
    }
  }

 private:
  struct Axis {
    int64_t size;
    int64_t stride;  // in the output; 0 when reduced
  };
  std::array<Axis, max_rank> axes_{};  // outside the run, innermost first
  size_t rank_ = 0;
  int64_t run_ = 1;
  int64_t runs_ = 1;
  bool reduces_runs_ = false;
  int64_t outputs_ = 1;
  int64_t terms_ = 1;
};

// The sum of each output's terms, in `sums`. Integers wrap.
void sum(const Reduction& reduction, const float* in, float* sums);
template <class T, class Sum>
void sum(const Reduction& reduction, const T* in, Sum* sums);

template <class T>
void largest(const Reduction& reduction, const T* in, T* out);
template <class T>
void smallest(const Reduction& reduction, const T* in, T* out);

// From the sums of quantized terms to quantized outputs. Four ways, one for each of LiteRT's
// implementations; all but the last take the sum of the raw codes.

// reference/reduce.h: the input's zero point leaves the sum, then one multiplier.
struct ScaledSum {
  Multiplier multiplier;
  int64_t offset = 0;  // zero_point_in * terms
  int32_t zero_point_out = 0;
};
// The multiplier of a mean holds the division by the number of terms.
Multiplier mean_multiplier(Multiplier scale, int64_t terms);
template <class T>
void finish(const ScaledSum& scaled, const int32_t* sums, T* out, int64_t count);

// optimized/integer_ops/mean.h, means over height and width: the zero point is taken into account
// after the scaling, and whole groups of 16 channels round halves up.
struct SpatialMean {
  Multiplier multiplier;
  int32_t bias = 0;
};
SpatialMean prepare_spatial_mean(float scale_in, int32_t zero_point_in, float scale_out,
                                 int32_t zero_point_out, int64_t terms);
template <class T>
void finish(const SpatialMean& mean, const int32_t* sums, T* out, int64_t count, int64_t channels);

// optimized/reduce.h, SUM: float, halves away from zero.
struct FloatSum {
  float scale = 1;
  float bias = 0;
  int32_t zero_point_out = 0;
};
FloatSum prepare_float_sum(float scale_in, int32_t zero_point_in, float scale_out,
                           int32_t zero_point_out, int64_t terms);
template <class T>
void finish(const FloatSum& sum, const int32_t* sums, T* out, int64_t count);

// XNNPACK: float, halves to even.
struct XnnpackSum {
  float scale = 1;
  float zero_point_out = 0;  // less what the input's zero point adds up to
};
XnnpackSum prepare_xnnpack_sum(float scale_in, int32_t zero_point_in, float scale_out,
                               int32_t zero_point_out, int64_t terms, bool mean);
template <class T>
void finish(const XnnpackSum& sum, const int32_t* sums, T* out, int64_t count);

}  // namespace litesmith::kernels
