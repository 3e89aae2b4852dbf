#include "formats/keras/build.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "ir/finite.h"
#include "ops/comparison.h"
#include "ops/shape_and_cast.h"

namespace litesmith::keras {
namespace {

// A nested model that is called often, in a nested model that is called often, ...: a small file
// can mean any number of operators.
constexpr size_t kMaxNodes = 100'000;

class Builder {
 public:
  Builder(WeightSource& weights, Dialect dialect) : weights_(weights), dialect_(dialect) {}

  Model build(const ModelConfig& config) {
    fixes_batch_ = std::any_of(config.layers.begin(), config.layers.end(), fixes_batch);
    std::vector<Tensor> inputs;
    if (config.needs_input) {
      inputs.push_back({add_input(config.made_up_input_name, config.built_for, "float32")});
    }
    for (const TensorRef& ref : config.inputs) {
      inputs.push_back({add_input(config.layers[ref.layer])});
    }
    check_input_names();
    std::vector<ValueId> outputs;
    for (const Tensor& made : build_graph(config, inputs)) outputs.push_back(made.value);
    name_outputs(config, outputs);
    model_.graph.name = "main";
    model_.graph.make_names_unique();
    compact(model_);
    findings_.throw_if_errors("the model's weights cannot be used");
    verify(model_.graph);
    return std::move(model_);
  }

 private:
  ValueId add_input(const LayerConfig& layer) {
    return with_context("layer '" + layer.path + "'", [&] {
      const Json& config = *layer.config;
      if (config.flag("sparse", false) || config.flag("ragged", false)) {
        throw Error(ErrorCode::unsupported, "sparse and ragged inputs are not supported");
      }
      const Json& shape =
          config["batch_shape"].is_array() ? config["batch_shape"] : config["batch_input_shape"];
      return add_input(layer.name, to_shape(shape), config.string("dtype", "float32"));
    });
  }

  // Integers become floats at once: every layer computes with floats.
  ValueId add_input(const std::string& name, Shape shape, const std::string& dtype_name) {
    if (shape.empty()) {
      throw Error(ErrorCode::unsupported,
                  "the model has no input shape: it was never built. Give it an Input layer, or "
                  "call it once, and save it again");
    }
    if (fixes_batch_ && shape.front() == kDynamic) shape.front() = 1;
    DType dtype = parse_dtype(dtype_name).value_or(DType::string);
    if (dtype == DType::float16 || dtype == DType::bfloat16 || dtype == DType::float64) {
      dtype = DType::float32;
    }
    if (dtype != DType::float32 && dtype != DType::int32 && dtype != DType::int64 &&
        dtype != DType::uint8 && dtype != DType::int8 && dtype != DType::int16 &&
        dtype != DType::boolean) {
      throw Error(ErrorCode::unsupported, "inputs of type '" + dtype_name + "' are not supported");
    }
    const ValueId input = model_.graph.add(
        {.name = "serving_default_" + name + ":0", .dtype = dtype, .shape = shape});
    model_.graph.inputs.push_back(input);
    input_names_.push_back(name);
    if (dtype == DType::float32) return input;
    Cast cast;
    cast.in_data_type = dtype;
    cast.out_data_type = DType::float32;
    return model_.graph.append(std::make_shared<Cast>(cast), {input}, name + "/cast");
  }

  void check_input_names() const {
    std::vector<std::string> sorted = input_names_;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) {
      throw Error(ErrorCode::format, "two inputs of the model are named '" + *twice + "'");
    }
  }

  // One call of one layer.
  using Place = std::pair<size_t, size_t>;
  // By layer, call and output: what has been built.
  using Made = std::vector<std::vector<std::vector<Tensor>>>;

