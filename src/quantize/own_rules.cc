#include "quantize/own_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "base/error.h"
#include "quantize/parameters.h"

namespace litesmith {
namespace {

using Kind = OperandRule::Kind;

bool is_state(Kind kind) {
  return kind == Kind::output_state || kind == Kind::state_16 || kind == Kind::cell_state;
}

Range range_of(const Value& value) {
  if (!value.range.has_value()) {
    throw Error(ErrorCode::data, "'" + value.name + "' has no range; calibrate the model");
  }
  return *value.range;
}

class OwnQuantizer {
 public:
  OwnQuantizer(const Graph& from, const Node& node, const OwnRules& rules, Scheme scheme, Graph& to,
               const std::function<const Quantization&(ValueId)>& activation)
      : from_(from),
        node_(node),
        rules_(rules),
        wide_(scheme == Scheme::int16x8),
        to_(to),
        activation_(activation) {}

  OwnOperands run() {
    if (!wide_) add_intermediates();
    // A bias looks at the scales of the others.
    for (const bool bias : {false, true}) {
      for (const OperandRule& rule : rules_.operands) {
        if ((rule.kind == Kind::bias) == bias) add(rule);
      }
    }
    return std::move(result_);
  }

 private:
  const Value& value(size_t operand) const { return from_[node_.inputs.at(operand)]; }

  void add_intermediates() {
    const auto find = [&](const auto& wanted) {
      return std::find_if(rules_.intermediates.begin(), rules_.intermediates.end(), wanted);
    };
    const auto any_sum =
        find([](const IntermediateRule& each) { return each.dtype == DType::int16; });
    for (size_t i = 0; i < rules_.intermediate_names.size(); ++i) {
      auto rule = find([&](const IntermediateRule& each) { return each.position == i; });
      // Where gates are coupled there is no sum of the input gate, but LiteRT's kernel looks for
      // its parameters beside the others'.
      if (rule == rules_.intermediates.end()) rule = any_sum;
      Value made{.name = std::string(rules_.intermediate_names[i]), .shape = {0}};
      if (rule != rules_.intermediates.end()) {
        made.dtype = rule->dtype;
        made.quantization = parameters_of(*rule);
      }
      result_.intermediates.push_back(to_.add(std::move(made)));
    }
  }

  // TensorFlow's converter gives a value that becomes the output as it is parameters of its own.
  // They are the output's, unless the output has its parameters from elsewhere; then what runs is
  // wrong.
  Quantization parameters_of(const IntermediateRule& rule) const {
    if (rule.is_output) return activation_(node_.outputs.at(0));
    if (rule.position >= node_.intermediates.size()) {
      throw Error(ErrorCode::data, std::string(node_.def().name) +
                                       " has no range of what is inside it; calibrate the model");
    }
    const Range range = range_of(from_[node_.intermediates[rule.position]]);
    return rule.dtype == DType::int16 ? sum_parameters(range)
                                      : activation_parameters(range, Scheme::int8);
  }

  void add(const OperandRule& rule) {
    const Value& old = value(rule.operand);
    ValueId& made = result_.operands[rule.operand];
    switch (rule.kind) {
      case Kind::weights: {
        const auto weights = quantize_weights(old.elements<float>(), old.shape, -1, Scheme::int8);
        made = add_constant(old, DType::int8, weights.quantization, weights.values);
        break;
      }
      case Kind::weights_16:
      case Kind::weights_10: {
        const ShortWeights weights = rule.kind == Kind::weights_16
                                         ? quantize_weights_16(old.elements<float>())
                                         : quantize_weights_10(old.elements<float>());
        made = add_constant(old, DType::int16, weights.quantization, weights.values);
        break;
      }
      case Kind::bias:
        made = add_bias(old, rule);
        break;
      case Kind::output_state:
        made = add_state(old, wide_ ? DType::int16 : DType::int8, activation_(node_.outputs.at(0)));
        break;
      case Kind::state_16:
        made = add_state(old, DType::int16, state_parameters(range_of(old)));
        break;
      case Kind::cell_state:
        made = add_state(old, DType::int16, cell_state_parameters(range_of(old)));
        break;
    }
  }

  ValueId add_bias(const Value& old, const OperandRule& rule) {
    double product = 1;
    for (const size_t operand : rule.scales) product *= scale_of(operand);
    double scale = static_cast<float>(product);
    if (rule.intermediate) {
      scale *= to_[result_.intermediates.at(*rule.intermediate)].quantization.scale.at(0);
    }
    const Quantization quantization{{static_cast<float>(scale * rule.factor)}, {0}, 0};
    // In 16x8 its integers may be larger, as input and weights have finer steps.
    const QuantizedBias bias = quantize_bias(old.elements<float>(), 1.0, quantization,
                                             wide_ ? Scheme::int16x8 : Scheme::int8);
    if (wide_) return add_constant(old, DType::int64, quantization, bias.values);
    const std::vector<int32_t> narrow(bias.values.begin(), bias.values.end());
    return add_constant(old, DType::int32, quantization, narrow);
  }

