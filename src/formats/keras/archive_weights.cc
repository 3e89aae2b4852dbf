// The weights of a .keras archive: datasets vars/0, vars/1, ... in a tree of groups that mirrors
// the model, each layer's group named after its class and counted.
//
// Keras 3 and TF-Keras from 2.15 on name the container "layers" and count every layer of a class.
// TF-Keras 2.12 to 2.14 name it "_layer_checkpoint_dependencies", and 2.12 and 2.13 list every
// layer with weights twice there: the second visit finds nothing to write but still counts, so
// that the suffixes are none, _2, _4, ... There the groups that hold something are matched in order
// with the layers that have something.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/keras/layer.h"
#include "formats/keras/weights.h"

namespace litesmith::keras {
namespace {

constexpr const char* kContainer = "layers";
constexpr const char* kOldContainer = "_layer_checkpoint_dependencies";

// The number in "dense_12"; 0 for "dense" itself, nothing for another class's group.
std::optional<int> suffix_of(const std::string& group, const std::string& base) {
  if (group == base) return 0;
  if (!group.starts_with(base + "_")) return std::nullopt;
  const std::string digits = group.substr(base.size() + 1);
  if (digits.empty() || digits.size() > 6 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoi(digits);
}

class ArchiveWeights : public WeightSource {
 public:
  ArchiveWeights(hdf5::File file, const ModelConfig& model) : file_(std::move(file)) {
    const hdf5::Group& root = file_.root();
    if (!root.group(kContainer) && root.group(kOldContainer)) map_old(root, "", model);
  }

  std::optional<WeightArray> find(const std::string& path) override {
    const size_t slash = path.rfind('/');
    check(slash != std::string::npos, "a path to a variable has no group");
    const std::string group_path = path.substr(0, slash);
    auto found = groups_.find(group_path);
    if (found == groups_.end()) {
      found = groups_.emplace(group_path, file_.root().group(path_in_file(group_path))).first;
    }
    if (!found->second) return std::nullopt;
    const auto dataset = found->second->dataset(path.substr(slash + 1));
    if (!dataset) return std::nullopt;
    return to_weight_array(*dataset);
  }

  // They follow the wrapper's copies of what it trains, and its counter of steps, an integer.
  std::vector<WeightArray> learned(const std::string& wrapper) override {
    constexpr int kMostVariables = 64;
    const auto group = file_.root().group(path_in_file(wrapper + "/vars"));
    std::vector<WeightArray> result;
    bool counted = false;
    for (int i = 0; group && i < kMostVariables; ++i) {
      const auto dataset = group->dataset(std::to_string(i));
      if (!dataset) break;
      if (counted) result.push_back(to_weight_array(*dataset));
      counted |= dataset->array().type.kind == hdf5::Datatype::Kind::integer;
    }
    return result;
  }

 private:
  // Replaces the longest prefix that has another name in the file.
  std::string path_in_file(const std::string& path) const {
    if (old_paths_.empty()) return path;
    for (size_t end = path.size(); end != std::string::npos && end > 0;) {
      const auto found = old_paths_.find(path.substr(0, end));
      if (found != old_paths_.end()) return found->second + path.substr(end);
      end = path.rfind('/', end - 1);
    }
    return path;
  }

  void map_old(const hdf5::Group& parent, const std::string& parent_path,
               const ModelConfig& model) {
    const auto container = parent.group(kOldContainer);
    if (!container) return;
    const std::string path = parent_path + kOldContainer + "/";
    std::map<std::string, std::vector<const LayerConfig*>> by_class;
    for (const LayerConfig& layer : model.layers) {
      if (has_weights(layer)) by_class[to_snake_case(layer.class_name)].push_back(&layer);
    }
    for (const auto& [base, layers] : by_class) {
      const std::vector<std::string> groups = groups_with_data(*container, base);
      if (groups.size() != layers.size()) {
        throw Error(ErrorCode::format, "the file holds weights for " +
                                           std::to_string(groups.size()) + " layers of class '" +
                                           layers.front()->class_name + "', the model has " +
                                           std::to_string(layers.size()));
      }
      for (size_t i = 0; i < layers.size(); ++i) {
        old_paths_[layers[i]->weights_path] = path + groups[i];
        if (layers[i]->model) {
          map_old(*container->group(groups[i]), path + groups[i] + "/", *layers[i]->model);
        }
      }
    }
  }

  std::vector<std::string> groups_with_data(const hdf5::Group& container, const std::string& base) {
    std::vector<std::pair<int, std::string>> numbered;
    for (const std::string& name : container.names()) {
      const auto suffix = suffix_of(name, base);
      if (!suffix) continue;
      const auto group = container.group(name);
      if (group && holds_data(*group)) numbered.emplace_back(*suffix, name);
    }
    std::sort(numbered.begin(), numbered.end());
    std::vector<std::string> result;
    result.reserve(numbered.size());
    for (auto& [number, name] : numbered) result.push_back(std::move(name));
    return result;
  }

  // Links can lead back, and the same group be reached by many ways: the search has an end.
  bool holds_data(const hdf5::Group& group, int depth = 0) {
    constexpr int kMaxDepth = 32;
    constexpr size_t kMaxVisits = 200'000;
    if (depth > kMaxDepth || ++visits_ > kMaxVisits) {
      throw Error(ErrorCode::format, "the file's groups are nested without end");
    }
    for (const std::string& name : group.names()) {
      if (group.dataset(name)) return true;
      const auto inner = group.group(name);
      if (inner && holds_data(*inner, depth + 1)) return true;
    }
    return false;
  }

  hdf5::File file_;
  size_t visits_ = 0;
  std::map<std::string, std::optional<hdf5::Group>> groups_;
  std::map<std::string, std::string> old_paths_;  // layer path in Keras 3's scheme to the file's
};

}  // namespace

std::unique_ptr<WeightSource> archive_weights(hdf5::File file, const ModelConfig& model) {
  return std::make_unique<ArchiveWeights>(std::move(file), model);
}

}  // namespace litesmith::keras
