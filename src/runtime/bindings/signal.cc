// TFLite Micro's Signal operators: its integers in every arithmetic.
#include "ops/signal.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>

#include "base/arena.h"
#include "base/error.h"
#include "kernels/real_fft.h"
#include "kernels/signal.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/operands.h"

namespace litesmith::bindings {
namespace {

void require_types(const BindContext& context, std::initializer_list<DType> types) {
  size_t i = 0;
  for (const DType type : types) {
    if (context.input(i++).dtype != type) context.unsupported();
  }
}

// An operand, in the memory of a run.
template <class T>
std::span<const T> elements(const StepMemory& memory, size_t operand, size_t count) {
  return {memory.in<T>(operand), count};
}

size_t count_of(const Value& value) { return static_cast<size_t>(element_count(value.shape)); }

}  // namespace

BoundKernel signal_window(const BindContext& context) {
  require_types(context, {DType::int16, DType::int16});
  return {[count = count_of(context.input(0)), size = count_of(context.input(1)),
           shift = context.op<SignalWindow>().shift](const StepMemory& memory) {
    kernels::apply_window(elements<int16_t>(memory, 0, count), elements<int16_t>(memory, 1, size),
                          shift, memory.out<int16_t>());
  }};
}

BoundKernel signal_fft_auto_scale(const BindContext& context) {
  require_types(context, {DType::int16});
  return {[count = count_of(context.input(0))](const StepMemory& memory) {
    *memory.out<int32_t>(1) =
        kernels::scale_for_fft(elements<int16_t>(memory, 0, count), memory.out<int16_t>(0));
  }};
}

BoundKernel signal_rfft(const BindContext& context) {
  const auto& op = context.op<SignalRfft>();
  if (context.input(0).dtype != DType::int16 || op.type != static_cast<int32_t>(DType::int16)) {
    context.unsupported("only the one of int16 is there");
  }
  if (!kernels::RealFft::fits(op.fft_length)) {
    context.unsupported("fft_length is " + std::to_string(op.fft_length) +
                        ", no power of two from 4 on");
  }
  const auto fft = std::make_shared<const kernels::RealFft>(op.fft_length);
  const auto given = static_cast<size_t>(context.input(0).shape.back());
  const auto length = static_cast<size_t>(op.fft_length);
  const size_t rows = given == 0 ? 0 : count_of(context.input(0)) / given;
  const size_t padded_bytes = round_up(length * sizeof(int16_t));
  return {[=](const StepMemory& memory) {
            auto* const padded = reinterpret_cast<int16_t*>(memory.scratch);
            auto* const spectra = reinterpret_cast<kernels::Complex16*>(memory.out<int16_t>());
            for (size_t row = 0; row < rows; ++row) {
              std::fill(std::copy_n(memory.in<int16_t>(0) + row * given, given, padded),
                        padded + length, int16_t{0});
              fft->run(padded, spectra + row * (length / 2 + 1), memory.scratch + padded_bytes);
            }
          },
          padded_bytes + fft->scratch_bytes()};
}

BoundKernel signal_energy(const BindContext& context) {
  require_types(context, {DType::int16});
  const auto& op = context.op<SignalEnergy>();
  const auto first = static_cast<size_t>(op.start_index);
  const size_t count = static_cast<size_t>(op.end_index) - first;
  return {[bins = count_of(context.output()), first, count](const StepMemory& memory) {
    auto* const out = memory.out<uint32_t>();
    std::fill_n(out, bins, 0u);
    const auto* const spectrum = reinterpret_cast<const kernels::Complex16*>(memory.in<int16_t>(0));
    kernels::energies({spectrum + first, count}, out + first);
  }};
}

BoundKernel signal_filter_bank(const BindContext& context) {
  require_types(context, {DType::uint32, DType::int16, DType::int16, DType::int16, DType::int16,
                          DType::int16});
  const kernels::FilterBank bank = {.channels = context.op<SignalFilterBank>().num_channels,
                                    .weights = constant_operand<int16_t>(context, 1),
                                    .unweights = constant_operand<int16_t>(context, 2),
                                    .first_bins = constant_operand<int16_t>(context, 3),
                                    .first_weights = constant_operand<int16_t>(context, 4),
                                    .widths = constant_operand<int16_t>(context, 5)};
  if (!bank.fits(count_of(context.input(0)))) {
    context.unsupported("its filters reach beyond their weights or the spectrum");
  }
  return {[bank](const StepMemory& memory) {
    bank.run(memory.in<uint32_t>(0), memory.out<uint64_t>());
  }};
}

BoundKernel signal_filter_bank_square_root(const BindContext& context) {
  require_types(context, {DType::uint64, DType::int32});
  return {[count = count_of(context.input(0))](const StepMemory& memory) {
    const int32_t shift = *memory.in<int32_t>(1);
    if (shift < 0 || shift > 31) {
      throw Error(ErrorCode::data, "roots are to be shifted by " + std::to_string(shift) + " bits");
    }
    kernels::square_roots(elements<uint64_t>(memory, 0, count), shift, memory.out<uint32_t>());
  }};
}

BoundKernel signal_filter_bank_spectral_subtraction(const BindContext& context) {
  constexpr size_t kNoise = 1;  // the hidden state
  require_types(context, {DType::uint32});
  const Value* noise = context.optional_input(kNoise);
  if (noise == nullptr || !noise->is_variable) context.unsupported("its state has no variable");
  const auto& op = context.op<SignalFilterBankSpectralSubtraction>();
  const auto bits = [](int32_t option) { return static_cast<uint32_t>(option); };
  const kernels::SpectralSubtraction subtraction = {
      .smoothing = {bits(op.smoothing), bits(op.alternate_smoothing)},
      .one_minus_smoothing = {bits(op.one_minus_smoothing), bits(op.alternate_one_minus_smoothing)},
      .min_signal_remaining = bits(op.min_signal_remaining),
      .smoothing_bits = op.smoothing_bits,
      .bits = op.spectral_subtraction_bits,
      .clamping = op.clamping};
  return {[subtraction, count = count_of(context.input(0))](const StepMemory& memory) {
    auto* const estimate = variable_operand<uint32_t>(memory, kNoise);
    subtraction.run(elements<uint32_t>(memory, 0, count), memory.out<uint32_t>(0), estimate);
    std::copy_n(estimate, count, memory.out<uint32_t>(1));
  }};
}

BoundKernel signal_pcan(const BindContext& context) {
  require_types(context, {DType::uint32, DType::uint32, DType::int16});
  if (count_of(context.input(2)) < kernels::kGainTable) {
    context.unsupported("its table has fewer than " + std::to_string(kernels::kGainTable) +
                        " elements");
  }
  return {[count = count_of(context.input(0)),
           shift = context.op<SignalPcan>().snr_shift](const StepMemory& memory) {
    kernels::control_gain(elements<uint32_t>(memory, 0, count), memory.in<uint32_t>(1),
                          memory.in<int16_t>(2), shift, memory.out<uint32_t>());
  }};
}

BoundKernel signal_filter_bank_log(const BindContext& context) {
  require_types(context, {DType::uint32});
  const auto& op = context.op<SignalFilterBankLog>();
  return {[count = count_of(context.input(0)), bits = op.input_correction_bits,
           scale = static_cast<uint32_t>(op.output_scale)](const StepMemory& memory) {
    kernels::logarithms(elements<uint32_t>(memory, 0, count), bits, scale, memory.out<int16_t>());
  }};
}

}  // namespace litesmith::bindings
