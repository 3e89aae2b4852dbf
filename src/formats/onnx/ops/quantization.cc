// QuantizeLinear and DequantizeLinear: QUANTIZE and DEQUANTIZE, unsigned bytes made signed.
//
// integer.cc makes integer operators of what stands between them.
#include "ops/quantize.h"

#include <algorithm>
#include <cmath>

#include "formats/onnx/ops/ops.h"

namespace litesmith::onnx {
namespace {

constexpr int64_t kUnsignedShift = 128;  // LiteRT's int8 is ONNX's uint8 less 128

// Scales and zero points of inputs 1 and 2. `dimension` is ONNX's, not yet where it is stored.
Quantization parameters_of(Call& call) {
  if (call.integer("block_size", 0) != 0) call.refuse("blocks are not supported");
  Quantization result;
  result.scale = call.floats(1, "the scale");
  for (const float scale : result.scale) {
    if (!std::isfinite(scale) || scale <= 0) call.wrong("a scale is " + std::to_string(scale));
  }
  if (result.scale.empty()) call.wrong("it has no scale");
  result.zero_point.assign(result.scale.size(), 0);
  if (call.has(2)) {
    const auto given = call.integers(2, "the zero point");
    if (given.size() != result.scale.size()) {
      call.wrong("it has " + std::to_string(result.scale.size()) + " scales, but " +
                 std::to_string(given.size()) + " zero points");
    }
    result.zero_point = given;
  }
  if (result.scale.size() > 1) {
    const size_t rank = call.rank(0);
    result.dimension = call.axis(call.integer("axis", 1), rank);
    if (call.shape(0)[static_cast<size_t>(result.dimension)] !=
        static_cast<int64_t>(result.scale.size())) {
      call.wrong("its scales do not fit " + to_string(call.shape(0)));
    }
  }
  return result;
}

Quantization as_signed(Quantization parameters) {
  for (int64_t& zero_point : parameters.zero_point) zero_point -= kUnsignedShift;
  return parameters;
}

// Calls `element(i, c)` for each element of a shape and its place along `dimension`.
template <class Body>
void each_element(const Shape& shape, int32_t dimension, const Body& element) {
  size_t inner = 1;
  for (size_t k = static_cast<size_t>(dimension) + 1; k < shape.size(); ++k) {
    inner *= static_cast<size_t>(shape[k]);
  }
  const size_t size =
      shape.empty() ? 1 : static_cast<size_t>(shape[static_cast<size_t>(dimension)]);
  const auto count = static_cast<size_t>(element_count(shape));
  for (size_t i = 0; i < count; ++i) element(i, i / inner % size);
}

template <class T>
std::vector<float> dequantized(const Value& value, const Quantization& parameters) {
  const auto stored = value.elements<T>();
  std::vector<float> result(stored.size());
  const bool several = parameters.per_channel();
  each_element(value.shape, parameters.dimension, [&](size_t i, size_t c) {
    const size_t k = several ? c : 0;
    const auto units = static_cast<double>(int64_t{stored[i]} - parameters.zero_point[k]);
    result[i] = static_cast<float>(units * double{parameters.scale[k]});
  });
  return result;
}

// A constant of bytes stays one; what comes of it in float is computed when the model runs, unless
// an integer operator takes the bytes.
void dequantize_constant(Call& call, ValueId constant, const Quantization& parameters) {
  Value value = call[constant];
  if (value.dtype == DType::int32) {
    // A bias: integer operators get theirs from the scales of input and weights.
    return call.set(
        0, call.constant("dequantized", value.shape, dequantized<int32_t>(value, parameters)));
  }
  value.quantization = parameters;
  if (value.dtype == DType::uint8) {
    std::vector<int8_t> shifted;
    for (const uint8_t byte : call[constant].elements<uint8_t>()) {
      shifted.push_back(static_cast<int8_t>(byte - kUnsignedShift));
    }
    value.dtype = DType::int8;
    value.data = Buffer::of(shifted);
    value.quantization = as_signed(parameters);
  }
  const ValueId bytes = call.graph().add(std::move(value));
  call.set(0, call.emit(Dequantize(), {bytes}, "dequantize"));
  call.outputs()[0]->quantized = bytes;
}

ValueId quantize(Call& call, ValueId x, DType dtype, Quantization parameters) {
  const ValueId made = call.emit(Quantize(), {x}, "quantize");
  call[made].dtype = dtype;
  call[made].quantization = std::move(parameters);
  return made;
}

}  // namespace

void build_quantize_linear(Call& call) {
  Quantization parameters = parameters_of(call);
  if (parameters.per_channel())
    call.refuse("several scales for what is computed are not supported");
  DType dtype = call.has(2) ? call.input(2).dtype : DType::uint8;
  if (!call.has(2) && call.integer("output_dtype", 0) != 0) {
    dtype = to_dtype(static_cast<int32_t>(call.integer("output_dtype", 0))).value_or(DType::string);
  }
  if (dtype == DType::uint8) {
    dtype = DType::int8;
    parameters = as_signed(parameters);
  }
  if (dtype != DType::int8 && dtype != DType::int16) {
    call.refuse("quantizing to this type is not supported (int8, uint8 and int16 are)");
  }
  call.each_element([&](ValueId x) { return quantize(call, x, dtype, parameters); });
}

void build_dequantize_linear(Call& call) {
  const Quantization parameters = parameters_of(call);
  const Order order = call.order(0);
  if (call.is_constant(0)) return dequantize_constant(call, call.plain(0), parameters);
  if (parameters.per_channel())
    call.refuse("several scales for what is computed are not supported");
  ValueId x = call.value(0, order);
  // A uint8 tensor that this importer made is int8 already.
  const Quantization stored = call[x].quantization;
  Quantization wanted = parameters;
  const bool was_unsigned = call.has(2) ? call.input(2).dtype == DType::uint8 : false;
  if (was_unsigned && call[x].dtype == DType::int8) wanted = as_signed(parameters);
  if (!stored.present()) call[x].quantization = wanted;
  if (stored.present() && stored != wanted) {
    call.refuse("its scale is not the one that its input was quantized with");
  }
  if (call[x].dtype == DType::uint8) x = quantize(call, x, DType::int8, as_signed(parameters));
  call.set_like_input(call.emit(Dequantize(), {x}, "dequantize"), order);
}

}  // namespace litesmith::onnx
