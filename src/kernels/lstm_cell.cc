#include "kernels/lstm_cell.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/element_kernels.h"

namespace litesmith::kernels {
namespace {

void activate(const ElementKernels& elements, LstmActivation activation, const float* in,
              float* out, int64_t n) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (activation) {
    case LstmActivation::none:
      if (in != out) std::copy_n(in, n, out);
      return;
    case LstmActivation::relu:
      return elements.unary(Unary::clamp, 0, kInfinity, in, out, n);
    case LstmActivation::relu_n1_to_1:
      return elements.unary(Unary::clamp, -1, 1, in, out, n);
    case LstmActivation::relu6:
      return elements.unary(Unary::clamp, 0, 6, in, out, n);
    case LstmActivation::tanh:
      return elements.unary(Unary::tanh, 0, 0, in, out, n);
  }
}

// To mean 0 and variance 1, as LiteRT's MeanStddevNormalization.
void normalize(float* row, int32_t n) {
  const auto size = static_cast<float>(n);
  float sum = 0;
  for (int32_t i = 0; i < n; ++i) sum += row[i];
  const float mean = sum / size;
  float squares = 0;
  for (int32_t i = 0; i < n; ++i) squares += (row[i] - mean) * (row[i] - mean);
  const float inverse = 1.0f / std::sqrt(squares / size + 1e-8f);
  for (int32_t i = 0; i < n; ++i) row[i] = (row[i] - mean) * inverse;
}

}  // namespace

void RangeNote::begin() const {
  if (range == nullptr) return;
  range[0] = std::numeric_limits<float>::infinity();
  range[1] = -std::numeric_limits<float>::infinity();
}

void RangeNote::see(const float* row, int32_t n) const {
  if (range == nullptr) return;
  for (int32_t i = 0; i < n; ++i) {
    // NaN stays: no comparison removes it.
    if (!(row[i] >= range[0])) range[0] = row[i];
    if (!(row[i] <= range[1])) range[1] = row[i];
  }
}

void GateFinish::apply(const float* cells, float* sums, int32_t n) const {
  if (!peephole.empty()) {
    for (int32_t i = 0; i < n; ++i) sums[i] += peephole[static_cast<size_t>(i)] * cells[i];
  }
  if (layer_norm.empty()) return;
  sums_seen.see(sums, n);
  normalize(sums, n);
  for (int32_t i = 0; i < n; ++i) {
    const auto at = static_cast<size_t>(i);
    sums[i] = sums[i] * layer_norm[at] + bias[at];
  }
}

void CellUpdate::apply(float* gates, float* cells, float* hidden, int32_t n) const {
  float* const forget = gates + (coupled ? 0 : n);
  float* const cell = forget + n;
  float* const out = cell + n;
  auto logistic = [&](size_t gate, float* sums) {
    finish[gate].apply(cells, sums, n);
    elements.unary(Unary::logistic, 0, 0, sums, sums, n);
  };
  if (!coupled) logistic(0, gates);
  logistic(1, forget);
  finish[2].apply(cells, cell, n);
  activate(elements, options.activation, cell, cell, n);
  for (int32_t i = 0; i < n; ++i) {
    const float in = coupled ? 1.0f - forget[i] : gates[i];
    cells[i] = forget[i] * cells[i] + cell[i] * in;
  }
  if (options.cell_clip > 0) clip_row(elements, options.cell_clip, cells, n);
  logistic(3, out);
  activate(elements, options.activation, cells, hidden, n);
  for (int32_t i = 0; i < n; ++i) hidden[i] *= out[i];
  hidden_seen.see(hidden, n);
}

void clip_row(const ElementKernels& elements, float clip, float* row, int64_t n) {
  elements.unary(Unary::clamp, -clip, clip, row, row, n);
}

}  // namespace litesmith::kernels
