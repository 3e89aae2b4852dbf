#include "formats/keras/model_config.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "base/error.h"
#include "formats/keras/layer.h"
#include "formats/keras/operations/operations.h"

namespace litesmith::keras {
namespace {

// What real models stay far below. Paths repeat the names they lie in, so that a few long names
// could fill any memory.
constexpr size_t kMaxClassName = 256;
constexpr size_t kMaxPath = 4096;
constexpr size_t kMaxLayers = 20'000;
constexpr int kMaxNesting = 16;

[[noreturn]] void malformed(const std::string& why) {
  throw Error(ErrorCode::format, "its configuration " + why);
}

bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }

bool is_model(const Json& item) {
  const std::string& name = item["class_name"].text();
  if (name != "Sequential" && name != "Functional" && name != "Model") return false;
  return item["config"].is_array() || item["config"]["layers"].is_array();
}

// Keras 3's .h5 files leave the module out, and the layers Add and Multiply have the names of
// functions; but every layer says whether it is trained.
bool is_operation(const Json& item) {
  if (item["module"].is_string()) {
    return item["module"].text().find(".ops.") != std::string::npos;
  }
  const bool by_keras3 =
      !item["inbound_nodes"].items().empty() && item["inbound_nodes"].items().front().is_object();
  return by_keras3 && item["config"]["trainable"].is_null() &&
         find_operation(item["class_name"].text()) != nullptr;
}

// A reference as JSON spells it, before the layer's name is looked up.
struct RawRef {
  std::string layer;
  size_t call;
  size_t tensor;
};

size_t to_index(const Json& json) {
  const int32_t value = to_integer(json, "keras_history");
  if (value < 0) malformed("refers to a tensor by a negative number");
  return static_cast<size_t>(value);
}

// ["name", 0, 0], with or without keyword arguments behind.
std::optional<RawRef> as_triple(const Json& json) {
  const auto& items = json.items();
  if (items.size() < 3 || !items[0].is_string() || !items[1].is_number()) return std::nullopt;
  if (items[0].text() == "_CONSTANT_VALUE") return std::nullopt;
  return RawRef{items[0].text(), to_index(items[1]), to_index(items[2])};
}

// Every tensor in the JSON of a call's arguments, in order. Keras 3 wraps a reference in an object,
// Keras 2 writes the bare triple.
void collect_refs(const Json& json, std::vector<RawRef>& refs) {
  if (json["class_name"].text() == "__keras_tensor__") {
    const auto ref = as_triple(json["config"]["keras_history"]);
    if (!ref) malformed("holds a tensor without a history");
    refs.push_back(*ref);
    return;
  }
  if (auto ref = as_triple(json)) {
    refs.push_back(std::move(*ref));
    return;
  }
  for (const Json& item : json.items()) collect_refs(item, refs);
  for (const auto& [key, value] : json.members()) collect_refs(value, refs);
}

class Parser {
 public:
  // `layers_left` is what all models of the file together may still have.
  Parser(size_t& layers_left, int nesting) : layers_left_(layers_left), nesting_(nesting) {}

  ModelConfig parse(const Json& item, const std::string& path, const std::string& weights_path) {
    if (!is_model(item)) {
      throw Error(ErrorCode::unsupported,
                  "'" + item["class_name"].text() +
                      "' is a model written as a class of its own: the file holds no graph of "
                      "layers. Build it with keras.Sequential or keras.Model(inputs, outputs)");
    }
    const Json& config = item["config"];
    model_.name = config["name"].text();
    // Very old Sequential models are the list of their layers.
    const Json& layers = config.is_array() ? config : config["layers"];
    std::map<std::string, int> class_counts;
    for (const Json& layer : layers.items()) {
      model_.layers.push_back(parse_layer(layer, path, weights_path, class_counts));
    }
    if (item["class_name"].text() == "Sequential") {
      connect_in_sequence(item);
    } else {
      connect_as_graph(config, layers);
    }
    return std::move(model_);
  }

 private:
  LayerConfig parse_layer(const Json& item, const std::string& path,
                          const std::string& weights_path,
                          std::map<std::string, int>& class_counts) {
    LayerConfig layer = describe(item, path);
    if (!layer.is_operation) {
      const std::string group = to_snake_case(layer.class_name);
      const int before = class_counts[group]++;
      layer.weights_path =
          weights_path + "layers/" + group + (before > 0 ? "_" + std::to_string(before) : "");
    } else {
      layer.weights_path = weights_path + "operations/" + layer.name;  // it has none
    }
    parse_inside(layer, item);
    return layer;
  }

