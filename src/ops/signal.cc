#include "ops/signal.h"

#include <string>

#include "ops/inference.h"
#include "ops/ops.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

template <class T>
OpDef make_def(std::string_view name, std::vector<InferredOutput> (*infer)(const NodeView&)) {
  return {.code = kCustomOp,
          .name = name,
          .options_tag = 0,
          .make = make_op<T>,
          .infer = infer,
          .version = version_1,
          .runtime_versions = {}};
}

// Operand `i`, which has one dimension.
int32_t size_of(const NodeView& node, size_t i) {
  const Shape& shape = node.input(i).shape;
  if (shape.size() != 1) {
    refuse(node,
           "operand " + std::to_string(i) + " is " + to_string(shape) + ", not of one dimension");
  }
  return shape[0];
}

void require_scalar(const NodeView& node, size_t i) {
  if (!node.input(i).shape.empty()) {
    refuse(node, "operand " + std::to_string(i) + " is " + to_string(node.input(i).shape) +
                     " instead of a scalar");
  }
}

void require_within(const NodeView& node, std::string_view option, int64_t value, int64_t least,
                    int64_t most) {
  if (value >= least && value <= most) return;
  refuse(node, std::string(option) + " is " + std::to_string(value) + ", not from " +
                   std::to_string(least) + " to " + std::to_string(most));
}

std::vector<InferredOutput> infer_window(const NodeView& node) {
  require_operands(node, 2, 2);
  require_outputs(node, 1);
  require_within(node, "shift", node.as<SignalWindow>().shift, 0, 31);
  const Shape& shape = node.input(0).shape;
  const int32_t window = size_of(node, 1);
  if (window < 0) refuse(node, "its window has no fixed size");
  if (window == 0 || (is_static(shape) && element_count(shape) % window != 0)) {
    refuse(node, "a window of " + std::to_string(window) + " does not divide an input of " +
                     to_string(shape));
  }
  return {{DType::int16, shape}};
}

std::vector<InferredOutput> infer_auto_scale(const NodeView& node) {
  require_operands(node, 1, 1);
  require_outputs(node, 2);
  return {{DType::int16, {size_of(node, 0)}}, {DType::int32, {}}};
}

std::vector<InferredOutput> infer_rfft(const NodeView& node) {
  require_operands(node, 1, 1);
  require_outputs(node, 1);
  const int32_t length = node.as<SignalRfft>().fft_length;
  Shape shape = node.input(0).shape;
  if (shape.empty()) refuse(node, "its input is a scalar");
  if (shape.back() == 0) refuse(node, "its input is empty");
  require_within(node, "fft_length", length, 2, 1 << 20);
  if (length % 2 != 0) refuse(node, "fft_length is " + std::to_string(length) + ", which is odd");
  if (shape.back() > length) {
    refuse(node, "its input " + to_string(shape) + " is longer than fft_length, " +
                     std::to_string(length));
  }
  shape.back() = length + 2;
  return {{node.input(0).dtype, shape}};
}

std::vector<InferredOutput> infer_energy(const NodeView& node) {
  require_operands(node, 1, 1);
  require_outputs(node, 1);
  const auto& op = node.as<SignalEnergy>();
  const int32_t size = size_of(node, 0);
  if (size < 0) return {{DType::uint32, {kDynamic}}};
  if (op.start_index < 0 || op.end_index < op.start_index || op.end_index > size / 2) {
    refuse(node, "bins from " + std::to_string(op.start_index) + " to before " +
                     std::to_string(op.end_index) + " of " + std::to_string(size / 2));
  }
  return {{DType::uint32, {size / 2}}};
}

std::vector<InferredOutput> infer_filter_bank(const NodeView& node) {
  require_operands(node, 6, 6);
  require_outputs(node, 1);
  for (size_t i = 0; i < 6; ++i) size_of(node, i);
  const int32_t channels = node.as<SignalFilterBank>().num_channels;
  require_within(node, "num_channels", channels, 1, INT16_MAX);
  return {{DType::uint64, {channels}}};
}

