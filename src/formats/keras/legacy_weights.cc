// The weights of a legacy .h5: for each layer of the outermost model a group with a list,
// "weight_names", of the datasets in it.
//
// A nested model is one such layer, its arrays in one flat list: first what is trained of all its
// layers, then the rest, so that freezing a layer moves its arrays. They are matched by the names
// they carry; where names do not tell them apart, by that order.
#include <algorithm>
#include <map>
#include <vector>

#include "base/error.h"
#include "formats/keras/layer.h"
#include "formats/keras/weights.h"

namespace litesmith::keras {
namespace {

// A variable of some layer inside a layer of the outermost model.
struct Slot {
  std::string path;  // in Keras 3's scheme
  std::string layer_name;
  std::string variable;
  bool trained;
};

void gather_slots(const LayerConfig& layer, std::vector<Slot>& slots) {
  if (layer.model) {
    for (const LayerConfig& inner : layer.model->layers) gather_slots(inner, slots);
    return;
  }
  const std::vector<Variable> variables = variables_of(layer);
  const std::vector<std::string> paths = variable_paths(layer, variables);
  const bool trainable = layer.config->flag("trainable", true);
  for (size_t i = 0; i < variables.size(); ++i) {
    slots.push_back({paths[i], layer.name, std::string(variables[i].name),
                     trainable && variables[i].trainable});
  }
  for (const LayerConfig& inner : layer.wrapped) gather_slots(inner, slots);
}

// True when the layer, or one inside it, is wrapped to be trained.
bool is_trained_wrapped(const LayerConfig& layer) {
  const LayerDef* def = find_definition(layer);
  if (def != nullptr && def->training != Training::none) return true;
  if (layer.model) {
    const auto& inside = layer.model->layers;
    return std::any_of(inside.begin(), inside.end(), is_trained_wrapped);
  }
  return std::any_of(layer.wrapped.begin(), layer.wrapped.end(), is_trained_wrapped);
}

// Where the centroids of wrappers go, which a wrapper need not have.
void gather_centroids(const LayerConfig& layer, std::vector<Slot>& slots) {
  if (layer.model) {
    for (const LayerConfig& inner : layer.model->layers) gather_centroids(inner, slots);
  }
  for (const LayerConfig& inner : layer.wrapped) {
    if (inner.is_clustered) {
      slots.push_back({inner.taken_to + "/vars/1", layer.name, "cluster_centroids_kernel", true});
    }
    gather_centroids(inner, slots);
  }
}

// The wrappers that train with quantization, their paths by their names.
void gather_quantizing(const LayerConfig& layer, std::map<std::string, std::string>& wrappers) {
  if (layer.model) {
    for (const LayerConfig& inner : layer.model->layers) gather_quantizing(inner, wrappers);
    return;
  }
  const LayerDef* def = find_definition(layer);
  if (def != nullptr && def->training == Training::takes_kernel) {
    wrappers.emplace(layer.name, layer.weights_path);
  }
  for (const LayerConfig& inner : layer.wrapped) gather_quantizing(inner, wrappers);
}

// "encoder/dense_1/kernel:0" names variable "kernel" of layer "dense_1".
std::pair<std::string, std::string> split_name(std::string name) {
  name.resize(std::min(name.rfind(':'), name.size()));
  const size_t slash = name.rfind('/');
  if (slash == std::string::npos) return {"", name};
  const size_t before = slash == 0 ? std::string::npos : name.rfind('/', slash - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return {name.substr(begin, slash - begin), name.substr(slash + 1)};
}

// The slot of each name, when every name means exactly one and no two mean the same. A nested
// model's names tell the layer too.
std::optional<std::vector<const Slot*>> match_by_name(const std::vector<std::string>& names,
                                                      const std::vector<Slot>& slots,
                                                      bool by_layer) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, const Slot*> by_key;
  for (const Slot& slot : slots) {
    const std::string layer = by_layer ? slot.layer_name : "";
    if (!by_key.emplace(Key(layer, slot.variable), &slot).second) return std::nullopt;
  }
  std::vector<const Slot*> result;
  for (const std::string& full_name : names) {
    auto [layer, variable] = split_name(full_name);
    if (!by_layer) layer.clear();
    auto found = by_key.find({layer, variable});
    // A depthwise layer's kernel is called by its full name in TF-Keras.
    if (found == by_key.end() && variable == "depthwise_kernel") {
      found = by_key.find({layer, "kernel"});
    }
    if (found == by_key.end()) return std::nullopt;
    result.push_back(found->second);
    by_key.erase(found);
  }
  return result;
}

std::vector<const Slot*> match_by_order(const std::vector<Slot>& slots) {
  std::vector<const Slot*> result;
  for (const bool trained : {true, false}) {
    for (const Slot& slot : slots) {
      if (slot.trained == trained) result.push_back(&slot);
    }
  }
  return result;
}

class LegacyWeights : public WeightSource {
 public:
  LegacyWeights(const hdf5::Group& model_weights, const ModelConfig& model) {
    for (const LayerConfig& layer : model.layers) {
      add_learned(model_weights, layer);
      if (!has_weights(layer)) continue;
      with_context("layer '" + layer.path + "' (" + layer.class_name + ")",
                   [&] { add_layer(model_weights, layer); });
    }
  }

