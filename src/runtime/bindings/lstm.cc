// LSTM and UNIDIRECTIONAL_SEQUENCE_LSTM: which kernel takes the operands' types, and its parameters
// (LiteRT kernels/unidirectional_sequence_lstm.cc, lstm.cc).
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <type_traits>

#include "kernels/kernel_set.h"
#include "kernels/lstm.h"
#include "kernels/micro_lstm.h"
#include "ops/lstm.h"
#include "ops/lstm_operands.h"
#include "ops/unidirectional_sequence_lstm.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/operands.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

using namespace lstm;
using kernels::Multiplier;

struct Attributes {
  Activation activation;
  float cell_clip;
  float proj_clip;
  bool asymmetric_inputs;
};

kernels::LstmActivation to_kernel(const BindContext& context, Activation activation) {
  switch (activation) {
    case Activation::none:
      return kernels::LstmActivation::none;
    case Activation::relu:
      return kernels::LstmActivation::relu;
    case Activation::relu_n1_to_1:
      return kernels::LstmActivation::relu_n1_to_1;
    case Activation::relu6:
      return kernels::LstmActivation::relu6;
    case Activation::tanh:
      return kernels::LstmActivation::tanh;
    case Activation::sign_bit:
      break;
  }
  context.unsupported("no kernel has this activation");
}

template <class T>
std::array<std::span<const T>, 4> gates(const BindContext& context, size_t first) {
  std::array<std::span<const T>, 4> result;
  for (size_t gate = 0; gate < 4; ++gate) result[gate] = constant_operand<T>(context, first + gate);
  return result;
}

// LiteRT takes 1 for what is absent.
float scale_of(const BindContext& context, size_t operand) {
  const Value* value = context.optional_input(operand);
  return value == nullptr ? 1.0f : per_tensor(*value).scale;
}
// Peepholes stand in the places of the input, forget and output gate.
constexpr std::array<size_t, 4> kPeephole = {kCellWeights, kCellWeights + 1, 0, kCellWeights + 2};

template <class Weight>
kernels::LstmWeights<Weight> weights_of(const BindContext& context) {
  kernels::LstmWeights<Weight> weights;
  weights.input = gates<Weight>(context, kInputWeights);
  weights.recurrent = gates<Weight>(context, kRecurrentWeights);
  weights.bias = gates<float>(context, kBias);
  weights.layer_norm = gates<float>(context, kLayerNorm);
  weights.projection = constant_operand<Weight>(context, kProjectionWeights);
  weights.projection_bias = constant_operand<float>(context, kProjectionBias);
  return weights;
}

BoundKernel bind_float(const BindContext& context, const kernels::LstmShape& shape,
                       const kernels::LstmOptions& options) {
  auto weights = weights_of<float>(context);
  for (const size_t gate : {kInputGate, kForgetGate, kOutputGate}) {
    weights.peephole[gate] = constant_operand<float>(context, kPeephole[gate]);
  }
  const auto kernel = std::make_shared<const kernels::FloatLstm>(kernels::kernel_set(context.isa),
                                                                 shape, weights, options);
  return {[kernel](const StepMemory& memory) {
            kernel->run(memory.in<float>(kInput), variable_operand<float>(memory, kOutputState),
                        variable_operand<float>(memory, kCellState), memory.out<float>(),
                        memory.scratch, memory.ranges);
          },
          kernel->scratch_bytes()};
}

BoundKernel bind_hybrid(const BindContext& context, const kernels::LstmShape& shape,
                        const kernels::LstmOptions& options, bool asymmetric) {
  auto weights = weights_of<int8_t>(context);
  kernels::HybridLstm::Scales scales{};
  auto peepholes = std::make_shared<std::array<std::vector<float>, 4>>();
  for (size_t gate = 0; gate < 4; ++gate) {
    scales.input[gate] = scale_of(context, kInputWeights + gate);
    scales.recurrent[gate] = scale_of(context, kRecurrentWeights + gate);
    if (gate == kCellGate) continue;
    (*peepholes)[gate] = real_operand(context, kPeephole[gate]);
    weights.peephole[gate] = (*peepholes)[gate];
  }
  scales.projection = scale_of(context, kProjectionWeights);
  const auto kernel = std::make_shared<const kernels::HybridLstm>(
      kernels::kernel_set(context.isa), shape, weights, scales,
      asymmetric ? kernels::DynamicScheme::asymmetric : kernels::DynamicScheme::symmetric, options);
  return {[kernel, peepholes](const StepMemory& memory) {
            kernel->run(memory.in<float>(kInput), variable_operand<float>(memory, kOutputState),
                        variable_operand<float>(memory, kCellState), memory.out<float>(),
                        memory.scratch);
          },
          kernel->scratch_bytes()};
}

