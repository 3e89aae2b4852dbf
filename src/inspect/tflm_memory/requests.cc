#include "inspect/tflm_memory/requests.h"

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"
#include "formats/tflite/flexbuffer.h"
#include "ir/dtype.h"

namespace litesmith::tflm {
namespace {

constexpr size_t kInt = 4;

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::format, what); }

size_t rank(const tflite::Tensor& tensor) { return tflite::items(tensor.shape).size(); }

size_t dimension(const tflite::Tensor& tensor, size_t i) {
  const auto shape = tflite::items(tensor.shape);
  if (i >= shape.size() || shape[i] < 0) {
    refuse("'" + tensor.name.value_or("") + "' has no dimension " + std::to_string(i));
  }
  return static_cast<size_t>(shape[i]);
}

bool is_type(const tflite::Tensor& tensor, DType type) {
  return tensor.type == static_cast<int8_t>(type);
}

// Two int32 a channel: multiplier and shift.
void per_channel(Kernel& kernel, size_t channels) {
  kernel.persist(checked_mul(channels, kInt));
  kernel.persist(checked_mul(channels, kInt));
}

// int4 weights are unpacked before they are used.
void unpacked_weights(Kernel& kernel, const tflite::Tensor& weights) {
  if (is_type(weights, DType::int4)) kernel.scratch(elements(weights));
}

void convolution(Kernel& kernel) {
  const tflite::Tensor& weights = kernel.needed_input(1);
  per_channel(kernel, dimension(weights, 0));
  unpacked_weights(kernel, weights);
}

void depthwise_convolution(Kernel& kernel) {
  const tflite::Tensor& weights = kernel.needed_input(1);
  per_channel(kernel, dimension(weights, 3));
  unpacked_weights(kernel, weights);
}

void fully_connected(Kernel& kernel) {
  const tflite::Tensor& weights = kernel.needed_input(1);
  unpacked_weights(kernel, weights);
  if (is_type(kernel.needed_input(0), DType::float32) || !weights.quantization) return;
  const size_t scales = tflite::items(weights.quantization->scale).size();
  if (scales > 1) per_channel(kernel, scales);
}

void transpose_convolution(Kernel& kernel) {
  const tflite::Tensor& data = kernel.needed_input(2);
  per_channel(kernel, dimension(kernel.needed_input(1), 0));
  const size_t count = elements(kernel.needed_output(0));
  if (is_type(data, DType::int8)) kernel.scratch(checked_mul(count, kInt));
  if (is_type(data, DType::int16)) {
    kernel.scratch(checked_mul(count, sizeof(int64_t)));
    const tflite::Tensor* bias = kernel.input(3);
    if (bias != nullptr && is_type(*bias, DType::int16)) {
      kernel.scratch(checked_mul(elements(*bias), sizeof(int64_t)));
    }
  }
}

// The place in the input and the axes, counted from the front.
void reduction(Kernel& kernel) {
  kernel.scratch(rank(kernel.needed_input(0)) * kInt);
  kernel.scratch(checked_mul(elements(kernel.needed_input(1)), kInt));
}

void mean_or_sum(Kernel& kernel) {
  const tflite::Tensor& data = kernel.needed_input(0);
  if (is_type(data, DType::int8) || is_type(data, DType::int16)) {
    kernel.scratch(checked_mul(elements(kernel.needed_output(0)), kInt));
  }
  reduction(kernel);
}

// int16 goes through two tables of 513 numbers, which are made for each node.
void softmax(Kernel& kernel) {
  constexpr size_t kTable = 513 * sizeof(int16_t);
  if (!is_type(kernel.needed_input(0), DType::int16)) return;
  kernel.persist(kTable);
  kernel.persist(kTable);
}

