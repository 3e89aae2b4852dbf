#include "formats/onnx/integer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "ops/arrange.h"
#include "ops/pad.h"
#include "ops/quantize.h"
#include "ops/slice.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

std::optional<Activation> activation_of(const litesmith::Node& node) {
  if (node.as<Relu>() != nullptr) return Activation::relu;
  if (node.as<Relu6>() != nullptr) return Activation::relu6;
  if (node.as<ReluN1To1>() != nullptr) return Activation::relu_n1_to_1;
  return std::nullopt;
}

// True for what only moves elements: it may as well be done before or after they change their type.
bool only_moves(const litesmith::Node& node) {
  const OpDef& def = node.def();
  if (node.outputs.size() != 1 || !def.quant.int8 || !def.quant.same_scale) return false;
  return def.in_place == InPlace::as_first_operand || node.as<Transpose>() != nullptr;
}

// True for a part of what a layer makes, of which nothing reads the rest: the layer's own cropping.
bool crops_layer(const Graph& graph, const Uses& uses, const std::vector<int>& producer,
                 const litesmith::Node& node) {
  if (node.as<Slice>() == nullptr) return false;
  const auto whole = static_cast<size_t>(node.inputs[0].index);
  if (whole >= uses.consumers.size()) return true;  // an activation of such a layer, moved already
  return producer[whole] >= 0 && !uses.is_output[whole] && uses.consumers[whole].size() == 1 &&
         !graph.nodes[static_cast<size_t>(producer[whole])].def().quant.weights.empty();
}

// RESHAPE, RELU, QUANTIZE in turn: the reshape goes last, so that what makes its input can become
// an integer operator.
void moves_last(Graph& graph) {
  const Uses uses = graph.uses();
  std::vector<int> producer = uses.producer;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (size_t at = i;;) {
      const bool each_alone =
          graph.nodes[at].as<Quantize>() != nullptr || activation_of(graph.nodes[at]);
      if (!each_alone) break;
      const ValueId between = graph.nodes[at].inputs[0];
      const auto index = static_cast<size_t>(between.index);
      const int before = producer[index];
      if (before < 0) break;
      const litesmith::Node& made_by = graph.nodes[static_cast<size_t>(before)];
      if (!only_moves(made_by) && !crops_layer(graph, uses, producer, made_by)) break;
      if (index < uses.consumers.size() &&
          (uses.consumers[index].size() != 1 || uses.is_output[index])) {
        break;
      }
      litesmith::Node& move = graph.nodes[static_cast<size_t>(before)];
      litesmith::Node& change = graph.nodes[at];
      const ValueId from = move.inputs[0];
      const ValueId made = change.outputs[0];
      Value changed{.name = graph[from].name + "/changed",
                    .dtype = graph[made].dtype,
                    .shape = graph[from].shape};
      changed.quantization = graph[made].quantization;
      const ValueId first = graph.add(std::move(changed));
      producer.push_back(before);
      change.inputs[0] = from;
      change.outputs[0] = first;
      move.inputs[0] = first;
      move.outputs[0] = made;
      std::swap(move, change);
      producer[static_cast<size_t>(made.index)] = static_cast<int>(at);
      at = static_cast<size_t>(before);
    }
  }
}

class Integers {
 public:
  explicit Integers(const Graph& graph) : graph_(graph) {
    moves_last(graph_);
    uses_ = graph_.uses();
    dropped_.assign(graph_.nodes.size(), false);
    old_nodes_ = std::move(graph_.nodes);
    graph_.nodes.clear();
  }

  Graph run() {
    for (size_t i = 0; i < old_nodes_.size(); ++i) fuse_activation(i);
    for (size_t i = 0; i < old_nodes_.size(); ++i) {
      if (dropped_[i]) continue;
      litesmith::Node& node = old_nodes_[i];
      for (ValueId& id : node.inputs) {
        const auto found = same_as_.find(id.index);
        if (found != same_as_.end()) id = found->second;
      }
      if (node.as<Dequantize>() != nullptr && graph_[node.inputs[0]].dtype == DType::int8) {
        integer_of_[node.outputs[0].index] = node.inputs[0];
      }
      if (!make_integer(i) && !move_past(node)) graph_.nodes.push_back(node);
    }
    for (ValueId& id : graph_.outputs) {
      const auto found = same_as_.find(id.index);
      if (found != same_as_.end()) id = found->second;
    }
    return std::move(graph_);
  }