// bias + zero_point * the sums of the matrix's rows
template <class Sum>
std::vector<Sum> start_of(std::span<const int8_t> matrix, size_t rows, int32_t zero_point,
                          std::span<const Sum> bias) {
  using Bits = std::make_unsigned_t<Sum>;
  std::vector<Sum> start(rows);
  for (size_t row = 0; row < rows && !matrix.empty(); ++row) {
    const size_t columns = matrix.size() / rows;
    int32_t sum = 0;
    for (size_t i = 0; i < columns; ++i) sum += matrix[row * columns + i];
    const Bits product = static_cast<Bits>(Sum{sum}) * static_cast<Bits>(Sum{zero_point});
    start[row] =
        static_cast<Sum>(product + (bias.empty() ? Bits{0} : static_cast<Bits>(bias[row])));
  }
  return start;
}

// What lies between a gate's matrices and its activation, by the file's intermediate tensors:
// Q3.12, or what layer normalization takes.
std::array<float, 4> scales_of_sums(const BindContext& context, bool normalizes) {
  std::array<float, 4> scales;
  scales.fill(0x1p-12f);
  for (size_t gate = 0; gate < 4 && normalizes; ++gate) {
    scales[gate] = per_tensor(*context.node.intermediates.at(gate)).scale;
  }
  return scales;
}

// The scales' products and quotients are taken in float, as LiteRT takes them.
BoundKernel bind_integer(const BindContext& context, const kernels::LstmShape& shape,
                         const Attributes& attributes) {
  // With twelve there is another, older kernel: LiteRT's 8x8_8.
  if (context.node.intermediates.size() != 5) {
    context.unsupported("an int8 one has five intermediate tensors with scales, not " +
                        std::to_string(context.node.intermediates.size()));
  }
  if (attributes.activation != Activation::tanh) {
    context.unsupported("an int8 one has the activation TANH");
  }
  const Value& input = context.input(kInput);
  const Value& output_state = context.input(kOutputState);
  const Value& cell_state = context.input(kCellState);
  const Value& hidden = *context.node.intermediates[4];
  if (cell_state.dtype != DType::int16 || output_state.dtype != DType::int8) {
    context.unsupported("its states are not int8 and int16");
  }
  kernels::IntegerLstm::Parameters p;
  const float cell_scale = per_tensor(cell_state).scale;
  const float exponent = std::log2(cell_scale);
  p.cell_exponent = static_cast<int>(std::round(exponent));
  if (!(std::abs(exponent - std::round(exponent)) < 1e-3f) || p.cell_exponent < -15 ||
      p.cell_exponent > -9) {
    context.unsupported("the scale of '" + cell_state.name +
                        "' is no power of two from 2^-15 to "
                        "2^-9");
  }
  const bool normalizes = context.optional_input(kLayerNorm + kForgetGate) != nullptr;
  const bool peephole = context.optional_input(kCellWeights + 2) != nullptr;
  if (peephole && shape.outputs > shape.cells) {
    context.unsupported("LiteRT's peepholes read beyond the cells where there are more outputs");
  }
  const std::array<float, 4> sums = scales_of_sums(context, normalizes);
  const float input_scale = per_tensor(input).scale;
  const float state_scale = per_tensor(output_state).scale;
  const auto cells = static_cast<size_t>(shape.cells);
  for (size_t gate = 0; gate < 4; ++gate) {
    auto& to = p.gates[gate];
    to.input = constant_operand<int8_t>(context, kInputWeights + gate);
    to.recurrent = constant_operand<int8_t>(context, kRecurrentWeights + gate);
    if (to.input.empty()) continue;
    const auto bias = constant_operand<int32_t>(context, kBias + gate);
    to.input_start = start_of<int32_t>(to.input, cells, -per_tensor(input).zero_point,
                                       normalizes ? std::span<const int32_t>{} : bias);
    to.recurrent_start =
        start_of<int32_t>(to.recurrent, cells, -per_tensor(output_state).zero_point, {});
    to.input_multiplier = kernels::quantize_multiplier(scale_of(context, kInputWeights + gate) *
                                                       input_scale / sums[gate]);
    to.recurrent_multiplier = kernels::quantize_multiplier(
        scale_of(context, kRecurrentWeights + gate) * state_scale / sums[gate]);
    if (gate != kCellGate && peephole) {
      to.peephole = constant_operand<int16_t>(context, kPeephole[gate]);
      to.peephole_multiplier = kernels::quantize_multiplier(
          static_cast<float>(std::ldexp(1.0, p.cell_exponent) *
                             double{scale_of(context, kPeephole[gate])} / double{sums[gate]}));
    }
    if (normalizes) {
      const float scale = scale_of(context, kLayerNorm + gate);
      to.layer_norm = constant_operand<int16_t>(context, kLayerNorm + gate);
      to.layer_norm_bias = bias;
      to.layer_norm_multiplier = kernels::quantize_multiplier(scale);
      to.variance_guard = std::max(1, static_cast<int32_t>(10000 * scale));
    }
  }
  auto clip_of = [](float clip, float scale, float lowest, float highest) {
    return clip > 0 ? std::min(std::max(clip / scale, lowest), highest) : 0.0f;
  };
  p.cell_clip =
      static_cast<int16_t>(clip_of(attributes.cell_clip, cell_scale, -32768.0f, 32767.0f));
  const float output_scale = per_tensor(context.output()).scale;
  p.proj_clip = static_cast<int8_t>(clip_of(attributes.proj_clip, output_scale, -128.0f, 127.0f));
  const float hidden_scale = per_tensor(hidden).scale;
  p.hidden_multiplier =
      kernels::quantize_multiplier(static_cast<float>(0x1p-15 / double{hidden_scale} * 0x1p-15));
  p.hidden_zero_point = per_tensor(hidden).zero_point;
  p.output_zero_point = per_tensor(output_state).zero_point;
  p.projection = constant_operand<int8_t>(context, kProjectionWeights);
  p.projection_start =
      start_of<int32_t>(p.projection, static_cast<size_t>(shape.outputs), p.hidden_zero_point,
                        constant_operand<int32_t>(context, kProjectionBias));
  p.projection_multiplier = kernels::quantize_multiplier(scale_of(context, kProjectionWeights) *
                                                         hidden_scale / state_scale);
  const auto kernel = std::make_shared<const kernels::IntegerLstm>(shape, std::move(p));
  return {[kernel](const StepMemory& memory) {
            kernel->run(memory.in<int8_t>(kInput), variable_operand<int8_t>(memory, kOutputState),
                        variable_operand<int16_t>(memory, kCellState), memory.out<int8_t>(),
                        memory.scratch);
          },
          kernel->scratch_bytes()};
}

