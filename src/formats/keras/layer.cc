#include "formats/keras/layer.h"

#include <algorithm>

#include "base/error.h"
#include "formats/keras/operations/operations.h"

namespace litesmith::keras {

std::string LayerCall::layer_name() const {
  constexpr size_t kLongest = 256;
  const std::string& path = layer_.path;
  if (path.size() <= kLongest) return path;
  // Not in the middle of a UTF-8 character.
  size_t begin = path.size() - kLongest;
  while (begin < path.size() && (path[begin] & 0xc0) == 0x80) ++begin;
  return path.substr(begin);
}

ValueId LayerCall::input() const {
  if (inputs_.size() != 1) {
    throw Error(ErrorCode::format,
                "it is called with " + std::to_string(inputs_.size()) + " tensors instead of one");
  }
  return inputs_.front();
}

std::vector<ValueId> LayerCall::build_wrapped(size_t i, const std::vector<Tensor>& inputs) {
  std::vector<ValueId> outputs;
  for (const Tensor& made : build_wrapped_(layer_.wrapped.at(i), {}, inputs)) {
    outputs.push_back(made.value);
  }
  return outputs;
}

const Argument* LayerCall::keyword(std::string_view name) const {
  const auto found = std::find_if(call_.arguments.begin(), call_.arguments.end(),
                                  [&](const Argument& each) { return each.name == name; });
  return found == call_.arguments.end() ? nullptr : &*found;
}

int32_t LayerCall::size(ValueId id, int axis) const {
  const Shape& all = shape(id);
  const int32_t result = all[static_cast<size_t>(normalize_axis(axis, all.size()))];
  if (result < 0) {
    throw Error(ErrorCode::unsupported,
                "its input " + to_string(all) +
                    " has a size that is only known when the model runs; give the model's input a "
                    "fixed shape");
  }
  return result;
}

const WeightArray& LayerCall::weight(std::string_view name) const {
  const auto found = state_.weights.find(name);
  check(found != state_.weights.end(), "a layer asks for a variable it does not declare");
  return found->second;
}

const WeightArray& LayerCall::weight(std::string_view name, const Shape& expected) const {
  const WeightArray& array = weight(name);
  const Shape& actual = array.shape;
  const bool fits =
      actual.size() == expected.size() &&
      std::equal(actual.begin(), actual.end(), expected.begin(),
                 [](int32_t have, int32_t want) { return want == kDynamic || have == want; });
  if (!fits) {
    throw Error(ErrorCode::format, "its " + std::string(name) + " has shape " + to_string(actual) +
                                       ", but its configuration means " + to_string(expected));
  }
  return array;
}

ValueId LayerCall::add_constant(std::string key, Value value) {
  const ValueId id = graph_.add(std::move(value));
  state_.constants.emplace(std::move(key), id);
  return id;
}

ValueId LayerCall::constant(std::string_view part, const std::function<WeightArray()>& make) {
  const auto found = state_.constants.find(part);
  if (found != state_.constants.end()) return found->second;
  WeightArray array = make();
  return add_constant(std::string(part), {.name = name(part),
                                          .dtype = DType::float32,
                                          .shape = std::move(array.shape),
                                          .data = std::move(array.elements)});
}

template <class T>
ValueId LayerCall::add_once(std::string_view part, const Shape& shape,
                            const std::vector<T>& elements) {
  std::string key = std::string(part) + to_string(shape);
  key.append(reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(T));
  const auto found = state_.constants.find(key);
  if (found != state_.constants.end()) return found->second;
  return add_constant(
      std::move(key),
      {.name = name(part), .dtype = dtype_of<T>(), .shape = shape, .data = Buffer::of(elements)});
}

ValueId LayerCall::floats(std::string_view part, const Shape& shape,
                          const std::vector<float>& elements) {
  return add_once(part, shape, elements);
}

ValueId LayerCall::integers(std::string_view part, const Shape& shape,
                            const std::vector<int32_t>& elements) {
  return add_once(part, shape, elements);
}

const LayerDef* find_definition(const LayerConfig& layer) {
  if (layer.model) return nullptr;
  return layer.is_operation ? find_operation(layer.class_name) : find_layer(layer.class_name);
}

std::vector<Variable> variables_of(const LayerConfig& layer) {
  const LayerDef* def = find_definition(layer);
  if (def == nullptr || def->variables == nullptr) return {};
  return def->variables(*layer.config);
}

bool has_weights(const LayerConfig& layer) {
  if (layer.model) {
    return std::any_of(layer.model->layers.begin(), layer.model->layers.end(), has_weights);
  }
  return !variables_of(layer).empty() ||
         std::any_of(layer.wrapped.begin(), layer.wrapped.end(), has_weights);
}

bool fixes_batch(const LayerConfig& layer) {
  if (layer.model) {
    return std::any_of(layer.model->layers.begin(), layer.model->layers.end(), fixes_batch);
  }
  const LayerDef* def = find_definition(layer);
  return (def != nullptr && def->fixes_batch != nullptr && def->fixes_batch(*layer.config)) ||
         std::any_of(layer.wrapped.begin(), layer.wrapped.end(), fixes_batch);
}

std::vector<std::string> variable_paths(const LayerConfig& layer,
                                        std::span<const Variable> variables, bool other) {
  std::vector<std::string> paths;
  std::map<std::string_view, int> counts;
  for (const Variable& variable : variables) {
    const std::string_view group =
        other && !variable.other_group.empty() ? variable.other_group : variable.group;
    paths.push_back(layer.weights_path + (group.empty() ? "" : "/") + std::string(group) +
                    "/vars/" + std::to_string(counts[variable.group]++));
  }
  return paths;
}

bool LayerDef::takes(std::string_view keyword) const {
  return std::find(tensor_keywords.begin(), tensor_keywords.end(), keyword) !=
         tensor_keywords.end();
}

}  // namespace litesmith::keras
