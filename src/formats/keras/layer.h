// What a Keras layer is to the importer: its variables, what to check, how to build it in LiteRT's
// operators.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/compose/composer.h"
#include "formats/keras/json.h"
#include "formats/keras/mask.h"
#include "formats/keras/model_config.h"
#include "formats/keras/weights.h"
#include "ir/graph.h"

namespace litesmith::keras {

struct Variable {
  std::string_view name;
  bool trainable = true;
  bool used = true;  // of use to inference; others may be missing
  // The part of the layer that holds it ("cell"), and what that was called in other versions.
  std::string_view group = {};
  std::string_view other_group = {};
};

// Keras 2 and 3 give some functions different meanings.
struct Dialect {
  int major = 3;
};

// What is kept for one layer while it is called, perhaps several times: its arrays, and the
// constants already made of them, so that a shared layer shares them.
struct LayerState {
  std::map<std::string, WeightArray, std::less<>> weights;
  std::map<std::string, ValueId, std::less<>> constants;  // by part, some with their contents
  std::vector<WeightArray> learned;                       // WeightSource::learned
};

// Builds one call of a layer, gives its outputs.
using BuildLayer =
    std::function<std::vector<Tensor>(const LayerConfig&, const CallConfig&, std::vector<Tensor>)>;

// One call of one layer, and the tools to build it.
class LayerCall {
 public:
  // `build_wrapped` builds the layers that this one wraps.
  LayerCall(Graph& graph, const LayerConfig& layer, const CallConfig& call, LayerState& state,
            Dialect dialect, std::vector<Tensor> inputs, const BuildLayer& build_wrapped)
      : graph_(graph),
        layer_(layer),
        call_(call),
        state_(state),
        dialect_(dialect),
        build_wrapped_(build_wrapped) {
    for (Tensor& input : inputs) {
      inputs_.push_back(input.value);
      masks_.push_back(std::move(input.mask));
    }
  }

  const Json& config() const { return *layer_.config; }
  const std::string& class_name() const { return layer_.class_name; }
  // The layer's path; of a very long one its end, for values' names.
  std::string layer_name() const;
  Dialect dialect() const { return dialect_; }
  const std::vector<ValueId>& inputs() const { return inputs_; }
  // The only input; throws when there are more.
  ValueId input() const;
  // The masks of the inputs; null where everything counts.
  const std::vector<Mask>& masks() const { return masks_; }
  // True when the first input's is an argument of the call, and did not come with the tensor.
  bool mask_is_argument() const { return call_.mask.has_value(); }
  const std::vector<Argument>& arguments() const { return call_.arguments; }
  // The keyword argument of that name; null when the call has none.
  const Argument* keyword(std::string_view name) const;
  // Arguments of functions are asked for by their builders; what nobody reads is refused.
  void mark_read(const Argument& argument) { read_.push_back(&argument); }
  bool was_read(const Argument& argument) const {
    return std::find(read_.begin(), read_.end(), &argument) != read_.end();
  }
  // The tensors of an argument.
  std::span<const ValueId> tensors(const Argument& argument) const {
    return std::span(inputs_).subspan(argument.first_tensor, argument.tensor_count);
  }
  const Shape& shape(ValueId id) const { return graph_[id].shape; }
  DType dtype(ValueId id) const { return graph_[id].dtype; }
  // The input's size along `axis` (may be negative); throws Error(unsupported) when only known when
  // the model runs.
  int32_t size(ValueId id, int axis) const;

  bool has_weight(std::string_view name) const { return state_.weights.count(name) != 0; }
  const WeightArray& weight(std::string_view name) const;
  // The variable of that name. Throws Error(format) when its shape is not `expected`, where
  // kDynamic stands for any size.
  const WeightArray& weight(std::string_view name, const Shape& expected) const;

  // Of a wrapper that trains with quantization: pairs of smallest and largest values.
  const std::vector<WeightArray>& learned() const { return state_.learned; }

  // A constant made of this layer's variables, once for all calls.
  ValueId constant(std::string_view part, const std::function<WeightArray()>& make);
  // Constants that may differ from call to call; equal ones are made once.
  ValueId floats(std::string_view part, const Shape& shape, const std::vector<float>& elements);
  ValueId scalar(std::string_view part, float value) { return floats(part, {}, {value}); }
  ValueId integers(std::string_view part, const Shape& shape, const std::vector<int32_t>& elements);
  ValueId integers(std::string_view part, const std::vector<int32_t>& elements) {
    return integers(part, {static_cast<int32_t>(elements.size())}, elements);
  }