void svdf(Kernel& kernel) {
  const size_t batch = dimension(kernel.needed_input(0), 0);
  const size_t filters = dimension(kernel.needed_input(1), 0);
  kernel.scratch(checked_mul(checked_mul(batch, filters), kInt));
  if (is_type(kernel.needed_input(0), DType::int8)) {
    const size_t units = dimension(kernel.needed_output(0), 1);
    kernel.scratch(checked_mul(checked_mul(batch, units), kInt));
  }
}

void lstm(Kernel& kernel) {
  constexpr size_t kHiddenState = 18;
  constexpr size_t kCellState = 19;
  constexpr int kTimeMajor = 3;
  const size_t batch = dimension(kernel.needed_input(0), kernel.flag(kTimeMajor) ? 1 : 0);
  const size_t state = dimension(kernel.needed_input(kHiddenState), 1);
  const tflite::Tensor& cell = kernel.needed_input(kCellState);
  const size_t width = is_type(cell, DType::int16) ? sizeof(int16_t) : sizeof(float);
  for (int gate = 0; gate < 4; ++gate) {
    kernel.scratch(checked_mul(checked_mul(batch, state), width));
  }
}

// The result's dimensions are copied out of the file, where they cannot be changed.
void copied_dimensions(Kernel& kernel) {
  kernel.persist((rank(kernel.needed_output(0)) + 1) * kInt);
}

void reshape(Kernel& kernel) {
  const auto shape = tflite::items(kernel.needed_output(0).shape);
  if (std::find(shape.begin(), shape.end(), -1) != shape.end()) copied_dimensions(kernel);
}

// An operand that is transposed before the product.
void transposed(Kernel& kernel, const tflite::Tensor& tensor) {
  constexpr StructSize kEvalTensor = {12, 24};
  kernel.persist(kEvalTensor.bytes(kernel.width()));
  kernel.persist((rank(tensor) + 1) * kInt);
  kernel.persist(bytes(tensor));
}

void batch_matmul(Kernel& kernel) {
  constexpr int kTransposeFirst = 0;
  constexpr int kTransposeSecond = 1;
  constexpr size_t kQuantization = 5 * kInt + 3 * kInt;
  const tflite::Tensor& first = kernel.needed_input(0);
  if (is_type(first, DType::int8) || is_type(first, DType::int16)) kernel.persist(kQuantization);
  if (kernel.flag(kTransposeFirst)) transposed(kernel, first);
  if (!kernel.flag(kTransposeSecond)) transposed(kernel, kernel.needed_input(1));
  copied_dimensions(kernel);
}

void add_n(Kernel& kernel) {
  constexpr StructSize kOpData = {40, 40};
  const size_t pointer = kernel.width() == PointerWidth::bits32 ? 4 : 8;
  if (is_type(kernel.needed_output(0), DType::int8)) {
    kernel.persist(kOpData.bytes(kernel.width()));
  }
  kernel.scratch(checked_mul(kernel.input_count(), pointer));
}

void cumulative_sum(Kernel& kernel) {
  constexpr StructSize kOpData = {36, 36};
  if (is_type(kernel.needed_output(0), DType::int8)) {
    kernel.persist(kOpData.bytes(kernel.width()));
  }
}

void log_softmax(Kernel& kernel) {
  constexpr StructSize kOpData = {28, 40};
  if (is_type(kernel.needed_input(0), DType::int8)) kernel.persist(kOpData.bytes(kernel.width()));
}

void mirror_pad(Kernel& kernel) {
  const size_t count = rank(kernel.needed_input(0)) * kInt;
  kernel.scratch(count);
  kernel.scratch(count);
}

void embedding_lookup(Kernel& kernel) {
  constexpr StructSize kOpData = {8, 16};
  kernel.persist(kOpData.bytes(kernel.width()));
  copied_dimensions(kernel);
}