// What TFLite Micro has of it: the plain layer.
bool is_plain(const BindContext& context) {
  const auto has = [&](size_t operand) { return context.optional_input(operand) != nullptr; };
  const bool coupled = !has(kInputWeights + kInputGate);
  const bool peephole = has(kCellWeights + 1) || has(kCellWeights + 2);
  const bool normalizes = has(kLayerNorm + kForgetGate);
  return !coupled && !peephole && !normalizes && !has(kProjectionWeights);
}

// Input, output and output state are of type T. All products and quotients of scales are taken in
// double.
template <class T>
BoundKernel bind_micro(const BindContext& context, const kernels::LstmShape& shape,
                       const Attributes& attributes) {
  const Value& output_state = context.input(kOutputState);
  const Value& cell_state = context.input(kCellState);
  using Kernel = kernels::MicroLstm<T>;
  using Sum = typename Kernel::Sum;
  if (attributes.activation != Activation::tanh) {
    context.unsupported("an integer one has the activation TANH");
  }
  if (cell_state.dtype != DType::int16 || output_state.dtype != dtype_of<T>()) {
    context.unsupported("its states are not " + std::string(to_string(dtype_of<T>())) +
                        " and int16");
  }
  const float cell_scale = per_tensor(cell_state).scale;
  const auto exponent = kernels::checked_log2(cell_scale);
  if (!exponent.is_power_of_two || exponent.exponent < -15 || exponent.exponent > 0) {
    context.unsupported("the scale of '" + cell_state.name +
                        "' is no power of two from 2^-15 to 2^0");
  }
  const Affine state = per_tensor(output_state);
  typename Kernel::Parameters p;
  const auto cells = static_cast<size_t>(shape.cells);
  for (size_t gate = 0; gate < 4; ++gate) {
    auto& to = p.gates[gate];
    to.input = constant_operand<int8_t>(context, kInputWeights + gate);
    to.recurrent = constant_operand<int8_t>(context, kRecurrentWeights + gate);
    const Affine input = per_tensor(context.input(kInput));
    to.input_start = start_of<Sum>(to.input, cells, -input.zero_point,
                                   constant_operand<Sum>(context, kBias + gate));
    to.recurrent_start = start_of<Sum>(to.recurrent, cells, -state.zero_point, {});
    auto multiplier = [&](float scale, size_t weights) {
      return kernels::quantize_multiplier(
          double{scale} * double{scale_of(context, weights)} / 0x1p-12,
          Kernel::Rounding::max_exponent);
    };
    to.input_multiplier = multiplier(input.scale, kInputWeights + gate);
    to.recurrent_multiplier = multiplier(state.scale, kRecurrentWeights + gate);
  }
  const int shift = exponent.exponent + 12;
  p.tanh_of_cells = shift >= 0 ? kernels::power_of_two_sigmoid(shift)
                               : kernels::SigmoidScale{.multiplier = 3, .shift = -shift};
  if (attributes.cell_clip > 0) {
    p.cell_clip =
        static_cast<int16_t>(std::min(double{attributes.cell_clip} / double{cell_scale}, 32767.0));
  }
  p.keeping = kernels::quantize_multiplier(0x1p-15 * double{cell_scale} / double{cell_scale});
  p.entering = kernels::quantize_multiplier(0x1p-30 / double{cell_scale});
  p.hidden = kernels::quantize_multiplier(0x1p-30 / double{state.scale});
  p.output_zero_point = state.zero_point;
  const auto kernel = std::make_shared<const Kernel>(shape, std::move(p));
  return {[kernel](const StepMemory& memory) {
            kernel->run(memory.in<T>(kInput), variable_operand<T>(memory, kOutputState),
                        variable_operand<int16_t>(memory, kCellState), memory.out<T>(),
                        memory.scratch);
          },
          kernel->scratch_bytes()};
}