  LayerConfig describe(const Json& item, const std::string& path) {
    LayerConfig layer;
    layer.class_name = item["class_name"].text();
    layer.config = &item["config"];
    layer.module = item["module"].text();
    layer.registered_name = item["registered_name"].text();
    layer.is_operation = is_operation(item);
    layer.name = item["name"].is_string() ? item["name"].text() : item["config"]["name"].text();
    if (layer.class_name.empty()) malformed("holds a layer without a class");
    if (layer.name.empty()) layer.name = to_snake_case(layer.class_name);
    layer.path = path + layer.name;
    if (layer.class_name.size() > kMaxClassName || layer.path.size() > kMaxPath) {
      malformed("holds a layer with a name of " + std::to_string(layer.path.size()) + " bytes");
    }
    if (layers_left_-- == 0) malformed("has more than " + std::to_string(kMaxLayers) + " layers");
    return layer;
  }

  // The model that a layer is, or the layers that it wraps.
  void parse_inside(LayerConfig& layer, const Json& item) {
    if (is_model(item)) {
      if (nesting_ >= kMaxNesting) malformed("nests models too deeply");
      layer.model = std::make_unique<ModelConfig>(with_context("model '" + layer.path + "'", [&] {
        return Parser(layers_left_, nesting_ + 1)
            .parse(item, layer.path + "/", layer.weights_path + "/");
      }));
      return;
    }
    const LayerDef* def = layer.is_operation ? nullptr : find_layer(layer.class_name);
    if (def == nullptr) return;
    for (const WrappedLayer& wrapped : def->wraps) {
      const bool told = (*layer.config)[wrapped.key].is_object();
      const Json& inner_item = (*layer.config)[told ? wrapped.key : wrapped.otherwise];
      if (!inner_item.is_object()) continue;
      if (nesting_ >= kMaxNesting) malformed("nests layers too deeply");
      LayerConfig inner = describe(inner_item, layer.path + "/");
      inner.weights_path = layer.weights_path + "/" + std::string(wrapped.group);
      if (def->training == Training::takes_kernel || def->training == Training::clusters_kernel) {
        inner.taken_to = layer.weights_path;
        inner.is_clustered = def->training == Training::clusters_kernel;
      }
      ++nesting_;
      parse_inside(inner, inner_item);
      --nesting_;
      layer.wrapped.push_back(std::move(inner));
    }
  }

  void connect_in_sequence(const Json& item) {
    model_.is_sequence = true;
    if (model_.layers.empty()) malformed("is a Sequential model without layers");
    if (!model_.layers.front().is_input()) {
      model_.needs_input = true;
      find_built_shape(item);
    }
    for (size_t i = 0; i < model_.layers.size(); ++i) {
      if (i > 0) {
        if (model_.layers[i].is_input()) malformed("has an input layer in the middle");
        model_.layers[i].calls.push_back({.tensors = {TensorRef{i - 1, 0, 0}}});
      } else {
        model_.layers[i].calls.emplace_back();
      }
    }
    if (!model_.needs_input) model_.inputs.push_back({0, 0, 0});
    model_.outputs.push_back({model_.layers.size() - 1, 0, 0});
  }

  // A Sequential model tells its input's shape in one of many places.
  void find_built_shape(const Json& item) {
    const LayerConfig& first = model_.layers.front();
    model_.made_up_input_name = first.name + "_input";  // as TF-Keras calls it
    for (const char* key : {"batch_input_shape", "batch_shape"}) {
      if ((*first.config)[key].is_array()) {
        model_.built_for = to_shape((*first.config)[key]);
        return;
      }
    }
    if ((*first.config)["input_shape"].is_array()) {
      model_.built_for = to_shape((*first.config)["input_shape"]);
      model_.built_for.insert(model_.built_for.begin(), kDynamic);
      return;
    }
    if ((*first.config)["input_dim"].is_number()) {
      model_.built_for = {kDynamic, first.config->integer("input_dim")};
      return;
    }
    model_.made_up_input_name = "input_layer";  // as Keras 3 calls it
    for (const Json* built :
         {&item["config"]["build_input_shape"], &item["build_config"]["input_shape"]}) {
      if (built->is_array()) model_.built_for = to_shape(*built);
    }
  }