// Everything a box may need in the worst case, each list by itself.
void detection_postprocess(Kernel& kernel) {
  const size_t boxes = dimension(kernel.needed_input(0), 1);
  const size_t detections = kernel.custom_option("max_detections");
  const size_t classes = kernel.custom_option("num_classes");
  const auto lists = [&](size_t count) {
    kernel.scratch(checked_mul(checked_mul(boxes, count), kInt));
  };
  kernel.scratch(boxes);
  lists(4);
  lists(dimension(kernel.needed_input(1), 2));
  lists(1);
  lists(1);
  lists(detections);
  lists(detections);
  lists(1);
  lists(detections);
  lists(std::max(classes, detections));
  lists(std::min(boxes, detections));
}

// Sizes of structs as compilers lay them out for x86-64 and for 32-bit Arm, whose rules those of
// the ESP32 share: numbers of 64 bits are aligned to 8. (The options of FULLY_CONNECTED have a list
// since autumn 2026; before, they took 8 or 16 bytes less.)
constexpr KernelRequests kKernels[] = {
    {"ABS", {0, 0}, {28, 28}, nullptr},
    {"ADD", {8, 8}, {60, 60}, nullptr},
    {"ADD_N", {0, 0}, {0, 0}, add_n},
    {"ARG_MAX", {4, 4}, {0, 0}, nullptr},
    {"ARG_MIN", {4, 4}, {0, 0}, nullptr},
    {"ASSIGN_VARIABLE", {0, 0}, {0, 0}, nullptr, 4},
    {"AVERAGE_POOL_2D", {40, 40}, {32, 32}, nullptr},
    {"BATCH_MATMUL", {3, 3}, {16, 32}, batch_matmul},
    {"BATCH_TO_SPACE_ND", {0, 0}, {0, 0}, nullptr},
    {"BROADCAST_ARGS", {0, 0}, {0, 0}, nullptr},
    {"BROADCAST_TO", {0, 0}, {0, 0}, nullptr},
    {"CALL_ONCE", {4, 4}, {8, 8}, nullptr},
    {"CAST", {8, 8}, {0, 0}, nullptr},
    {"CEIL", {0, 0}, {0, 0}, nullptr},
    {"CONCATENATION", {8, 8}, {24, 40}, nullptr, 40},
    {"CONV_2D", {28, 28}, {56, 72}, convolution, 8},
    {"COS", {0, 0}, {0, 0}, nullptr},
    {"CUMSUM", {2, 2}, {0, 0}, cumulative_sum},
    {"DEPTHWISE_CONV_2D", {28, 28}, {56, 72}, depthwise_convolution, 8},
    {"DEPTH_TO_SPACE", {4, 4}, {0, 0}, copied_dimensions},
    {"DEQUANTIZE", {0, 0}, {32, 32}, nullptr},
    {"DIV", {4, 4}, {28, 28}, nullptr},
    {"DYNAMIC_UPDATE_SLICE", {0, 0}, {0, 0}, nullptr},
    {"ELU", {0, 0}, {256, 256}, nullptr},
    {"EMBEDDING_LOOKUP", {0, 0}, {0, 0}, embedding_lookup},
    {"EQUAL", {0, 0}, {32, 32}, nullptr},
    {"EXP", {0, 0}, {0, 0}, nullptr},
    {"EXPAND_DIMS", {0, 0}, {0, 0}, nullptr},
    {"FILL", {0, 0}, {0, 0}, nullptr},
    {"FLOOR", {0, 0}, {0, 0}, nullptr},
    {"FLOOR_DIV", {0, 0}, {0, 0}, nullptr},
    {"FLOOR_MOD", {0, 0}, {0, 0}, nullptr},
    {"FULLY_CONNECTED", {24, 32}, {48, 64}, fully_connected, 8},
    {"GATHER", {8, 8}, {0, 0}, copied_dimensions},
    {"GATHER_ND", {0, 0}, {0, 0}, copied_dimensions},
    {"GREATER", {0, 0}, {32, 32}, nullptr},
    {"GREATER_EQUAL", {0, 0}, {32, 32}, nullptr},
    {"HARD_SWISH", {0, 0}, {20, 20}, nullptr},
    {"IF", {8, 8}, {8, 8}, nullptr},
    {"L2_NORMALIZATION", {4, 4}, {4, 4}, nullptr},
    {"L2_POOL_2D", {40, 40}, {0, 0}, copied_dimensions},
    {"LEAKY_RELU", {4, 4}, {24, 24}, nullptr},
    {"LESS", {0, 0}, {32, 32}, nullptr},
    {"LESS_EQUAL", {0, 0}, {32, 32}, nullptr},
    {"LOG", {0, 0}, {0, 0}, nullptr},
    {"LOGICAL_AND", {0, 0}, {0, 0}, nullptr},
    {"LOGICAL_NOT", {0, 0}, {0, 0}, nullptr},
    {"LOGICAL_OR", {0, 0}, {0, 0}, nullptr},
    {"LOGISTIC", {0, 0}, {16, 16}, nullptr},
    {"LOG_SOFTMAX", {0, 0}, {0, 0}, log_softmax},
    {"MAXIMUM", {0, 0}, {0, 0}, nullptr},
    {"MAX_POOL_2D", {40, 40}, {32, 32}, nullptr},
    {"MEAN", {1, 1}, {44, 44}, mean_or_sum},
    {"MINIMUM", {0, 0}, {0, 0}, nullptr},
    {"MIRROR_PAD", {4, 4}, {20, 20}, mirror_pad},
    {"MUL", {4, 4}, {36, 36}, nullptr},
    {"NEG", {0, 0}, {0, 0}, nullptr},
    {"NOT_EQUAL", {0, 0}, {32, 32}, nullptr},
    {"PACK", {8, 8}, {0, 0}, nullptr},
    {"PAD", {0, 0}, {56, 56}, nullptr},
    {"PADV2", {0, 0}, {56, 56}, nullptr},
    {"PRELU", {0, 0}, {28, 28}, nullptr},
    {"QUANTIZE", {0, 0}, {32, 32}, nullptr},
    {"READ_VARIABLE", {0, 0}, {0, 0}, nullptr},
    {"REDUCE_ALL", {1, 1}, {44, 44}, reduction},
    {"REDUCE_MAX", {1, 1}, {44, 44}, reduction},
    {"REDUCE_MIN", {1, 1}, {44, 44}, reduction},
    {"RELU", {0, 0}, {28, 28}, nullptr},
    {"RELU6", {0, 0}, {8, 8}, nullptr},
    {"RESHAPE", {36, 36}, {0, 0}, reshape},
    {"RESIZE_BILINEAR", {2, 2}, {0, 0}, nullptr},
    {"RESIZE_NEAREST_NEIGHBOR", {2, 2}, {0, 0}, nullptr},
    {"REVERSE_V2", {0, 0}, {0, 0}, nullptr},
    {"ROUND", {0, 0}, {0, 0}, nullptr},
    {"RSQRT", {0, 0}, {28, 28}, nullptr},
    {"SELECT_V2", {0, 0}, {1, 1}, nullptr},
    {"SHAPE", {4, 4}, {0, 0}, nullptr},
    {"SIN", {0, 0}, {0, 0}, nullptr},
    {"SLICE", {0, 0}, {0, 0}, nullptr},
    {"SOFTMAX", {4, 4}, {56, 80}, softmax},
    {"SPACE_TO_BATCH_ND", {0, 0}, {4, 4}, nullptr},
    {"SPACE_TO_DEPTH", {4, 4}, {0, 0}, copied_dimensions},
    {"SPLIT", {4, 4}, {0, 0}, nullptr},
    {"SPLIT_V", {4, 4}, {0, 0}, nullptr},
    {"SQRT", {0, 0}, {0, 0}, nullptr},
    {"SQUARE", {0, 0}, {0, 0}, nullptr},
    {"SQUARED_DIFFERENCE", {0, 0}, {112, 112}, nullptr},
    {"SQUEEZE", {36, 36}, {0, 0}, nullptr},
    {"STRIDED_SLICE", {24, 24}, {84, 84}, nullptr},
    {"SUB", {8, 8}, {52, 52}, nullptr},
    {"SUM", {1, 1}, {44, 44}, mean_or_sum},
    {"SVDF", {12, 12}, {36, 36}, svdf},
    {"TANH", {0, 0}, {16, 16}, nullptr},
    {"TFLite_Detection_PostProcess", {0, 0}, {112, 112}, detection_postprocess},
    {"TRANSPOSE", {0, 0}, {0, 0}, nullptr},
    {"TRANSPOSE_CONV", {20, 20}, {72, 80}, transpose_convolution, 8},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM", {16, 16}, {688, 688}, lstm},
    {"UNPACK", {8, 8}, {0, 0}, nullptr},
    {"VAR_HANDLE", {8, 16}, {4, 4}, nullptr},
    {"WHILE", {8, 8}, {8, 8}, nullptr},
    {"ZEROS_LIKE", {0, 0}, {0, 0}, nullptr},
};

}  // namespace

