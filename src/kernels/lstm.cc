// FloatLstm and HybridLstm, which share everything behind the matrices.
#include <algorithm>
#include <limits>

#include "kernels/lstm.h"
#include "kernels/lstm_cell.h"
#include "kernels/packing.h"

namespace litesmith::kernels {
namespace {

// Hands out parts of the scratch memory.
class Parts {
 public:
  explicit Parts(std::byte* begin) : next_(begin) {}
  template <class T>
  T* take(size_t count) {
    T* part = reinterpret_cast<T*>(next_);
    next_ += round_up(count * sizeof(T));
    return part;
  }

 private:
  std::byte* next_;
};

template <class T>
void append(std::vector<T>& to, std::span<const T> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

FloatLstm::FloatLstm(const KernelSet& set, const LstmShape& shape,
                     const LstmWeights<float>& weights, const LstmOptions& options)
    : shape_(shape),
      options_(options),
      elements_(*set.elements),
      peephole_(weights.peephole),
      layer_norm_(weights.layer_norm),
      bias_(weights.bias),
      coupled_(weights.coupled()) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> filter;
  std::vector<float> start;
  const auto inputs = static_cast<size_t>(shape.inputs);
  const auto outputs = static_cast<size_t>(shape.outputs);
  for (size_t gate = coupled_ ? 1 : 0; gate < 4; ++gate) {
    for (size_t cell = 0; cell < static_cast<size_t>(shape.cells); ++cell) {
      append(filter, weights.input[gate].subspan(cell * inputs, inputs));
      append(filter, weights.recurrent[gate].subspan(cell * outputs, outputs));
    }
    if (layer_norm_[gate].empty()) {
      append(start, weights.bias[gate]);
    } else {
      start.insert(start.end(), static_cast<size_t>(shape.cells), 0.0f);
    }
  }
  gates_ = std::make_unique<FloatConv>(
      set,
      dense_shape(shape.batch, shape.inputs + shape.outputs, static_cast<int32_t>(start.size())),
      PooledOutputs{}, filter, start, -kInfinity, kInfinity);
  if (!weights.projection.empty()) {
    const float clip = options.proj_clip > 0 ? options.proj_clip : kInfinity;
    projection_ = std::make_unique<FloatConv>(
        set, dense_shape(shape.batch, shape.cells, shape.outputs), PooledOutputs{},
        weights.projection, weights.projection_bias, -clip, clip);
  }
}

size_t FloatLstm::scratch_bytes() const {
  auto floats = [&](size_t n) { return round_up(static_cast<size_t>(shape_.batch) * n * 4); };
  size_t layer = gates_->scratch_bytes();
  if (projection_) layer = std::max(layer, projection_->scratch_bytes());
  const auto cells = static_cast<size_t>(shape_.cells);
  return floats(static_cast<size_t>(shape_.inputs) + static_cast<size_t>(shape_.outputs)) +
         floats(4 * cells) + floats(cells) + round_up(layer);
}

void FloatLstm::run(const float* input, float* output_state, float* cell_state, float* output,
                    std::byte* scratch, std::span<float* const> ranges) const {
  const auto batch = static_cast<size_t>(shape_.batch);
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto outputs = static_cast<size_t>(shape_.outputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  const size_t gate_row = cells * (coupled_ ? 3 : 4);
  Parts parts(scratch);
  float* const joined = parts.take<float>(batch * (inputs + outputs));
  float* const gates = parts.take<float>(batch * 4 * cells);
  float* const hidden = parts.take<float>(batch * cells);
  auto* const layer = parts.take<std::byte>(0);
  CellUpdate update{elements_, options_, {}, coupled_};
  for (size_t gate = 0; gate < 4; ++gate) {
    update.finish[gate] = {peephole_[gate], layer_norm_[gate], bias_[gate]};
  }
  if (ranges.size() == 5) {
    for (size_t gate = 0; gate < 4; ++gate) update.finish[gate].sums_seen.range = ranges[gate];
    update.hidden_seen.range = ranges[4];
    for (const GateFinish& gate : update.finish) gate.sums_seen.begin();
    update.hidden_seen.begin();
  }
  for (int32_t step = 0; step < shape_.steps; ++step) {
    for (size_t b = 0; b < batch; ++b) {
      float* to = joined + b * (inputs + outputs);
      std::copy_n(input + shape_.row(static_cast<int32_t>(b), step) * inputs, inputs, to);
      std::copy_n(output_state + b * outputs, outputs, to + inputs);
    }
    gates_->run(joined, gates, layer);
    for (size_t b = 0; b < batch; ++b) {
      update.apply(gates + b * gate_row, cell_state + b * cells, hidden + b * cells, shape_.cells);
    }
    if (projection_) {
      projection_->run(hidden, output_state, layer);
    } else {
      std::copy_n(hidden, batch * outputs, output_state);
    }
    for (size_t b = 0; b < batch; ++b) {
      std::copy_n(output_state + b * outputs, outputs,
                  output + shape_.row(static_cast<int32_t>(b), step) * outputs);
    }
  }
}

HybridLstm::HybridLstm(const KernelSet& set, const LstmShape& shape,
                       const LstmWeights<int8_t>& weights, const Scales& scales,
                       DynamicScheme scheme, const LstmOptions& options)
    : shape_(shape),
      options_(options),
      elements_(*set.elements),
      weights_(weights),
      scales_(scales),
      scheme_(scheme) {}

size_t HybridLstm::scratch_bytes() const {
  const auto cells = static_cast<size_t>(shape_.cells);
  return round_up(static_cast<size_t>(shape_.inputs)) +
         round_up(static_cast<size_t>(shape_.outputs)) + round_up(cells) + round_up(16 * cells) +
         round_up(4 * cells);
}

namespace {

// sums[r] += s * (matrix[r] . (row - its zero point)), s the product of both scales.
void add_product(std::span<const int8_t> matrix, float scale, std::span<const int8_t> row,
                 const DynamicAffine& affine, float* sums) {
  const size_t n = row.size();
  const float product = affine.scale * scale;
  for (size_t r = 0; r * n < matrix.size(); ++r) {
    const int8_t* weights = matrix.data() + r * n;
    int32_t dot = 0;
    int32_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
      dot += int32_t{weights[i]} * row[i];
      sum += weights[i];
    }
    sums[r] += static_cast<float>(dot - sum * affine.zero_point) * product;
  }
}

}  // namespace

void HybridLstm::run(const float* input, float* output_state, float* cell_state, float* output,
                     std::byte* scratch) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto outputs = static_cast<size_t>(shape_.outputs);
  const auto cells = static_cast<size_t>(shape_.cells);
  const bool coupled = weights_.coupled();
  Parts parts(scratch);
  auto* const input_codes = parts.take<int8_t>(inputs);
  auto* const state_codes = parts.take<int8_t>(outputs);
  auto* const hidden_codes = parts.take<int8_t>(cells);
  auto* const gates = parts.take<float>(4 * cells);
  auto* const hidden = parts.take<float>(cells);
  CellUpdate update{elements_, options_, {}, coupled};
  for (size_t gate = 0; gate < 4; ++gate) {
    update.finish[gate] = {weights_.peephole[gate], weights_.layer_norm[gate], weights_.bias[gate]};
  }
  for (int32_t b = 0; b < shape_.batch; ++b) {
    float* const state = output_state + static_cast<size_t>(b) * outputs;
    for (int32_t step = 0; step < shape_.steps; ++step) {
      const std::span<const float> x(input + shape_.row(b, step) * inputs, inputs);
      const DynamicAffine of_input = quantize_dynamically(scheme_, x, input_codes);
      const DynamicAffine of_state =
          quantize_dynamically(scheme_, std::span<const float>(state, outputs), state_codes);
      float* sums = gates;
      for (size_t gate = coupled ? 1 : 0; gate < 4; ++gate, sums += cells) {
        if (weights_.layer_norm[gate].empty()) {
          std::copy(weights_.bias[gate].begin(), weights_.bias[gate].end(), sums);
        } else {
          std::fill_n(sums, cells, 0.0f);
        }
        add_product(weights_.input[gate], scales_.input[gate], {input_codes, inputs}, of_input,
                    sums);
        add_product(weights_.recurrent[gate], scales_.recurrent[gate], {state_codes, outputs},
                    of_state, sums);
      }
      update.apply(gates, cell_state + static_cast<size_t>(b) * cells, hidden, shape_.cells);
      if (weights_.projection.empty()) {
        std::copy_n(hidden, outputs, state);
      } else {
        const DynamicAffine of_hidden =
            quantize_dynamically(scheme_, std::span<const float>(hidden, cells), hidden_codes);
        if (weights_.projection_bias.empty()) {
          std::fill_n(state, outputs, 0.0f);
        } else {
          std::copy(weights_.projection_bias.begin(), weights_.projection_bias.end(), state);
        }
        add_product(weights_.projection, scales_.projection, {hidden_codes, cells}, of_hidden,
                    state);
        if (options_.proj_clip > 0) {
          clip_row(elements_, options_.proj_clip, state, static_cast<int64_t>(outputs));
        }
      }
      std::copy_n(state, outputs, output + shape_.row(b, step) * outputs);
    }
  }
}

}  // namespace litesmith::kernels
