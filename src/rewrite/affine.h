// Ops that multiply with weights and add a bias by output channel: convolutions and dense layers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "rewrite/editor.h"

namespace litesmith {

// Such a node with plain float32 constants. Nothing in it changes when the graph does.
struct Affine {
  size_t node;
  size_t input_operand;
  size_t weights_operand;
  size_t bias_operand;
  size_t channel_dimension;  // of the weights
  size_t channels;           // of the output
  ValueId weights;
  ValueId bias;  // absent: zeros

  // How many weights of one output channel lie in a row.
  size_t in_a_row(const Shape& weights_shape) const {
    size_t count = 1;
    for (size_t d = channel_dimension + 1; d < weights_shape.size(); ++d) {
      count *= static_cast<size_t>(weights_shape[d]);
    }
    return count;
  }

  // Calls visit(flat index in the weights, output channel) for each weight in order.
  template <class Visit>
  void each_weight(const Shape& weights_shape, Visit&& visit) const {
    const size_t inner = in_a_row(weights_shape);
    size_t count = inner;
    for (size_t d = 0; d <= channel_dimension; ++d) count *= static_cast<size_t>(weights_shape[d]);
    for (size_t i = 0; i < count; ++i) visit(i, i / inner % channels);
  }
};

// The node as an affine op: weights constant, bias absent or constant.
std::optional<Affine> as_affine(const Editor& edit, size_t node);

// The bias, zeros when it is absent.
std::vector<float> bias_elements(const Editor& edit, const Affine& affine);

// A constant that has one value for all channels, or one for each and size 1 in all other
// dimensions; one element a channel.
std::optional<std::vector<float>> per_channel_constant(const Editor& edit, ValueId id,
                                                       size_t channels);

// The affine node's operands with other weights or bias, where given. What training has learned of
// the weights' scales is left behind unless `scales` says what has become of it.
std::vector<ValueId> operands_with(Editor& edit, const Affine& affine,
                                   const std::optional<Buffer>& weights,
                                   const std::optional<std::vector<float>>& bias,
                                   std::vector<double> scales = {});

// The scales that training has learned of weights that are multiplied by channel; empty when it has
// learned none.
std::vector<double> learned_scales_times(const Editor& edit, const Affine& affine,
                                         std::span<const double> factors);

}  // namespace litesmith