  std::optional<WeightArray> find(const std::string& path) override {
    const auto found = datasets_.find(path);
    if (found == datasets_.end()) return std::nullopt;
    return to_weight_array(found->second);
  }

  std::vector<WeightArray> learned(const std::string& wrapper) override {
    std::vector<WeightArray> result;
    for (const hdf5::Dataset& dataset : learned_[wrapper]) {
      result.push_back(to_weight_array(dataset));
    }
    return result;
  }

 private:
  // "quant_dense/kernel_min:0" belongs to the wrapper named "quant_dense".
  void add_learned(const hdf5::Group& model_weights, const LayerConfig& layer) {
    std::map<std::string, std::string> wrappers;  // paths by names
    gather_quantizing(layer, wrappers);
    if (wrappers.empty()) return;
    const auto group = model_weights.group(layer.name);
    const auto names = group ? split_strings(*group, "weight_names") : std::nullopt;
    if (!names) return;
    for (const std::string& name : *names) {
      const auto [owner, variable] = split_name(name);
      const auto wrapper = wrappers.find(owner);
      const bool bounds = variable.ends_with("_min") || variable.ends_with("_max");
      if (wrapper == wrappers.end() || !bounds) continue;
      auto dataset = group->dataset(name);
      if (dataset) learned_[wrapper->second].push_back(std::move(*dataset));
    }
  }

  void add_layer(const hdf5::Group& model_weights, const LayerConfig& layer) {
    const auto group = model_weights.group(layer.name);
    const auto names = group ? split_strings(*group, "weight_names") : std::nullopt;
    if (!names || names->empty())
      throw Error(ErrorCode::format, "the file holds no weights for it");
    std::vector<Slot> slots;
    gather_slots(layer, slots);
    if (is_trained_wrapped(layer)) return add_known(*group, *names, layer, std::move(slots));
    if (names->size() != slots.size()) {
      throw Error(ErrorCode::format, "the file holds " + std::to_string(names->size()) +
                                         " arrays for it, but it has " +
                                         std::to_string(slots.size()));
    }
    auto matched = match_by_name(*names, slots, layer.model != nullptr);
    if (!matched) matched = match_by_order(slots);
    for (size_t i = 0; i < names->size(); ++i) {
      auto dataset = group->dataset((*names)[i]);
      if (!dataset) {
        throw Error(ErrorCode::format,
                    "the file lists '" + (*names)[i] + "', but does not hold it");
      }
      datasets_.emplace((*matched)[i]->path, std::move(*dataset));
    }
  }

  // Wrappers add variables of their own, with names of their own: masks, ranges, steps.
  void add_known(const hdf5::Group& group, const std::vector<std::string>& names,
                 const LayerConfig& layer, std::vector<Slot> slots) {
    const size_t needed = slots.size();
    gather_centroids(layer, slots);
    size_t found = 0;
    for (const std::string& name : names) {
      auto [layer_name, variable] = split_name(name);
      if (variable == "depthwise_kernel") variable = "kernel";
      for (size_t i = 0; i < slots.size(); ++i) {
        if (slots[i].layer_name != layer_name || slots[i].variable != variable) continue;
        auto dataset = group.dataset(name);
        if (dataset && datasets_.emplace(slots[i].path, std::move(*dataset)).second) {
          found += i < needed ? 1 : 0;
        }
      }
    }
    if (found != needed) {
      throw Error(ErrorCode::format, "the file holds " + std::to_string(found) + " of the " +
                                         std::to_string(needed) + " arrays of what it wraps");
    }
  }

  std::map<std::string, hdf5::Dataset> datasets_;              // by path in Keras 3's scheme
  std::map<std::string, std::vector<hdf5::Dataset>> learned_;  // by the path of their wrapper
};

}  // namespace

std::unique_ptr<WeightSource> legacy_weights(const hdf5::Group& model_weights,
                                             const ModelConfig& model) {
  return std::make_unique<LegacyWeights>(model_weights, model);
}

}  // namespace litesmith::keras