size_t elements(const tflite::Tensor& tensor) {
  size_t count = 1;
  for (const int32_t size : tflite::items(tensor.shape)) {
    if (size < 0) refuse("'" + tensor.name.value_or("") + "' has a dimension of unknown size");
    count = checked_mul(count, static_cast<size_t>(size));
  }
  return count;
}

size_t bytes(const tflite::Tensor& tensor) {
  if (tensor.type < 0 || tensor.type >= kDTypeCount || is_type(tensor, DType::string)) {
    refuse("TFLite Micro knows no size for the type of '" + tensor.name.value_or("") + "'");
  }
  // Four-bit numbers are counted a byte each; handles of variables are int32.
  const size_t width = is_type(tensor, DType::resource) || is_type(tensor, DType::variant)
                           ? kInt
                           : std::max<size_t>(8, bits(static_cast<DType>(tensor.type))) / 8;
  return checked_mul(elements(tensor), width);
}

const tflite::Tensor* Kernel::tensor(std::span<const int32_t> indices, size_t i) const {
  const auto tensors = tflite::items(graph_.tensors);
  if (i >= indices.size() || indices[i] < 0) return nullptr;
  const auto index = static_cast<size_t>(indices[i]);
  return index < tensors.size() ? &tensors[index] : nullptr;
}