  // The outputs of `config`'s layers for these inputs. Of the calls that have all they need, the
  // first in the file is built next (a layer that is called twice may have to wait for its second
  // call), so that the order of the graph is the file's.
  std::vector<Tensor> build_graph(const ModelConfig& config, const std::vector<Tensor>& inputs) {
    Made made(config.layers.size());
    std::set<Place> ready;
    std::map<Place, size_t> missing;
    std::map<Place, std::vector<Place>> waiting;  // by what they wait for
    const std::set<Place> given = place_inputs(config, inputs, made);
    for (size_t i = 0; i < config.layers.size(); ++i) {
      for (size_t call = 0; call < config.layers[i].calls.size(); ++call) {
        if (given.count({i, call}) != 0) continue;
        size_t count = 0;
        std::vector<TensorRef> needed = config.layers[i].calls[call].tensors;
        if (const auto& mask = config.layers[i].calls[call].mask) needed.push_back(*mask);
        for (const TensorRef& ref : needed) {
          if (given.count({ref.layer, ref.call}) != 0) continue;
          waiting[{ref.layer, ref.call}].push_back({i, call});
          ++count;
        }
        if (count == 0) {
          ready.insert({i, call});
        } else {
          missing[{i, call}] = count;
        }
      }
    }
    while (!ready.empty()) {
      const Place place = *ready.begin();
      ready.erase(ready.begin());
      made[place.first][place.second] =
          build_call(config.layers[place.first], config.layers[place.first].calls[place.second],
                     operands(config, place, inputs, made));
      for (const Place& next : waiting[place]) {
        const auto left = missing.find(next);
        if (--left->second > 0) continue;
        missing.erase(left);
        ready.insert(next);
      }
    }
    if (!missing.empty()) {
      throw Error(ErrorCode::format, "the layers need each other's outputs in a circle, '" +
                                         config.layers[missing.begin()->first.first].path +
                                         "' among them");
    }
    std::vector<Tensor> outputs;
    for (const TensorRef& ref : config.outputs) add_found(made, ref, config, outputs);
    return outputs;
  }

  // Fills in what the model is fed; returns where.
  static std::set<Place> place_inputs(const ModelConfig& config, const std::vector<Tensor>& inputs,
                                      Made& made) {
    const size_t expected = config.needs_input ? 1 : config.inputs.size();
    if (inputs.size() != expected) {
      throw Error(ErrorCode::format, "a model of " + std::to_string(expected) +
                                         " inputs is called with " + std::to_string(inputs.size()));
    }
    for (size_t i = 0; i < config.layers.size(); ++i) made[i].resize(config.layers[i].calls.size());
    std::set<Place> given;
    for (size_t i = 0; i < config.inputs.size(); ++i) {
      made[config.inputs[i].layer][config.inputs[i].call] = {inputs[i]};
      given.insert({config.inputs[i].layer, config.inputs[i].call});
    }
    return given;
  }

  static void add_found(const Made& made, const TensorRef& ref, const ModelConfig& config,
                        std::vector<Tensor>& found) {
    const std::vector<Tensor>& tensors = made[ref.layer][ref.call];
    if (config.is_sequence) {
      found.insert(found.end(), tensors.begin(), tensors.end());
      return;
    }
    if (ref.tensor >= tensors.size()) {
      throw Error(ErrorCode::format, "its configuration refers to output " +
                                         std::to_string(ref.tensor) + " of layer '" +
                                         config.layers[ref.layer].path + "', which has " +
                                         std::to_string(tensors.size()));
    }
    found.push_back(tensors[ref.tensor]);
  }

  std::vector<Tensor> operands(const ModelConfig& config, const Place& place,
                               const std::vector<Tensor>& inputs, const Made& made) {
    const LayerConfig& layer = config.layers[place.first];
    std::vector<Tensor> result;
    if (place.first == 0 && config.needs_input) result = inputs;
    for (const TensorRef& ref : layer.calls[place.second].tensors) {
      add_found(made, ref, config, result);
    }
    if (result.empty()) {
      throw Error(ErrorCode::format,
                  "layer '" + layer.path + "' has no input, and is none of the model's");
    }
    if (const auto& mask = layer.calls[place.second].mask) {
      std::vector<Tensor> given;
      add_found(made, *mask, config, given);
      result.front().mask = given_mask(given.at(0).value, layer.path);
    }
    return result;
  }