std::vector<InferredOutput> infer_square_root(const NodeView& node) {
  require_operands(node, 2, 2);
  require_outputs(node, 1);
  require_scalar(node, 1);
  return {{DType::uint32, {size_of(node, 0)}}};
}

std::vector<InferredOutput> infer_spectral_subtraction(const NodeView& node) {
  require_operands(node, 1, 2);
  require_outputs(node, 2);
  if (node.inputs.size() == 2 && !node.input(1).is_variable) {
    refuse(node, "it has a second operand");
  }
  const auto& op = node.as<SignalFilterBankSpectralSubtraction>();
  require_within(node, "smoothing_bits", op.smoothing_bits, 0, 31);
  require_within(node, "spectral_subtraction_bits", op.spectral_subtraction_bits, 0, 63);
  require_within(node, "num_channels", op.num_channels, 1, INT16_MAX);
  const Shape shape = {size_of(node, 0)};
  if (!merged(shape, {op.num_channels})) {
    refuse(node, to_string(shape) + " is not num_channels, " + std::to_string(op.num_channels));
  }
  return {{DType::uint32, {op.num_channels}}, {DType::uint32, {op.num_channels}}};
}

std::vector<InferredOutput> infer_pcan(const NodeView& node) {
  require_operands(node, 3, 3);
  require_outputs(node, 1);
  require_within(node, "snr_shift", node.as<SignalPcan>().snr_shift, 0, 63);
  size_of(node, 2);
  const auto shape = merged({size_of(node, 0)}, {size_of(node, 1)});
  if (!shape) {
    refuse(node, "the signal " + to_string(node.input(0).shape) + " and the noise " +
                     to_string(node.input(1).shape) + " are not of one size");
  }
  return {{DType::uint32, *shape}};
}

std::vector<InferredOutput> infer_log(const NodeView& node) {
  require_operands(node, 1, 1);
  require_outputs(node, 1);
  require_within(node, "input_correction_bits",
                 node.as<SignalFilterBankLog>().input_correction_bits, 0, 31);
  return {{DType::int16, {size_of(node, 0)}}};
}

// The noise.
std::vector<InferredOutput> state_of_spectral_subtraction(const NodeView& node) {
  return {{DType::uint32, {node.as<SignalFilterBankSpectralSubtraction>().num_channels}}};
}

}  // namespace

const OpDef& SignalWindow::definition() {
  static const OpDef def = make_def<SignalWindow>("SignalWindow", infer_window);
  return def;
}

const OpDef& SignalFftAutoScale::definition() {
  static const OpDef def = make_def<SignalFftAutoScale>("SignalFftAutoScale", infer_auto_scale);
  return def;
}

const OpDef& SignalRfft::definition() {
  static const OpDef def = make_def<SignalRfft>("SignalRfft", infer_rfft);
  return def;
}

const OpDef& SignalEnergy::definition() {
  static const OpDef def = make_def<SignalEnergy>("SignalEnergy", infer_energy);
  return def;
}

const OpDef& SignalFilterBank::definition() {
  static const OpDef def = make_def<SignalFilterBank>("SignalFilterBank", infer_filter_bank);
  return def;
}

const OpDef& SignalFilterBankSquareRoot::definition() {
  static const OpDef def =
      make_def<SignalFilterBankSquareRoot>("SignalFilterBankSquareRoot", infer_square_root);
  return def;
}

const OpDef& SignalFilterBankSpectralSubtraction::definition() {
  static const OpDef def = [] {
    OpDef made = make_def<SignalFilterBankSpectralSubtraction>(
        "SignalFilterBankSpectralSubtraction", infer_spectral_subtraction);
    made.hidden_state = state_of_spectral_subtraction;
    return made;
  }();
  return def;
}

const OpDef& SignalPcan::definition() {
  static const OpDef def = make_def<SignalPcan>("SignalPCAN", infer_pcan);
  return def;
}

const OpDef& SignalFilterBankLog::definition() {
  static const OpDef def = make_def<SignalFilterBankLog>("SignalFilterBankLog", infer_log);
  return def;
}

}  // namespace litesmith
