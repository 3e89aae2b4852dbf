// Quantizes nodes that bring their own rules (QuantSpec::own_rules: LSTM and SVDF): to int8 as
// TensorFlow's converter does, to the last bit, and to 16x8 for TFLite Micro (docs/numerics.md,
// "Recurrent operators").
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "quantize/parameters.h"

namespace litesmith {

// The rules of the nodes that bring some, by their place in the graph: asked for once, and true of
// the graph as long as nodes and their inputs stay.
using RuledNodes = std::map<size_t, OwnRules>;
RuledNodes ruled_nodes(const Graph& graph);

// Why a node with these rules cannot become integer, empty when it can.
std::string own_rules_refusal(const Graph& graph, const Uses& uses, const Node& node,
                              const OwnRules& rules, Scheme scheme);

// Gives each node whose rules ask for intermediate values those it lacks, so that their ranges have
// a place.
void add_intermediates(Graph& graph, const RuledNodes& ruled);

// The intermediate values that have a rule, by node: whose ranges calibration notes.
std::vector<ValueId> ruled_intermediates(const Graph& graph, const RuledNodes& ruled);

// An output and the state that keeps it from run to run are of one range, that of both.
void join_output_states(Graph& graph, const RuledNodes& ruled);

struct OwnOperands {
  std::map<size_t, ValueId> operands;  // by place: the constants and states in `to`
  std::vector<ValueId> intermediates;
};

// Adds the integer operands of `node` that have one of these rules to `to`. `activation` gives the
// parameters of the node's other float operands. Throws Error(data) for a range that is missing.
OwnOperands quantize_by_own_rules(const Graph& from, const Node& node, const OwnRules& rules,
                                  Scheme scheme, Graph& to,
                                  const std::function<const Quantization&(ValueId)>& activation);

}  // namespace litesmith