  // The layers that this one wraps, and what wrapped layer `i` makes of `inputs`.
  const std::vector<LayerConfig>& wrapped() const { return layer_.wrapped; }
  std::vector<ValueId> build_wrapped(size_t i, const std::vector<Tensor>& inputs);
  // Outputs of the layer behind the first, which its builder returns.
  void also_give(ValueId id, Mask mask = nullptr) {
    more_outputs_.push_back({id, std::move(mask)});
  }
  const std::vector<Tensor>& more_outputs() const { return more_outputs_; }
  // The first output's mask (MaskFlow::own).
  void give_mask(Mask mask) { output_mask_ = std::move(mask); }
  const Mask& output_mask() const { return output_mask_; }
  // For what composes operators by itself.
  Graph& graph() { return graph_; }
  compose::Composer composer() const { return {graph_, layer_name()}; }

  // Appends a node; its output is named after the layer and `part`.
  template <class Op>
  ValueId emit(Op op, std::vector<ValueId> operands, std::string_view part) {
    return graph_.append(std::make_shared<Op>(std::move(op)), std::move(operands), name(part));
  }

 private:
  std::string name(std::string_view part) const { return layer_name() + "/" + std::string(part); }
  template <class T>
  ValueId add_once(std::string_view part, const Shape& shape, const std::vector<T>& elements);
  ValueId add_constant(std::string key, Value value);

  Graph& graph_;
  const LayerConfig& layer_;
  const CallConfig& call_;
  LayerState& state_;
  Dialect dialect_;
  std::vector<ValueId> inputs_;
  std::vector<Mask> masks_;
  const BuildLayer& build_wrapped_;
  std::vector<Tensor> more_outputs_;
  Mask output_mask_;
  std::vector<const Argument*> read_;
};

// How a wrapper of TensorFlow's model optimization toolkit changes the layer inside it: not at all,
// by making the kernel a variable of the wrapper (the first one), or by that and by having each
// element stand for the nearest of the centroids that follow it.
enum class Training { none, keeps_weights, takes_kernel, clusters_kernel };

// What a layer does with a mask that comes with its input: as Keras, it computes as if there were
// none and hands none on, or hands on that of the first input; or its builder looks at masks and
// makes its own; or it would have to, and cannot.
enum class MaskFlow { ends, passes, own, refused };

// A layer inside a layer: where its weights lie in the outer one's group, and the key of the outer
// configuration that holds it, or another that stands in for an absent one.
struct WrappedLayer {
  std::string_view group;
  std::string_view key;
  std::string_view otherwise = {};
};

struct LayerDef {
  std::string_view class_name;
  ValueId (*build)(LayerCall&);
  // In the order Keras creates them, which is the order of vars/0, vars/1, ...
  std::vector<Variable> (*variables)(const Json& config) = nullptr;
  // Throws Error(unsupported) for a configuration that cannot be built, whatever the input.
  void (*check)(const Json& config) = nullptr;
  std::span<const WrappedLayer> wraps = {};
  // Keyword arguments that may be tensors.
  std::span<const std::string_view> tensor_keywords = {};
  // True for a layer that needs the size of the batch (its operator keeps a state of that size, or
  // is told its output's shape).
  bool (*fixes_batch)(const Json& config) = nullptr;

  Training training = Training::none;
  MaskFlow masks = MaskFlow::ends;

  bool takes(std::string_view keyword) const;
};

std::span<const LayerDef> all_layers();
// Null for a class litesmith does not know.
const LayerDef* find_layer(std::string_view class_name);
// The same for what may also be a function between layers; null for a model.
const LayerDef* find_definition(const LayerConfig& layer);

std::vector<Variable> variables_of(const LayerConfig& layer);
// True when the layer, or a layer inside it, has variables.
bool has_weights(const LayerConfig& layer);
// True when the layer, or a layer inside it, needs the size of the batch.
bool fixes_batch(const LayerConfig& layer);
// Where each variable lies, in Keras 3's scheme; `other`: as other versions called the groups.
std::vector<std::string> variable_paths(const LayerConfig& layer,
                                        std::span<const Variable> variables, bool other = false);

}  // namespace litesmith::keras