 private:
  const std::vector<int>& consumers(ValueId id) const {
    return uses_.consumers[static_cast<size_t>(id.index)];
  }
  bool is_output(ValueId id) const { return uses_.is_output[static_cast<size_t>(id.index)]; }

  // The QUANTIZE nodes that alone read `id`, all with the same parameters; empty when there are
  // others.
  std::vector<size_t> quantizers(ValueId id) const {
    if (static_cast<size_t>(id.index) >= uses_.consumers.size() || is_output(id)) return {};
    std::vector<size_t> result;
    for (const int i : consumers(id)) {
      const litesmith::Node& node = old_nodes_[static_cast<size_t>(i)];
      if (node.as<Quantize>() == nullptr) return {};
      const Value& made = graph_[node.outputs[0]];
      const Value& first = result.empty() ? made : graph_[old_nodes_[result[0]].outputs[0]];
      if (made.dtype != DType::int8 || !(made.quantization == first.quantization)) return {};
      result.push_back(static_cast<size_t>(i));
    }
    return result;
  }

  // CONV_2D, RELU, QUANTIZE: the activation becomes part of the convolution.
  void fuse_activation(size_t i) {
    litesmith::Node& node = old_nodes_[i];
    if (node.def().activation == nullptr || node.outputs.size() != 1) return;
    const ValueId made = node.outputs[0];
    if (is_output(made) || consumers(made).size() != 1) return;
    const auto next = static_cast<size_t>(consumers(made)[0]);
    const auto activation = activation_of(old_nodes_[next]);
    if (!activation || quantizers(old_nodes_[next].outputs[0]).empty()) return;
    std::shared_ptr<Op> op = node.op->clone();
    Activation* fused = node.def().activation(*op);
    if (*fused != Activation::none) return;
    *fused = *activation;
    node.op = std::move(op);
    node.outputs = old_nodes_[next].outputs;
    dropped_[next] = true;
  }

  std::optional<ValueId> integer_of(ValueId id) const {
    const auto found = integer_of_.find(id.index);
    if (found == integer_of_.end()) return std::nullopt;
    return found->second;
  }

