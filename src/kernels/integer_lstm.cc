// IntegerLstm: LiteRT's EvalInteger8x8_16 (kernels/lstm_eval.cc, portable_tensor_utils.cc), whose
// every rounding it has.
#include <algorithm>
#include <limits>

#include "kernels/fixed_point_functions.h"
#include "kernels/lstm.h"
#include "kernels/rsqrt.h"

namespace litesmith::kernels {
namespace {

// The sums to mean 0 and variance 1 in steps of 2^-10, times the coefficients, and the bias, which
// is in steps of 2^-10 of the coefficients' scale; then Q3.12.
void normalize(const IntegerLstm::Gate& gate, int16_t* sums, int32_t n) {
  constexpr int32_t kUnit = 1 << 20;
  int64_t sum = 0;
  int64_t squares = 0;
  for (int32_t i = 0; i < n; ++i) {
    sum += sums[i];
    squares += int32_t{sums[i]} * sums[i];
  }
  const auto mean = static_cast<int32_t>(sum * 1024 / n);
  const int64_t variance = squares * (kUnit / n) - int64_t{mean} * mean;
  auto steps = static_cast<int32_t>(variance / kUnit);
  if (steps < 1) steps = gate.variance_guard;
  const Multiplier inverse = inverse_square_root(steps);
  for (int32_t i = 0; i < n; ++i) {
    const auto at = static_cast<size_t>(i);
    const int32_t rescaled = DoubleRounding::apply(1024 * sums[i] - mean, inverse);
    const auto product = static_cast<int32_t>(static_cast<uint32_t>(rescaled) *
                                              static_cast<uint32_t>(int32_t{gate.layer_norm[at]}));
    const int64_t biased = wrapping_add(product, gate.layer_norm_bias[at]);
    const auto tenth = static_cast<int32_t>((biased > 0 ? biased + 512 : biased - 512) / 1024);
    Multiplier to_q3 = gate.layer_norm_multiplier;
    to_q3.exponent += 12;
    sums[i] = saturated<int16_t>(DoubleRounding::apply(tenth, to_q3));
  }
}

}  // namespace

IntegerLstm::IntegerLstm(const LstmShape& shape, Parameters parameters)
    : shape_(shape), p_(std::move(parameters)) {}

// LiteRT takes the samples of a batch together where time comes first, else one after the other.
size_t IntegerLstm::together() const {
  return shape_.time_major ? static_cast<size_t>(shape_.batch) : 1;
}

size_t IntegerLstm::scratch_bytes() const {
  return together() * static_cast<size_t>(shape_.cells) * (4 * sizeof(int16_t) + 1);
}

// A gate's sums: what each matrix adds is rounded and saturated by itself.
void IntegerLstm::add_gate(const Gate& gate, const int8_t* input, const int8_t* output_state,
                           const int16_t* cell_state, int16_t* sums) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto outputs = static_cast<size_t>(shape_.outputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  for (size_t i = 0; i < together() * cells; ++i) {
    const size_t sample = i / cells;
    const size_t cell = i % cells;
    const int32_t of_input =
        wrapping_add(gate.input_start[cell],
                     dot(input + sample * inputs, gate.input.data() + cell * inputs, inputs));
    const int32_t of_state = wrapping_add(
        gate.recurrent_start[cell],
        dot(output_state + sample * outputs, gate.recurrent.data() + cell * outputs, outputs));
    const auto first = saturated<int16_t>(DoubleRounding::apply(of_input, gate.input_multiplier));
    sums[i] = saturated<int16_t>(
        int64_t{DoubleRounding::apply(of_state, gate.recurrent_multiplier)} + first);
  }
  if (!gate.peephole.empty()) {
    // LiteRT takes the rows of cells for rows as long as the outputs.
    for (size_t i = 0; i < together() * outputs; ++i) {
      const int32_t product = int32_t{gate.peephole[i % outputs]} * cell_state[i];
      sums[i] = saturated<int16_t>(
          int64_t{DoubleRounding::apply(product, gate.peephole_multiplier)} + sums[i]);
    }
  }
  for (size_t sample = 0; sample < together() && !gate.layer_norm.empty(); ++sample) {
    normalize(gate, sums + sample * cells, shape_.cells);
  }
}

void IntegerLstm::step(const int8_t* input, int8_t* output_state, int16_t* cell_state,
                       int16_t* gates, int8_t* hidden) const {
  const auto cells = static_cast<size_t>(shape_.cells);
  const size_t all = together() * cells;
  const bool coupled = p_.gates[0].input.empty();
  int16_t* const in = gates;
  int16_t* const forget = gates + all;
  int16_t* const cell = gates + 2 * all;
  int16_t* const out = gates + 3 * all;
  auto logistic = [&](const Gate& gate, int16_t* sums) {
    add_gate(gate, input, output_state, cell_state, sums);
    for (size_t i = 0; i < all; ++i) sums[i] = logistic_q3(sums[i]);
  };
  if (!coupled) logistic(p_.gates[0], in);
  logistic(p_.gates[1], forget);
  add_gate(p_.gates[2], input, output_state, cell_state, cell);
  for (size_t i = 0; i < all; ++i) {
    const int16_t candidate = tanh_q0(cell[i], 3);
    const int32_t entering = coupled ? 32767 - forget[i] : in[i];
    const auto kept = static_cast<int16_t>(
        rounding_divide_by_power_of_two(int32_t{forget[i]} * cell_state[i], 15));
    const auto added = static_cast<int16_t>(
        rounding_divide_by_power_of_two(entering * candidate, 30 + p_.cell_exponent));
    int16_t now = saturated<int16_t>(int32_t{kept} + added);
    if (p_.cell_clip > 0) {
      now = std::clamp<int16_t>(now, static_cast<int16_t>(-p_.cell_clip), p_.cell_clip);
    }
    cell_state[i] = now;
  }
  logistic(p_.gates[3], out);
  const bool projects = !p_.projection.empty();
  // LiteRT takes the zero point off where it projects.
  const int32_t zero_point = projects ? -p_.hidden_zero_point : p_.hidden_zero_point;
  int8_t* const made = projects ? hidden : output_state;
  for (size_t i = 0; i < all; ++i) {
    const int32_t product = int32_t{out[i]} * tanh_q0(cell_state[i], 15 + p_.cell_exponent);
    made[i] = saturated<int8_t>(int64_t{DoubleRounding::apply(product, p_.hidden_multiplier)} +
                                zero_point);
  }
  if (!projects) return;
  const auto outputs = static_cast<size_t>(shape_.outputs);
  for (size_t i = 0; i < together() * outputs; ++i) {
    const size_t row = i % outputs;
    const int32_t sum =
        wrapping_add(p_.projection_start[row],
                     dot(hidden + i / outputs * cells, p_.projection.data() + row * cells, cells));
    int8_t now = saturated<int8_t>(int64_t{DoubleRounding::apply(sum, p_.projection_multiplier)} +
                                   p_.output_zero_point);
    if (p_.proj_clip > 0) {
      now = std::clamp<int8_t>(now, static_cast<int8_t>(-p_.proj_clip), p_.proj_clip);
    }
    output_state[i] = now;
  }
}

void IntegerLstm::run(const int8_t* input, int8_t* output_state, int16_t* cell_state,
                      int8_t* output, std::byte* scratch) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto outputs = static_cast<size_t>(shape_.outputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  auto* const gates = reinterpret_cast<int16_t*>(scratch);
  auto* const hidden = reinterpret_cast<int8_t*>(gates + 4 * together() * cells);
  for (size_t b = 0; b < static_cast<size_t>(shape_.batch); b += together()) {
    int8_t* const state = output_state + b * outputs;
    for (int32_t t = 0; t < shape_.steps; ++t) {
      const size_t row = shape_.row(static_cast<int32_t>(b), t);
      step(input + row * inputs, state, cell_state + b * cells, gates, hidden);
      std::copy_n(state, together() * outputs, output + row * outputs);
    }
  }
}

}  // namespace litesmith::kernels