const tflite::Tensor& Kernel::needed_input(size_t i) const {
  const tflite::Tensor* tensor = input(i);
  if (tensor == nullptr) refuse("operand " + std::to_string(i) + " is missing");
  return *tensor;
}

const tflite::Tensor& Kernel::needed_output(size_t i) const {
  const tflite::Tensor* tensor = output(i);
  if (tensor == nullptr) refuse("result " + std::to_string(i) + " is missing");
  return *tensor;
}

size_t Kernel::custom_option(std::string_view name) const {
  const auto options = tflite::read_flex_map(op_.custom_options.span());
  const auto found = options.find(name);
  const int64_t* value = found == options.end() ? nullptr : std::get_if<int64_t>(&found->second);
  if (value == nullptr || *value < 0 || *value > INT32_MAX) {
    refuse("its option " + std::string(name) + " is no count");
  }
  return static_cast<size_t>(*value);
}

bool Kernel::flag(int slot) const {
  return op_.options.table && op_.options.table->scalar<bool>(slot).value_or(false);
}

const KernelRequests* find_requests(std::string_view op) {
  const auto* found = std::find_if(std::begin(kKernels), std::end(kKernels),
                                   [&](const KernelRequests& kernel) { return kernel.op == op; });
  return found == std::end(kKernels) ? nullptr : found;
}

}  // namespace litesmith::tflm
