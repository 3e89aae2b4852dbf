#include "formats/onnx/call.h"

#include <algorithm>
#include <cmath>

#include "ir/transpose.h"
#include "ops/arrange.h"
#include "ops/quantize.h"
#include "ops/reshape.h"

namespace litesmith::onnx {
namespace {

constexpr size_t kMostDimensions = 16;

template <class T>
Known to_known(const Value& value) {
  Known result;
  for (const T element : value.elements<T>()) result.push_back(static_cast<double>(element));
  return result;
}

}  // namespace

int32_t to_int32(int64_t value) {
  if (value < INT32_MIN || value > INT32_MAX) {
    throw Error(ErrorCode::unsupported, std::to_string(value) + " is beyond 32 bits");
  }
  return static_cast<int32_t>(value);
}

int64_t to_integer(double value) {
  constexpr double kLimit = 9223372036854775807.0;  // rounds to 2^63
  if (value >= kLimit) return std::numeric_limits<int64_t>::max();
  if (value <= -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

std::optional<Known> elements_of(const Value& value) {
  if (!value.is_constant() || !is_static(value.shape) || element_count(value.shape) > kMostKnown) {
    return std::nullopt;
  }
  switch (value.dtype) {
    case DType::float32:
      return to_known<float>(value);
    case DType::int64:
      return to_known<int64_t>(value);
    case DType::int32:
      return to_known<int32_t>(value);
    case DType::int16:
      return to_known<int16_t>(value);
    case DType::int8:
      return to_known<int8_t>(value);
    case DType::uint8:
    case DType::boolean:
      return to_known<uint8_t>(value);
    default:
      return std::nullopt;
  }
}

const Tensor& Call::input(size_t i) const {
  if (!has(i)) wrong("input " + std::to_string(i) + " is missing");
  return *inputs_[i];
}

const Order& Call::order(size_t i) const {
  const Tensor& tensor = input(i);
  if (tensor.forms.empty()) {
    refuse("input '" + node_.inputs[i] +
           "' is computed from a dimension known only when the model runs: give it a value with "
           "--dimension NAME=SIZE");
  }
  return tensor.forms.front().order;
}

bool Call::is_constant(size_t i) const {
  const Tensor& tensor = input(i);
  return tensor.quantized ||
         (!tensor.forms.empty() && graph_[tensor.forms.front().value].is_constant());
}

bool Call::is_zero(size_t i) const {
  const Tensor& tensor = input(i);
  if (tensor.forms.empty()) return tensor.filled_with == 0.0;
  const Value& value = graph_[tensor.forms.front().value];
  if (!value.is_constant() || value.dtype != DType::float32) return false;
  const auto elements = value.elements<float>();
  return std::all_of(elements.begin(), elements.end(), [](float x) { return x == 0; });
}

ValueId Call::value(size_t i, const Order& wanted) {
  static_cast<void>(order(i));  // that it has a value at all
  return in_order(*inputs_[i], wanted);
}

ValueId Call::in_order(Tensor& tensor, const Order& wanted) {
  for (const Form& form : tensor.forms) {
    if (form.order == wanted) return form.value;
  }
  if (tensor.quantized) {
    tensor.forms.push_back({wanted, dequantized(*tensor.quantized, wanted)});
    return tensor.forms.back().value;
  }
  const Form& form = tensor.forms.front();
  const std::vector<int32_t> moves = permutation(form.order, wanted);
  const Value& from = graph_[form.value];
  ValueId made;
  if (from.is_constant()) {
    Value moved{
        .name = from.name, .dtype = from.dtype, .shape = stored_shape(tensor.shape, wanted)};
    moved.data =
        transposed(*from.data, static_cast<size_t>(bits(from.dtype)) / 8, from.shape, moves);
    made = graph_.add(std::move(moved));
  } else {
    made = transpose(form.value, moves, "transpose");
  }
  tensor.forms.push_back({wanted, made});
  return made;
}

ValueId Call::dequantized(ValueId plain, const Order& wanted) {
  Value moved = graph_[plain];
  moved.shape = stored_shape(graph_[plain].shape, wanted);
  moved.data = transposed(*graph_[plain].data, static_cast<size_t>(bits(moved.dtype)) / 8,
                          graph_[plain].shape, wanted);
  if (moved.quantization.per_channel()) {
    moved.quantization.dimension = stored_axis(wanted, moved.quantization.dimension);
  }
  return emit(Dequantize(), {graph_.add(std::move(moved))}, "dequantize");
}

std::optional<Known> Call::known(size_t i) const {
  if (!has(i)) return std::nullopt;
  const Tensor& tensor = *inputs_[i];
  if (tensor.known) return tensor.known;
  for (const Form& form : tensor.forms) {
    if (is_plain(form.order)) return elements_of(graph_[form.value]);
  }
  return std::nullopt;
}

std::vector<int64_t> Call::integers(size_t i, std::string_view what) const {
  const auto found = known(i);
  if (!found) {
    static_cast<void>(input(i));
    refuse(std::string(what) + " '" + node_.inputs[i] +
           "' is computed when the model runs; litesmith needs it as a constant");
  }
  std::vector<int64_t> result;
  for (const double element : *found) {
    if (std::isnan(element)) {
      refuse(std::string(what) + " '" + node_.inputs[i] +
             "' depends on a dimension known only when the model runs: give it a value with "
             "--dimension NAME=SIZE");
    }
    result.push_back(to_integer(element));
  }
  return result;
}

std::vector<float> Call::floats(size_t i, std::string_view what) const {
  const auto found = known(i);
  if (!found) {
    static_cast<void>(input(i));
    refuse(std::string(what) + " '" + node_.inputs[i] +
           "' is computed when the model runs; litesmith needs it as a constant");
  }
  return {found->begin(), found->end()};
}

float Call::scalar(size_t i, std::string_view what) const {
  const std::vector<float> all = floats(i, what);
  if (all.size() != 1) {
    wrong(std::string(what) + " has " + std::to_string(all.size()) + " elements, not 1");
  }
  return all.front();
}

int64_t Call::integer(std::string_view name, int64_t otherwise) const {
  const Attribute* found = node_.find(name);
  return found != nullptr ? found->integer : otherwise;
}

float Call::number(std::string_view name, float otherwise) const {
  const Attribute* found = node_.find(name);
  return found != nullptr ? found->number : otherwise;
}

std::string Call::text(std::string_view name, std::string_view otherwise) const {
  const Attribute* found = node_.find(name);
  return found != nullptr ? found->text : std::string(otherwise);
}

std::vector<std::string> Call::text_list(std::string_view name) const {
  const Attribute* found = node_.find(name);
  return found != nullptr ? found->texts : std::vector<std::string>();
}

std::vector<int64_t> Call::integer_list(std::string_view name) const {
  const Attribute* found = node_.find(name);
  return found != nullptr ? found->integers : std::vector<int64_t>();
}

int32_t Call::axis(int64_t given, size_t rank) const {
  const auto n = static_cast<int64_t>(rank);
  if (given < -n || given >= n) {
    wrong("axis " + std::to_string(given) + " is outside rank " + std::to_string(n));
  }
  return static_cast<int32_t>(given < 0 ? given + n : given);
}

std::vector<ValueId> Call::emit_all(std::shared_ptr<const litesmith::Op> op,
                                    std::vector<ValueId> operands, std::string_view part) {
  litesmith::Node node{.op = std::move(op), .inputs = std::move(operands)};
  auto inferred = with_context("op " + std::string(node.def().name),
                               [&] { return node.def().infer(graph_.view(node)); });
  for (size_t i = 0; i < inferred.size(); ++i) {
    node.outputs.push_back(graph_.add({.name = name(std::string(part) + std::to_string(i)),
                                       .dtype = inferred[i].dtype,
                                       .shape = std::move(inferred[i].shape)}));
  }
  std::vector<ValueId> made = node.outputs;
  graph_.nodes.push_back(std::move(node));
  return made;
}

ValueId Call::transpose(ValueId x, const std::vector<int32_t>& moves, std::string_view part) {
  if (std::is_sorted(moves.begin(), moves.end())) return x;
  if (is_static(graph_[x].shape) && keeps_bytes(graph_[x].shape, moves)) {
    return reshape(x, stored_shape(graph_[x].shape, moves), part);
  }
  return emit(Transpose(), {x, int32s(std::string(part) + "_order", moves)}, part);
}

ValueId Call::reshape(ValueId x, const Shape& target, std::string_view part) {
  if (graph_[x].shape == target && is_static(target)) return x;
  if (std::count(target.begin(), target.end(), kDynamic) > 1) {
    refuse("more than one dimension of " + to_string(target) +
           " is known only when the model runs: give them values with --dimension NAME=SIZE");
  }
  if (graph_[x].is_constant() && is_static(target)) {
    Value same = graph_[x];
    if (element_count(target) != element_count(same.shape)) {
      wrong("elements of " + to_string(same.shape) + " do not make a tensor of " +
            to_string(target));
    }
    same.shape = target;
    return graph_.add(std::move(same));
  }
  Reshape op;
  op.new_shape = target;
  return emit(std::move(op), {x, int32s(std::string(part) + "_shape", target)}, part);
}

void Call::set(size_t i, ValueId value, const Order& order, bool channels_first) {
  const Value& made = graph_[value];
  Tensor tensor{.dtype = made.dtype, .shape = Shape(made.shape.size())};
  for (size_t k = 0; k < order.size(); ++k) {
    tensor.shape[static_cast<size_t>(order[k])] = made.shape[k];
  }
  tensor.forms.push_back({order, value});
  tensor.channels_first = channels_first;
  set(i, std::move(tensor));
}

void Call::set(size_t i, Tensor tensor) {
  if (tensor.shape.size() > kMostDimensions) {
    refuse("its result has " + std::to_string(tensor.shape.size()) + " dimensions");
  }
  if (i < outputs_.size()) outputs_[i] = std::move(tensor);
}

void Call::set_known(size_t i, DType dtype, Shape shape, Known known) {
  Tensor tensor{.dtype = dtype, .shape = std::move(shape)};
  const bool all = std::none_of(known.begin(), known.end(), [](double x) { return std::isnan(x); });
  if (all) {
    auto add = [&]<class T>(T) {
      std::vector<T> elements;
      for (const double element : known) {
        if constexpr (std::is_integral_v<T>) {
          elements.push_back(static_cast<T>(to_integer(element)));
        } else {
          elements.push_back(static_cast<T>(element));
        }
      }
      Value value{.name = name("folded"), .dtype = dtype, .shape = tensor.shape};
      value.data = Buffer::of(elements);
      tensor.forms.push_back({plain_order(tensor.shape.size()), graph_.add(std::move(value))});
    };
    switch (dtype) {
      case DType::float32:
        add(float{});
        break;
      case DType::int64:
        add(int64_t{});
        break;
      case DType::int32:
        add(int32_t{});
        break;
      case DType::int16:
        add(int16_t{});
        break;
      case DType::int8:
        add(int8_t{});
        break;
      case DType::uint8:
      case DType::boolean:
        add(uint8_t{});
        break;
      default:
        refuse("constants of " + std::string(to_string(dtype)) + " cannot be computed");
    }
  }
  tensor.known = std::move(known);
  set(i, std::move(tensor));
}

std::string Call::base_name() const {
  constexpr size_t kLongest = 120;
  std::string base = !node_.name.empty() || node_.outputs.empty() ? node_.name : node_.outputs[0];
  if (base.size() > kLongest) base = base.substr(base.size() - kLongest);
  return base;
}

}  // namespace litesmith::onnx