  // The integers of every float operand, when they are as the kernel wants them; nothing else.
  std::optional<std::vector<ValueId>> operands(const litesmith::Node& node) {
    const QuantSpec& spec = node.def().quant;
    std::vector<ValueId> result = node.inputs;
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      const ValueId id = node.inputs[k];
      const bool is_bias = static_cast<int>(k) == spec.bias;
      if (!id.valid() || graph_[id].dtype != DType::float32) continue;
      if (is_bias) {
        if (!graph_[id].is_constant()) return std::nullopt;
        continue;
      }
      const auto integer = integer_of(id);
      if (!integer) return std::nullopt;
      const Quantization& q = graph_[*integer].quantization;
      const auto weight = std::find_if(
          spec.weights.begin(), spec.weights.end(),
          [&](const WeightOperand& each) { return each.operand == static_cast<int>(k); });
      if (weight != spec.weights.end()) {
        const bool symmetric = std::all_of(q.zero_point.begin(), q.zero_point.end(),
                                           [](int64_t zero_point) { return zero_point == 0; });
        if (!graph_[*integer].is_constant() || !symmetric) return std::nullopt;
        if (q.per_channel() && q.dimension != weight->channel_dimension) return std::nullopt;
      } else if (q.scale.size() != 1) {
        return std::nullopt;
      }
      result[k] = *integer;
    }
    return result;
  }

  // scale = scale of the input * scale of the weights, as the kernels insist.
  ValueId integer_bias(const Value& bias, const Quantization& input, const Quantization& weights) {
    Value made{.name = bias.name, .dtype = DType::int32, .shape = bias.shape};
    std::vector<int32_t> elements;
    const auto floats = bias.elements<float>();
    for (size_t i = 0; i < floats.size(); ++i) {
      const size_t c = weights.per_channel() ? i : 0;
      const double scale = double{input.scale[0]} * double{weights.scale.at(c)};
      const double units = std::nearbyint(double{floats[i]} / scale);
      elements.push_back(static_cast<int32_t>(
          std::clamp(std::isnan(units) ? 0.0 : units, double{INT32_MIN}, double{INT32_MAX})));
    }
    for (const float scale : weights.scale) {
      made.quantization.scale.push_back(input.scale[0] * scale);
      made.quantization.zero_point.push_back(0);
    }
    made.data = Buffer::of(elements);
    return graph_.add(std::move(made));
  }

  ValueId add_integer(ValueId like, const Quantization& parameters) {
    const Value& from = graph_[like];
    Value made{.name = from.name + "/integer", .dtype = DType::int8, .shape = from.shape};
    made.quantization = parameters;
    return graph_.add(std::move(made));
  }

  ValueId requantized(ValueId id, const Quantization& parameters) {
    if (graph_[id].quantization == parameters) return id;
    const ValueId made = add_integer(id, parameters);
    graph_.nodes.push_back({.op = std::make_shared<Quantize>(), .inputs = {id}, .outputs = {made}});
    return made;
  }

  bool make_integer(size_t i) {
    litesmith::Node node = old_nodes_[i];
    const QuantSpec& spec = node.def().quant;
    if (!spec.int8 || node.outputs.size() != 1) return false;
    const ValueId made = node.outputs[0];
    if (graph_[made].dtype != DType::float32) return false;
    const std::vector<size_t> after = quantizers(made);
    if (after.empty()) return false;
    auto inputs = operands(node);
    if (!inputs) return false;
    const ValueId target = old_nodes_[after[0]].outputs[0];
    const Quantization wanted = graph_[target].quantization;
    Quantization own = wanted;
    if (spec.fixed_int8) {
      own = {.scale = {spec.fixed_int8->scale}, .zero_point = {spec.fixed_int8->zero_point}};
    }
    if (spec.bias >= 0 && static_cast<size_t>(spec.bias) < inputs->size()) {
      ValueId& bias = (*inputs)[static_cast<size_t>(spec.bias)];
      if (bias.valid()) {
        const Quantization& x =
            graph_[(*inputs)[static_cast<size_t>(spec.multiplied)]].quantization;
        const Quantization& w =
            graph_[(*inputs)[static_cast<size_t>(spec.weights.at(0).operand)]].quantization;
        const auto count = static_cast<size_t>(element_count(graph_[bias].shape));
        if (x.scale.size() != 1 || (w.per_channel() && w.scale.size() != count)) return false;
        bias = integer_bias(Value(graph_[bias]), x, w);
      }
    }
    if (spec.same_scale) {
      std::vector<size_t> activations;
      for (size_t k = 0; k < inputs->size(); ++k) {
        if ((*inputs)[k] != node.inputs[k]) activations.push_back(k);
      }
      if (activations.empty()) return false;
      if (activations.size() == 1) own = graph_[(*inputs)[activations[0]]].quantization;
      for (const size_t k : activations) (*inputs)[k] = requantized((*inputs)[k], own);
    }
    node.inputs = std::move(*inputs);
    const ValueId result = own == wanted ? target : add_integer(made, own);
    node.outputs = {result};
    graph_.nodes.push_back(std::move(node));
    if (!(result == target)) {
      graph_.nodes.push_back(
          {.op = std::make_shared<Quantize>(), .inputs = {result}, .outputs = {target}});
    }
    for (const size_t k : after) {
      dropped_[k] = true;
      same_as_[old_nodes_[k].outputs[0].index] = target;
    }
    return true;
  }

  // What only moves elements can do so before as well as after they are made floats.
  bool move_past(const litesmith::Node& node) {
    // A pad's zeros are the zero point.
    if (!only_moves(node) && node.as<Pad>() == nullptr) return false;
    const auto integer = integer_of(node.inputs.at(0));
    if (!integer || graph_[*integer].is_constant()) return false;
    const ValueId moved = add_integer(node.outputs[0], graph_[*integer].quantization);
    litesmith::Node integers = node;
    integers.inputs[0] = *integer;
    integers.outputs = {moved};
    graph_.nodes.push_back(std::move(integers));
    graph_.nodes.push_back(
        {.op = std::make_shared<Dequantize>(), .inputs = {moved}, .outputs = node.outputs});
    integer_of_[node.outputs[0].index] = moved;
    return true;
  }

  Graph graph_;
  Uses uses_;  // before any node became an integer operator
  std::vector<litesmith::Node> old_nodes_;
  std::vector<bool> dropped_;
  std::map<int32_t, ValueId> integer_of_;  // by what DEQUANTIZE makes of it
  std::map<int32_t, ValueId> same_as_;     // values of QUANTIZE nodes that are gone
};

}  // namespace

Graph with_integer_operators(const Graph& graph) { return Integers(graph).run(); }

}  // namespace litesmith::onnx