  double scale_of(size_t operand) const {
    const auto made = result_.operands.find(operand);
    const Quantization& quantization = made != result_.operands.end()
                                           ? to_[made->second].quantization
                                           : activation_(node_.inputs.at(operand));
    return quantization.scale.at(0);
  }

  template <class T>
  ValueId add_constant(const Value& old, DType dtype, Quantization quantization,
                       const std::vector<T>& values) {
    Value made{.name = old.name, .dtype = dtype, .shape = old.shape};
    made.quantization = std::move(quantization);
    made.data = Buffer::of(values);
    return to_.add(std::move(made));
  }

  ValueId add_state(const Value& old, DType dtype, Quantization quantization) {
    Value made = old;
    made.dtype = dtype;
    made.quantization = std::move(quantization);
    made.range.reset();
    return to_.add(std::move(made));
  }

  const Graph& from_;
  const Node& node_;
  const OwnRules& rules_;
  bool wide_;  // 16x8
  Graph& to_;
  const std::function<const Quantization&(ValueId)>& activation_;
  OwnOperands result_;
};

}  // namespace

RuledNodes ruled_nodes(const Graph& graph) {
  RuledNodes ruled;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto rules_of = graph.nodes[i].def().quant.own_rules;
    if (rules_of != nullptr) ruled.emplace(i, rules_of(graph.view(graph.nodes[i])));
  }
  return ruled;
}

std::string own_rules_refusal(const Graph& graph, const Uses& uses, const Node& node,
                              const OwnRules& rules, Scheme scheme) {
  const std::string& refusal = scheme == Scheme::int8 ? rules.refusal : rules.refusal_int16;
  if (!refusal.empty()) return refusal;
  for (const OperandRule& rule : rules.operands) {
    const ValueId id = node.inputs.at(rule.operand);
    const Value& value = graph[id];
    const std::string which =
        "its operand " + std::to_string(rule.operand) + " '" + value.name + "'";
    if (!is_state(rule.kind)) {
      if (!value.is_constant()) return which + " is no constant";
      if (element_count(value.shape) == 0) return which + " is empty";
      continue;
    }
    const auto position = static_cast<size_t>(id.index);
    const bool is_input =
        std::find(graph.inputs.begin(), graph.inputs.end(), id) != graph.inputs.end();
    if (is_input || uses.is_output[position] || uses.consumers[position].size() != 1) {
      return which + ", a state, is used elsewhere, too";
    }
  }
  return {};
}

void add_intermediates(Graph& graph, const RuledNodes& ruled) {
  for (const auto& [i, rules] : ruled) {
    for (size_t k = graph.nodes[i].intermediates.size(); k < rules.intermediate_names.size(); ++k) {
      const ValueId made =
          graph.add({.name = std::string(rules.intermediate_names[k]), .shape = {0}});
      graph.nodes[i].intermediates.push_back(made);
    }
  }
}

std::vector<ValueId> ruled_intermediates(const Graph& graph, const RuledNodes& ruled) {
  std::vector<ValueId> found;
  for (const auto& [i, rules] : ruled) {
    const std::vector<ValueId>& intermediates = graph.nodes[i].intermediates;
    for (const IntermediateRule& rule : rules.intermediates) {
      if (rule.position < intermediates.size()) found.push_back(intermediates[rule.position]);
    }
  }
  return found;
}

void join_output_states(Graph& graph, const RuledNodes& ruled) {
  for (const auto& [i, rules] : ruled) {
    const Node& node = graph.nodes[i];
    for (const OperandRule& rule : rules.operands) {
      if (rule.kind != Kind::output_state) continue;
      std::optional<Range>& state = graph[node.inputs.at(rule.operand)].range;
      std::optional<Range>& output = graph[node.outputs.at(0)].range;
      if (!state || !output) continue;
      state = output = Range{std::min(state->min, output->min), std::max(state->max, output->max)};
    }
  }
}

OwnOperands quantize_by_own_rules(const Graph& from, const Node& node, const OwnRules& rules,
                                  Scheme scheme, Graph& to,
                                  const std::function<const Quantization&(ValueId)>& activation) {
  return OwnQuantizer(from, node, rules, scheme, to, activation).run();
}

}  // namespace litesmith
