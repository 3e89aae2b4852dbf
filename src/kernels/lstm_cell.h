// What a float long short-term memory does behind its matrices: gates, cells and output of a row.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace litesmith::kernels {

struct ElementKernels;

// What the cell gate and the output go through; the gates are always logistic.
enum class LstmActivation { none, relu, relu_n1_to_1, relu6, tanh };

struct LstmOptions {
  LstmActivation activation = LstmActivation::tanh;
  float cell_clip = 0;  // 0: none
  float proj_clip = 0;
};

// The smallest and largest of what it was shown, kept in two floats; it does nothing without them.
struct RangeNote {
  float* range = nullptr;
  void begin() const;
  void see(const float* row, int32_t n) const;
};

// One gate of a row of sums, up to its activation.
struct GateFinish {
  std::span<const float> peephole;
  std::span<const float> layer_norm;
  std::span<const float> bias;  // added behind the normalization
  RangeNote sums_seen = {};     // before the normalization

  void apply(const float* cells, float* sums, int32_t n) const;
};

// From the sums of a row's gates (the input gate's left out where it is coupled) to its new cells
// and `hidden`, what the projection would take.
struct CellUpdate {
  const ElementKernels& elements;
  const LstmOptions& options;
  std::array<GateFinish, 4> finish;
  bool coupled;
  RangeNote hidden_seen = {};

  void apply(float* gates, float* cells, float* hidden, int32_t n) const;
};

// In place, within +-clip.
void clip_row(const ElementKernels& elements, float clip, float* row, int64_t n);

}  // namespace litesmith::kernels
