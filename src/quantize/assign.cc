// Parameters come from a value's own range, with two exceptions that LiteRT's kernels force:
// some ops have a fixed output scale, and ops that only move data ("same scale") need input and
// output to agree.
//
// With one activation operand, the operand decides: its parameters flow forward through the op.
// With several (concatenation, maximum), the result decides. The int8 converter then lets the
// result's parameters flow backward into whatever makes the operands, as far as same-scale ops
// reach; the 16x8 converter leaves the operands alone and puts a requantizing QUANTIZE in front.
//
// Parameters that flow backward end at an op that stays float: the int8 converter puts no QUANTIZE
// behind it for their sake, so the op that wanted them stays float too, and what follows it is
// quantized.
// Ranges that quantization-aware training has learned go before measured ones, and do not flow as
// far backward (keeps_learned).
// (LiteRT: RemoveRedundantStatsOps in quantization_lib/quantization_utils.cc; ApplyConstraints in
// tools/optimize/quantize_model.cc.)
#include "quantize/assign.h"

#include <algorithm>

namespace litesmith {
namespace {

class Assigner {
 public:
  Assigner(const Graph& graph, Scheme scheme, const std::vector<bool>& able)
      : graph_(graph),
        scheme_(scheme),
        able_(able),
        is_quantized_(able),
        uses_(graph.uses()),
        follows_(graph.values.size()),
        scales_(graph.values.size()),
        is_led_(graph.values.size()) {}

  Assignment run() {
    for (size_t i = 0; i < graph_.nodes.size(); ++i) follow_operand(i);
    if (scheme_ == Scheme::int8) {
      for (size_t i = graph_.nodes.size(); i-- > 0;) lead_operands(i);
    }
    std::vector<std::optional<Quantization>> result(graph_.values.size());
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!is_quantized_[i]) continue;
      for (const ValueId id : float_operands(graph_, graph_.nodes[i])) resolve(id, result);
      for (const ValueId id : graph_.nodes[i].outputs) {
        if (graph_[id].dtype == DType::float32) resolve(id, result);
      }
    }
    return {std::move(result), std::move(scales_), std::move(is_quantized_), std::move(missing_)};
  }

 private:
  static size_t index(ValueId id) { return static_cast<size_t>(id.index); }

  bool same_scale(size_t node) const {
    return able_[node] && graph_.nodes[node].def().quant.same_scale;
  }

  // The number of float operands, constants included: what the converter counts.
  size_t count_float_operands(const Node& node) const {
    return static_cast<size_t>(std::count_if(
        node.inputs.begin(), node.inputs.end(),
        [&](ValueId id) { return id.valid() && graph_[id].dtype == DType::float32; }));
  }

  void follow_operand(size_t i) {
    const Node& node = graph_.nodes[i];
    if (!same_scale(i) || count_float_operands(node) != 1) return;
    const auto operands = float_operands(graph_, node);
    if (operands.size() != 1) return;
    for (const ValueId output : node.outputs) follows_[index(output)] = operands[0];
  }

  void lead_operands(size_t i) {
    const Node& node = graph_.nodes[i];
    if (!same_scale(i) || count_float_operands(node) < 2) return;
    lead(i, node.outputs.at(0));
  }

  // Makes the operands of same-scale node `i` take `leader`'s parameters, and so on backward.
  void lead(size_t i, ValueId leader) {
    for (const ValueId operand : float_operands(graph_, graph_.nodes[i])) {
      const int made_by = uses_.producer[index(operand)];
      const auto producer = static_cast<size_t>(made_by);
      if (made_by != Uses::kNone && !able_[producer]) is_quantized_[i] = false;
      // Of several leaders the last in the order of the graph wins.
      if (operand == leader || is_led_[index(operand)] || leads_to(leader, operand)) continue;
      if (made_by != Uses::kNone && fixed_scale(producer)) continue;
      if (keeps_learned(operand)) continue;
      follows_[index(operand)] = leader;
      is_led_[index(operand)] = true;
      if (made_by != Uses::kNone && same_scale(producer)) lead(producer, leader);
    }
  }

  // A range that training has learned stays what it is where others read the value, or where it has
  // flowed there through ops that only move data; a QUANTIZE then stands in front of the op.
  bool keeps_learned(ValueId operand) const {
    ValueId source = operand;
    while (follows_[index(source)].has_value()) source = *follows_[index(source)];
    const bool shared =
        uses_.consumers[index(operand)].size() > 1 || uses_.is_output[index(operand)];
    return graph_[source].learned_range && (shared || source != operand);
  }

  // True when `from` already takes its parameters from `to`; following would close a circle.
  bool leads_to(ValueId from, ValueId to) const {
    for (std::optional<ValueId> at = from; at.has_value(); at = follows_[index(*at)]) {
      if (*at == to) return true;
    }
    return false;
  }

  const std::optional<FixedScale>& fixed(size_t node) const {
    const QuantSpec& spec = graph_.nodes[node].def().quant;
    return scheme_ == Scheme::int16x8 ? spec.fixed_int16 : spec.fixed_int8;
  }
  bool fixed_scale(size_t node) const { return able_[node] && fixed(node).has_value(); }

  void resolve(ValueId id, std::vector<std::optional<Quantization>>& result) {
    if (result[index(id)].has_value()) return;
    ValueId source = id;
    while (follows_[index(source)].has_value()) source = *follows_[index(source)];
    const int producer = uses_.producer[index(source)];
    if (producer != Uses::kNone && fixed_scale(static_cast<size_t>(producer))) {
      const FixedScale& scale = *fixed(static_cast<size_t>(producer));
      result[index(id)] = Quantization{{scale.scale}, {scale.zero_point}, 0};
      scales_[index(id)] = scale.scale;
      return;
    }
    if (auto found = parameters_for(graph_[source], scheme_)) {
      result[index(id)] = std::move(found->quantization);
      scales_[index(id)] = found->scale;
    } else if (std::find(missing_.begin(), missing_.end(), id) == missing_.end()) {
      missing_.push_back(id);
    }
  }

  const Graph& graph_;
  Scheme scheme_;
  const std::vector<bool>& able_;
  std::vector<bool> is_quantized_;
  Uses uses_;
  std::vector<std::optional<ValueId>> follows_;  // whose parameters a value takes
  std::vector<double> scales_;
  std::vector<bool> is_led_;  // they flow backward
  std::vector<ValueId> missing_;
};

}  // namespace

std::optional<ActivationParameters> parameters_for(const Value& value, Scheme scheme) {
  if (scheme == Scheme::int8 && value.learned_range) {
    return {{learned_parameters(*value.learned_range), learned_scale(*value.learned_range)}};
  }
  if (!value.range) return std::nullopt;
  const Quantization measured = activation_parameters(*value.range, scheme);
  return {{measured, measured.scale[0]}};
}

std::vector<ValueId> float_operands(const Graph& graph, const Node& node) {
  std::vector<ValueId> operands;
  for (const ValueId id : node.inputs) {
    if (id.valid() && graph[id].dtype == DType::float32 && !graph[id].is_constant() &&
        !graph[id].is_variable) {
      operands.push_back(id);
    }
  }
  return operands;
}

Assignment assign_parameters(const Graph& graph, Scheme scheme, const std::vector<bool>& able) {
  return Assigner(graph, scheme, able).run();
}

}  // namespace litesmith
