// A convolution, depthwise, dense or transposed layer with what its bindings ask about it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "kernels/kernel_set.h"
#include "runtime/bindings/convolution.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {

struct Layout {
  const BindContext& context;
  const Convolution& convolution;
  bool xnnpack;  // the node runs as XNNPACK does it
  const Value& input;
  const Value& filter;
  const Value* bias;
  const Value& output;
  kernels::PooledOutputs pooled;

  bool reference() const { return context.by_reference(); }
  bool micro() const { return context.arithmetic == Arithmetic::tflm; }
  // LiteRT's optimized convolution runs grouped ones with its reference kernel.
  bool as_reference() const {
    return reference() || (convolution.layer == Layer::conv && convolution.shape.groups != 1);
  }
  int32_t channel_dimension() const { return convolution.layer == Layer::depthwise ? 3 : 0; }
  std::vector<float> weight_scales() const {
    return channel_scales(filter, convolution.shape.output_channels, channel_dimension());
  }
  const kernels::KernelSet& kernel_set() const { return kernels::kernel_set(context.isa); }
  // Where vectors run over a group's outputs.
  const kernels::KernelSet& set_for_outputs() const {
    return kernels::kernel_set_for(context.isa, convolution.shape.group_outputs());
  }
  // Channels behind those that fill whole vectors; none where they are not worth a part of their
  // own (split_conv.h): inner loops of few steps, as many terms of a channel in each as `group`
  // says, cost less than the second walk over the outputs, and dense layers wait for their weights.
  int32_t few_behind(int32_t group) const {
    constexpr size_t kLeastSteps = 16;
    const kernels::ConvShape& shape = convolution.shape;
    const int32_t rest = shape.output_channels % kernel_set().lanes;
    const size_t terms = shape.taps() * static_cast<size_t>(shape.input_channels);
    const bool pays = rest > 0 && rest < shape.output_channels && shape.groups == 1 &&
                      convolution.layer != Layer::dense &&
                      terms / static_cast<size_t>(group) >= kLeastSteps &&
                      &kernels::kernel_set_for(context.isa, rest) != &kernel_set();
    return pays ? rest : 0;
  }
  bool constant() const { return filter.is_constant() && (bias == nullptr || bias->is_constant()); }
};

// The elements of a constant, as many as its shape says.
template <class T>
std::span<const T> elements(const Value& value) {
  const std::span<const T> result = value.elements<T>();
  if (result.size() != static_cast<size_t>(element_count(value.shape))) {
    throw Error(ErrorCode::format, "constant '" + value.name + "' does not fill its shape");
  }
  return result;
}

}  // namespace litesmith::bindings