  void connect_as_graph(const Json& config, const Json& layers) {
    for (size_t i = 0; i < model_.layers.size(); ++i) {
      if (!index_.emplace(model_.layers[i].name, i).second) {
        malformed("has two layers named '" + model_.layers[i].name + "'");
      }
    }
    for (size_t i = 0; i < model_.layers.size(); ++i) {
      with_context("layer '" + model_.layers[i].path + "'",
                   [&] { parse_calls(layers.items()[i]["inbound_nodes"], i); });
    }
    model_.inputs = parse_ends(config["input_layers"], false);
    model_.outputs = parse_ends(config["output_layers"], true);
    for (const auto& [key, value] : config["output_layers"].members()) {
      model_.output_names.push_back(key);
    }
    if (model_.outputs.empty()) malformed("names no outputs");
    for (const TensorRef& input : model_.inputs) {
      if (!model_.layers[input.layer].is_input()) {
        malformed("has an input that is no InputLayer, '" + model_.layers[input.layer].name + "'");
      }
    }
    check_calls();
  }

  void parse_calls(const Json& nodes, size_t layer) {
    for (const Json& node : nodes.items()) {
      CallConfig call;
      if (node.is_object()) {
        for (const Json& arg : node["args"].items()) add_argument(call, "", arg);
        for (const auto& [name, arg] : node["kwargs"].members()) add_argument(call, name, arg);
      } else {
        keras2_ = true;
        add_keras2_arguments(call, node);
      }
      if (!model_.layers[layer].is_operation) take_mask(call);
      note_unknown_tensors(model_.layers[layer], call);
      model_.layers[layer].calls.push_back(std::move(call));
    }
    // Keras 3 writes no node for an input layer's own.
    if (model_.layers[layer].calls.empty()) model_.layers[layer].calls.emplace_back();
  }

  void add_argument(CallConfig& call, const std::string& name, const Json& value) const {
    std::vector<RawRef> refs;
    collect_refs(value, refs);
    call.arguments.push_back({name, &value, call.tensors.size(), refs.size()});
    for (const RawRef& ref : refs) call.tensors.push_back(resolve(ref, false));
  }

  static void take_mask(CallConfig& call) {
    const auto mask = std::find_if(
        call.arguments.begin(), call.arguments.end(),
        [](const Argument& each) { return each.name == "mask" && each.tensor_count == 1; });
    if (mask == call.arguments.end()) return;
    const auto place = mask->first_tensor;
    call.mask = call.tensors[place];
    call.tensors.erase(call.tensors.begin() + static_cast<std::ptrdiff_t>(place));
    call.arguments.erase(mask);
    for (Argument& each : call.arguments) {
      if (each.first_tensor > place) --each.first_tensor;
    }
  }

  // Keras 2 lists the first argument's tensors, and puts the keyword arguments into the fourth
  // element of each. A constant in a tensor's place is ["_CONSTANT_VALUE", -1, value, {...}].
  void add_keras2_arguments(CallConfig& call, const Json& node) const {
    std::vector<const Json*> entries;
    collect_entries(node, entries);
    const Json* keywords = nullptr;
    for (const Json* entry : entries) {
      const Json& third = entry->items()[2];
      if (const auto ref = as_triple(*entry)) {
        call.arguments.push_back({"", entry, call.tensors.size(), 1});
        call.tensors.push_back(resolve(*ref, false));
      } else {
        call.arguments.push_back({"", &third, call.tensors.size(), 0});
      }
      if (keywords == nullptr && entry->items().size() > 3) keywords = &entry->items()[3];
    }
    if (keywords == nullptr) return;
    for (const auto& [name, arg] : keywords->members()) add_argument(call, name, arg);
  }

  static void collect_entries(const Json& node, std::vector<const Json*>& entries) {
    const auto& items = node.items();
    const bool constant =
        items.size() >= 3 && items[0].is_string() && items[0].text() == "_CONSTANT_VALUE";
    if (constant || as_triple(node)) {
      entries.push_back(&node);
      return;
    }
    for (const Json& item : items) collect_entries(item, entries);
    for (const auto& [key, value] : node.members()) collect_entries(value, entries);
  }