  // A tensor as a mask: what is not 0 counts.
  Mask given_mask(ValueId tensor, const std::string& path) {
    Graph& graph = model_.graph;
    return std::make_shared<LazyMask>([&graph, tensor, path] {
      if (graph[tensor].dtype == DType::boolean) return tensor;
      compose::Composer composer(graph, path);
      return composer.emit(NotEqual(), {tensor, composer.constant<float>("zero", {}, {0})}, "mask");
    });
  }

  std::vector<Tensor> build_call(const LayerConfig& layer, const CallConfig& config,
                                 std::vector<Tensor> operands) {
    if (model_.graph.nodes.size() > kMaxNodes) {
      throw Error(ErrorCode::unsupported,
                  "the model has more than " + std::to_string(kMaxNodes) + " operators");
    }
    if (layer.model) return build_graph(*layer.model, operands);
    return with_context("layer '" + layer.path + "' (" + layer.class_name + ")", [&] {
      const LayerDef* def = find_definition(layer);
      check(def != nullptr, "a layer that was not checked");
      const size_t first_new = model_.graph.values.size();
      const BuildLayer build_wrapped = [&](const LayerConfig& wrapped, const CallConfig& how,
                                           std::vector<Tensor> inputs) {
        return build_call(wrapped, how, std::move(inputs));
      };
      LayerCall call(model_.graph, layer, config, state_of(layer), dialect_, std::move(operands),
                     build_wrapped);
      refuse_mask(*def, call);
      std::vector<Tensor> outputs = {{def->build(call)}};
      Tensor& first = outputs.front();
      first.mask = def->masks == MaskFlow::passes ? call.masks().front() : call.output_mask();
      // The value a layer hands on carries the layer's name; those on the way have more to theirs.
      if (static_cast<size_t>(first.value.index) >= first_new) {
        model_.graph[first.value].name = call.layer_name();
      }
      outputs.insert(outputs.end(), call.more_outputs().begin(), call.more_outputs().end());
      return outputs;
    });
  }

  static void refuse_mask(const LayerDef& def, const LayerCall& call) {
    const auto& masks = call.masks();
    const bool masked = std::any_of(masks.begin(), masks.end(), [](const Mask& m) { return m; });
    const bool unasked = def.masks == MaskFlow::ends && call.mask_is_argument();
    if (!unasked && (def.masks != MaskFlow::refused || !masked)) return;
    throw Error(ErrorCode::unsupported,
                "its input comes with a mask (of a Masking layer, or an Embedding with "
                "mask_zero=True), and what it does with one is not supported");
  }

  // The layer's variables, read when it is first called.
  LayerState& state_of(const LayerConfig& layer) {
    const auto [found, is_new] = states_.try_emplace(layer.weights_path);
    LayerState& state = found->second;
    if (!is_new) return state;
    const LayerDef* def = find_definition(layer);
    if (def != nullptr && def->training == Training::takes_kernel) {
      state.learned = weights_.learned(layer.weights_path);
    }
    const std::vector<Variable> variables = variables_of(layer);
    std::vector<std::string> paths = variable_paths(layer, variables);
    if (!layer.taken_to.empty()) find_taken(layer, paths);
    const std::vector<std::string> other_paths = variable_paths(layer, variables, true);
    for (size_t i = 0; i < variables.size(); ++i) {
      if (!variables[i].used) continue;
      auto array = weights_.find(paths[i]);
      if (!array && !variables[i].other_group.empty()) array = weights_.find(other_paths[i]);
      if (!array) {
        throw Error(ErrorCode::format, "the file holds no '" + std::string(variables[i].name) +
                                           "' for it (nothing at '" + paths[i] + "')");
      }
      check_finite(layer, variables[i], *array);
      array->elements.let_go();
      if (i == 0 && layer.is_clustered) *array = clustered(layer, std::move(*array));
      state.weights.emplace(variables[i].name, std::move(*array));
    }
    // What a group would hold next, had it more.
    std::map<std::string, size_t> sizes;
    for (const std::string& path : paths) ++sizes[path.substr(0, path.rfind('/') + 1)];
    for (const auto& [group, size] : sizes) {
      if (group == layer.taken_to + "/vars/") continue;  // the wrapper has more
      if (weights_.find(group + std::to_string(size))) {
        throw Error(ErrorCode::unsupported,
                    "the file holds more variables for it than it has (was it quantized, or "
                    "changed by the model's author?)");
      }
    }
    return state;
  }

