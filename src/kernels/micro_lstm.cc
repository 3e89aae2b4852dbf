#include "kernels/micro_lstm.h"

#include <algorithm>
#include <utility>

namespace litesmith::kernels {
namespace {

// MUL of two int16 without zero points.
template <class T>
T multiply(int16_t a, int16_t b, const Multiplier& multiplier, int32_t zero_point) {
  return saturated<T>(int64_t{DoubleRounding::apply(int32_t{a} * b, multiplier)} + zero_point);
}

// A row of weights times a vector.
template <class Sum, class T>
Sum product(const T* vector, const int8_t* row, size_t n) {
  Sum sum = 0;
  for (size_t i = 0; i < n; ++i) sum += int32_t{vector[i]} * row[i];
  return sum;
}

}  // namespace

template <class T>
MicroLstm<T>::MicroLstm(const LstmShape& shape, Parameters parameters)
    : shape_(shape), p_(std::move(parameters)) {}

template <class T>
size_t MicroLstm<T>::scratch_bytes() const {
  return static_cast<size_t>(shape_.cells) * 4 * sizeof(int16_t);
}

template <class T>
void MicroLstm<T>::add_gate(const Gate& gate, const T* input, const T* output_state,
                            int16_t* sums) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  for (size_t cell = 0; cell < cells; ++cell) {
    const Sum of_input = wrapping_add(
        gate.input_start[cell], product<Sum>(input, gate.input.data() + cell * inputs, inputs));
    const Sum of_state =
        wrapping_add(gate.recurrent_start[cell],
                     product<Sum>(output_state, gate.recurrent.data() + cell * cells, cells));
    const auto first = saturated<int16_t>(Rounding::apply(of_input, gate.input_multiplier));
    const auto second = saturated<int16_t>(Rounding::apply(of_state, gate.recurrent_multiplier));
    sums[cell] = saturated<int16_t>(int32_t{first} + second);
  }
}

template <class T>
void MicroLstm<T>::step(const T* input, T* output_state, int16_t* cell_state,
                        int16_t* gates) const {
  const auto cells = static_cast<size_t>(shape_.cells);
  const SigmoidScale q3 = power_of_two_sigmoid(0);
  int16_t* const in = gates;
  int16_t* const forget = gates + cells;
  int16_t* const candidate = gates + 2 * cells;
  int16_t* const out = gates + 3 * cells;
  for (size_t gate = 0; gate < 4; ++gate) {
    int16_t* const sums = gates + gate * cells;
    add_gate(p_.gates[gate], input, output_state, sums);
    (sums == candidate ? tanh_by_table : logistic_by_table)(q3, sums, sums, shape_.cells);
  }
  for (size_t i = 0; i < cells; ++i) {
    const auto kept = multiply<int16_t>(forget[i], cell_state[i], p_.keeping, 0);
    const auto added = multiply<int16_t>(in[i], candidate[i], p_.entering, 0);
    auto now = saturated<int16_t>(int32_t{kept} + added);
    if (p_.cell_clip > 0) {
      now = std::clamp<int16_t>(now, static_cast<int16_t>(-p_.cell_clip), p_.cell_clip);
    }
    cell_state[i] = now;
  }
  int16_t* const squashed = candidate;  // which has served
  tanh_by_table(p_.tanh_of_cells, cell_state, squashed, shape_.cells);
  for (size_t i = 0; i < cells; ++i) {
    output_state[i] = multiply<T>(squashed[i], out[i], p_.hidden, p_.output_zero_point);
  }
}

template <class T>
void MicroLstm<T>::run(const T* input, T* output_state, int16_t* cell_state, T* output,
                       std::byte* scratch) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  auto* const gates = reinterpret_cast<int16_t*>(scratch);
  for (int32_t b = 0; b < shape_.batch; ++b) {
    T* const state = output_state + static_cast<size_t>(b) * cells;
    for (int32_t t = 0; t < shape_.steps; ++t) {
      const size_t row = shape_.row(b, t);
      step(input + row * inputs, state, cell_state + static_cast<size_t>(b) * cells, gates);
      std::copy_n(state, cells, output + row * cells);
    }
  }
}

template class MicroLstm<int8_t>;
template class MicroLstm<int16_t>;

}  // namespace litesmith::kernels
