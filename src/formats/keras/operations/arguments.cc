#include "formats/keras/operations/arguments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "ops/shape_and_cast.h"

namespace litesmith::keras {
namespace {

constexpr size_t kMaxRank = 8;

std::string quoted(Arguments::Names names) { return "'" + std::string(*names.begin()) + "'"; }

// [[1, 2], [3, 4]] depth first; false when it is no array of numbers.
bool gather(const Json& json, size_t depth, Arguments::Numbers& numbers) {
  if (json.is_number() || json.is_bool()) {
    if (depth != numbers.shape.size()) return false;
    numbers.elements.push_back(
        static_cast<float>(json.is_number() ? json.value() : (json.truth() ? 1.0 : 0.0)));
    return true;
  }
  const auto& items = json.items();
  if (items.empty() || depth >= kMaxRank) return false;
  const auto size = static_cast<int32_t>(items.size());
  if (depth == numbers.shape.size()) {
    if (!numbers.elements.empty()) return false;
    numbers.shape.push_back(size);
  }
  return numbers.shape[depth] == size &&
         std::all_of(items.begin(), items.end(),
                     [&](const Json& each) { return gather(each, depth + 1, numbers); });
}

}  // namespace

std::optional<Arguments::Numbers> Arguments::numbers(const Json& json) {
  const std::string& kind = json["class_name"].text();
  const bool is_array = kind == "__numpy__" || kind == "__tensor__";
  Numbers result;
  if (!gather(is_array ? json["config"]["value"] : json, 0, result)) return std::nullopt;
  return result;
}

const Argument* Arguments::find(size_t place, Names names) const {
  size_t position = 0;
  const Argument* by_place = nullptr;
  for (const Argument& argument : call_.arguments()) {
    if (argument.name.empty()) {
      if (position++ == place) by_place = &argument;
    } else if (std::find(names.begin(), names.end(), argument.name) != names.end() &&
               !argument.value->is_null()) {
      call_.mark_read(argument);
      return &argument;
    }
  }
  return by_place;
}

const Json& Arguments::json(size_t place, Names names) const {
  static const Json null;
  const Json* result = &null;
  if (const Argument* argument = find(place, names)) result = argument->value;
  for (const std::string_view name : names) {
    if (result->is_null()) result = &call_.config()[name];
  }
  return (*result)["class_name"].text() == "__tuple__" ? (*result)["items"] : *result;
}

bool Arguments::flag(size_t place, Names names, bool otherwise) const {
  const Json& value = json(place, names);
  return value.is_bool() ? value.truth() : otherwise;
}

int32_t Arguments::integer(size_t place, Names names) const {
  return to_integer(json(place, names), *names.begin());
}

std::optional<std::vector<int32_t>> Arguments::integers(size_t place, Names names) const {
  const Json& value = json(place, names);
  if (value.is_null()) return std::nullopt;
  if (is_tensor(place, names)) {
    throw Error(ErrorCode::unsupported, quoted(names) + " is a tensor, which is not supported");
  }
  if (value.is_number()) return std::vector<int32_t>{to_integer(value, *names.begin())};
  std::vector<int32_t> result;
  for (const Json& each : value.items()) result.push_back(to_integer(each, *names.begin()));
  return result;
}

ValueId Arguments::first() const {
  if (call_.inputs().empty()) throw Error(ErrorCode::format, "it is called without a tensor");
  return call_.inputs().front();
}

Mask Arguments::mask(size_t place, Names names) const {
  const Argument* argument = find(place, names);
  if (argument == nullptr || argument->tensor_count == 0) return nullptr;
  return call_.masks().at(argument->first_tensor);
}

bool Arguments::is_tensor(size_t place, Names names) const {
  const Argument* argument = find(place, names);
  return argument != nullptr && argument->tensor_count > 0;
}

ValueId Arguments::operand(size_t place, Names names, DType like) const {
  if (const Argument* argument = find(place, names); argument != nullptr) {
    if (argument->tensor_count == 1) return call_.tensors(*argument).front();
    if (argument->tensor_count > 1) {
      throw Error(ErrorCode::unsupported, "a list of tensors as " + quoted(names));
    }
  }
  const auto constant = numbers(json(place, names));
  if (!constant) {
    throw Error(ErrorCode::unsupported, quoted(names) + " is neither a tensor nor numbers");
  }
  if (like == DType::int32) {
    std::vector<int32_t> elements;
    for (const float element : constant->elements) {
      const bool fits = element == std::floor(element) && std::abs(element) < 0x1p24f;
      if (!fits) throw Error(ErrorCode::unsupported, quoted(names) + " holds no small integers");
      elements.push_back(static_cast<int32_t>(element));
    }
    return call_.integers(*names.begin(), constant->shape, elements);
  }
  if (like != DType::float32) {
    throw Error(ErrorCode::unsupported, "numbers beside a tensor that is " +
                                            std::string(to_string(like)) + " are not supported");
  }
  return call_.floats(*names.begin(), constant->shape, constant->elements);
}

std::vector<ValueId> Arguments::operands() const {
  static_cast<void>(first());
  const auto& all = call_.arguments();
  if (!all.empty() && all.front().tensor_count > 1) {
    const auto list = call_.tensors(all.front());
    return {list.begin(), list.end()};
  }
  return call_.inputs();
}

ValueId cast_to(LayerCall& call, ValueId x, DType to) {
  if (call.dtype(x) == to) return x;
  Cast op;
  op.in_data_type = call.dtype(x);
  op.out_data_type = to;
  return call.emit(op, {x}, "cast");
}

ValueId as_float(LayerCall& call, ValueId x) { return cast_to(call, x, DType::float32); }

}  // namespace litesmith::keras