  // A wrapper that trains a layer may hold its first variables; the rest then move up.
  void find_taken(const LayerConfig& layer, std::vector<std::string>& paths) {
    size_t left = 0;
    while (left < paths.size() && weights_.find(paths[left])) ++left;
    const size_t taken = paths.size() - left;
    std::vector<std::string> found;
    for (size_t i = 0; i < taken; ++i) {
      found.push_back(layer.taken_to + "/vars/" + std::to_string(i));
    }
    found.insert(found.end(), paths.begin(), paths.begin() + static_cast<ptrdiff_t>(left));
    paths = std::move(found);
  }

  // Each element as the nearest centroid, the first of equally near ones, as the wrapper computes
  // its kernel from them; as it is where the layer has none.
  WeightArray clustered(const LayerConfig& layer, WeightArray kernel) {
    constexpr size_t kMostCentroids = 4096;
    const auto centroids = weights_.find(layer.taken_to + "/vars/1");
    if (!centroids) return kernel;
    const auto choices = centroids->elements.as<float>();
    if (centroids->shape.size() != 1 || choices.empty() || choices.size() > kMostCentroids) {
      throw Error(ErrorCode::unsupported,
                  "its centroids are of shape " + to_string(centroids->shape) +
                      ": clusters of each channel are not supported; use tfmot's strip_clustering");
    }
    const auto elements = kernel.elements.as<float>();
    std::vector<float> result(elements.begin(), elements.end());
    for (float& element : result) {
      element = *std::min_element(choices.begin(), choices.end(), [&](float a, float b) {
        return std::abs(element - a) < std::abs(element - b);
      });
    }
    return {std::move(kernel.shape), Buffer::of(result)};
  }

  void check_finite(const LayerConfig& layer, const Variable& variable, WeightArray& array) {
    const Magnitude magnitude = magnitude_of(array.elements);
    array.largest_magnitude = magnitude.largest;
    if (!magnitude.not_finite) return;
    findings_.error(ErrorCode::data, "layer '" + layer.path + "': " + std::string(variable.name) +
                                         " holds " + *magnitude.not_finite);
  }

  // TensorFlow calls outputs output_0, output_1, ... (a dictionary's by their keys), and lists the
  // names of a signature in alphabetical order. The tensors are outputs of one call of the model,
  // numbered in that order; the call is stateful when the model has variables.
  void name_outputs(const ModelConfig& config, const std::vector<ValueId>& outputs) {
    Signature signature;
    for (size_t i = 0; i < input_names_.size(); ++i) {
      signature.inputs.push_back({input_names_[i], model_.graph.inputs[i]});
    }
    const bool by_key = config.output_names.size() == outputs.size();
    for (size_t i = 0; i < outputs.size(); ++i) {
      signature.outputs.push_back(
          {by_key ? config.output_names[i] : "output_" + std::to_string(i), outputs[i]});
    }
    signature.sort_by_name();
    const bool stateful = std::any_of(config.layers.begin(), config.layers.end(), has_weights);
    const std::string call = stateful ? "StatefulPartitionedCall_1:" : "PartitionedCall_1:";
    for (size_t i = 0; i < signature.outputs.size(); ++i) {
      const ValueId id = signature.outputs[i].value;
      const auto& inputs = model_.graph.inputs;
      if (std::find(inputs.begin(), inputs.end(), id) != inputs.end()) continue;
      model_.graph[id].name = call + std::to_string(i);
    }
    model_.graph.outputs = outputs;
    model_.signatures = {std::move(signature)};
  }

  WeightSource& weights_;
  Dialect dialect_;
  Model model_;
  bool fixes_batch_ = false;  // a batch left open is one sample
  std::vector<std::string> input_names_;
  std::map<std::string, LayerState> states_;  // by weights_path
  Diagnostics findings_;
};

}  // namespace

Model build_model(const ModelConfig& model, WeightSource& weights, Dialect dialect) {
  check_supported(model);
  return Builder(weights, dialect).build(model);
}

}  // namespace litesmith::keras