BoundKernel bind(const BindContext& context, const LstmSizes& sizes, const Attributes& attributes) {
  const kernels::LstmShape shape = {.batch = sizes.batch,
                                    .steps = sizes.steps,
                                    .inputs = sizes.inputs,
                                    .cells = sizes.cells,
                                    .outputs = sizes.outputs,
                                    .time_major = sizes.time_major};
  if (std::min({sizes.inputs, sizes.cells, sizes.outputs}) < 1)
    context.unsupported("empty weights");
  if (!(attributes.cell_clip >= 0) || !(attributes.proj_clip >= 0)) {
    context.unsupported("a clip below zero");
  }
  for (size_t gate = 0; gate < 4; ++gate) {
    const Value* recurrent = context.optional_input(kRecurrentWeights + gate);
    if (recurrent != nullptr && recurrent->shape.size() == 1) {
      context.unsupported("recurrent weights that are a diagonal");
    }
  }
  const DType input = context.input(kInput).dtype;
  const DType weights = context.input(kInputWeights + kOutputGate).dtype;
  if (input == DType::int8 && weights == DType::int8) {
    return context.arithmetic == Arithmetic::tflm && is_plain(context)
               ? bind_micro<int8_t>(context, shape, attributes)
               : bind_integer(context, shape, attributes);
  }
  if (input == DType::int16 && weights == DType::int8) {
    if (context.arithmetic != Arithmetic::tflm) {
      context.unsupported("LiteRT has no kernel for int16; --arithmetic tflm has");
    }
    if (!is_plain(context) || &context.node.op.def() != &UnidirectionalSequenceLstm::definition()) {
      context.unsupported(
          "TFLite Micro's is the sequence without peepholes, projection, "
          "normalization and coupled gates");
    }
    return bind_micro<int16_t>(context, shape, attributes);
  }
  if (input != DType::float32) context.unsupported();
  const kernels::LstmOptions options = {.activation = to_kernel(context, attributes.activation),
                                        .cell_clip = attributes.cell_clip,
                                        .proj_clip = attributes.proj_clip};
  if (weights == DType::float32) return bind_float(context, shape, options);
  if (weights != DType::int8) context.unsupported();
  return bind_hybrid(context, shape, options, attributes.asymmetric_inputs);
}

}  // namespace

BoundKernel unidirectional_sequence_lstm(const BindContext& context) {
  const auto& op = context.op<UnidirectionalSequenceLstm>();
  return bind(context, lstm_sizes(context.node, true, op.time_major),
              {op.activation, op.cell_clip, op.proj_clip, op.asymmetric_quantize_inputs});
}

BoundKernel lstm_step(const BindContext& context) {
  const auto& op = context.op<Lstm>();
  if (op.kernel_type == LstmKernel::basic) context.unsupported("the BASIC kernel");
  return bind(context, lstm_sizes(context.node, false, true),
              {op.activation, op.cell_clip, op.proj_clip, op.asymmetric_quantize_inputs});
}

}  // namespace litesmith::bindings