  // A tensor that a layer does not expect changes what it computes.
  static void note_unknown_tensors(LayerConfig& layer, const CallConfig& call) {
    if (layer.is_operation) return;
    const LayerDef* def = layer.model ? nullptr : find_layer(layer.class_name);
    for (const Argument& argument : call.arguments) {
      // layer(inputs=x)
      const bool only = argument.tensor_count == call.tensors.size();
      if (argument.name.empty() || argument.tensor_count == 0 || only) continue;
      if (def != nullptr && def->takes(argument.name)) continue;
      layer.problem = "it is called with a tensor as the keyword argument '" + argument.name + "'";
    }
  }

  TensorRef resolve(const RawRef& raw, bool is_output) const {
    const auto found = index_.find(raw.layer);
    if (found == index_.end()) malformed("refers to the layer '" + raw.layer + "', which it lacks");
    const LayerConfig& layer = model_.layers[found->second];
    return {found->second, raw.call - first_call(layer, raw, is_output), raw.tensor};
  }

  // Calls are counted from 0, but a nested model made from input layers has already been called
  // once, when it was built. TF-Keras counts that call everywhere; Keras 3 only where a Functional
  // model is an output of the outer one.
  size_t first_call(const LayerConfig& layer, const RawRef& raw, bool is_output) const {
    if (!layer.model || raw.call == 0) return 0;
    if (keras2_) return layer.model->needs_input ? 0 : 1;
    return is_output && layer.class_name == "Functional" ? 1 : 0;
  }

  // input_layers and output_layers: one triple, a list of them, or a dictionary.
  std::vector<TensorRef> parse_ends(const Json& json, bool is_output) const {
    std::vector<RawRef> raw;
    collect_refs(json, raw);
    std::vector<TensorRef> refs;
    refs.reserve(raw.size());
    for (const RawRef& ref : raw) refs.push_back(resolve(ref, is_output));
    return refs;
  }

  void check_calls() const {
    auto check_ref = [&](const TensorRef& ref) {
      if (ref.call >= model_.layers[ref.layer].calls.size()) {
        malformed("refers to call " + std::to_string(ref.call) + " of layer '" +
                  model_.layers[ref.layer].name + "', which has " +
                  std::to_string(model_.layers[ref.layer].calls.size()));
      }
    };
    for (const LayerConfig& layer : model_.layers) {
      for (const auto& call : layer.calls) {
        for (const TensorRef& ref : call.tensors) check_ref(ref);
        if (call.mask) check_ref(*call.mask);
      }
    }
    for (const TensorRef& ref : model_.inputs) check_ref(ref);
    for (const TensorRef& ref : model_.outputs) check_ref(ref);
  }

  size_t& layers_left_;
  int nesting_;
  ModelConfig model_;
  std::map<std::string, size_t, std::less<>> index_;
  bool keras2_ = false;  // the graph is written as Keras 2 does
};

}  // namespace

ModelConfig parse_model_config(const Json& model) {
  size_t layers_left = kMaxLayers;
  return Parser(layers_left, 0).parse(model, "", "");
}

std::string to_snake_case(std::string_view class_name) {
  std::string words;
  for (const char c : class_name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0) words += c;
  }
  // re.sub("(.)([A-Z][a-z]+)", r"\1_\2"): a character, then a capitalized word.
  std::string split;
  for (size_t i = 0; i < words.size();) {
    split += words[i++];
    if (i + 1 < words.size() && is_upper(words[i]) && is_lower(words[i + 1])) {
      split += '_';
      split += words[i++];
      while (i < words.size() && is_lower(words[i])) split += words[i++];
    }
  }
  // re.sub("([a-z])([A-Z])", r"\1_\2")
  std::string result;
  for (size_t i = 0; i < split.size(); ++i) {
    if (i > 0 && is_lower(split[i - 1]) && is_upper(split[i])) result += '_';
    result += split[i];
  }
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

Shape to_shape(const Json& json) {
  constexpr size_t kMaxRank = 8;
  if (!json.is_array() || json.items().size() > kMaxRank) malformed("holds a shape that is none");
  Shape shape;
  for (const Json& dim : json.items()) {
    shape.push_back(dim.is_null() ? kDynamic : to_integer(dim, "shape"));
    if (shape.back() < kDynamic) malformed("holds a shape with a negative dimension");
  }
  return shape;
}

}  // namespace litesmith::keras
