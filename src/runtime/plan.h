// A graph made ready to run: everything checked, prepared and placed in memory, once.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "litesmith/arithmetic.h"
#include "runtime/binding.h"

namespace litesmith {

struct PlanOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  Isa isa = default_isa();
  // What dynamic dimensions are; 0: the file's own choice, else 1. Only a dynamic first dimension
  // of an input is a batch, and only it takes this value.
  int32_t batch = 0;
  // Keep every tensor to be looked at after a run: none shares memory with another.
  bool observe_all = false;
  // Let a step do the work of several nodes or none, leave out what no output depends on, and take
  // sums of floats in whatever order is fastest (results differ by less than 1e-6 of the largest;
  // integers do not). Never together with observe_all.
  bool lowered = true;
  // Take steps whose shapes only a run can tell; they may fail in it, and allocate.
  bool dynamic = false;
  // Make kernels, with the weights that they pack. A plan without tells its arena and cannot run.
  bool runs = true;
  // How many calls of subgraphs led here.
  int call_depth = 0;
  // Refuse graphs whose activations, folded constants or scratch memory need more than this many
  // bytes.
  size_t memory_limit = size_t{4} << 30;
};

// What a graph's ops may call, by subgraph number.
using Subgraphs = std::shared_ptr<const std::vector<Graph>>;
Subgraphs subgraphs_of(const Model& model);

// Immutable, shared between threads and interpreters. Making one may fail; running it does not, but
// for dynamic steps: those whose shapes follow from values, and calls of other subgraphs.
class Plan {
 public:
  // Throws Error(unsupported) listing every op that cannot run (index, op and types), Error(data)
  // for shapes that do not fit.
  static std::shared_ptr<const Plan> make(const Graph& graph, const PlanOptions& options,
                                          Subgraphs subgraphs = nullptr);

  // The graph with the concrete shapes of this plan; lowered, values between nodes may have lost
  // rows and columns. Nodes whose inputs were known when the plan
  // was made have become constants.
  const Graph& graph() const { return graph_; }
  const PlanOptions& options() const { return options_; }
  // Planned activations: the size of the block all tensors that are neither constant nor within a
  // step live in.
  size_t arena_bytes() const { return arena_bytes_; }

  struct Step {
    size_t node;       // index in graph().nodes
    size_t last_node;  // another one where the step does the work of two
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    BoundKernel kernel;  // of no use to a dynamic step
    enum class Kind { kernel, dynamic_node, call } kind = Kind::kernel;
    // Of a call whose operands' shapes are known: the plans of what it may call, by subgraph.
    std::map<int32_t, std::shared_ptr<const Plan>> callees = {};
  };
  const std::vector<Step>& steps() const { return steps_; }
  // True when only a run tells the value's shape; it lies outside the arena.
  bool is_dynamic(ValueId id) const { return dynamic_.at(static_cast<size_t>(id.index)); }
  bool has_dynamic_values() const;
  // The plan of a subgraph for inputs of these shapes. Throws as make() does.
  std::shared_ptr<const Plan> plan_of(SubgraphIndex subgraph,
                                      const std::vector<Shape>& inputs) const;
  bool has_texts() const { return !texts_.empty(); }
  size_t scratch_bytes() const { return scratch_bytes_; }
  // Values that outlive a run, and what they begin with.
  struct Variable {
    ValueId value;
    Buffer start;
  };
  const std::vector<Variable>& variables() const { return variables_; }
  // Where a value lies in the arena; kNoOffset for constants and values nothing needs.
  static constexpr size_t kNoOffset = static_cast<size_t>(-1);
  size_t offset(ValueId id) const { return offsets_.at(static_cast<size_t>(id.index)); }

 private:
  Plan() = default;
  static std::shared_ptr<const Plan> make(const Graph& graph, const PlanOptions& options,
                                          Subgraphs subgraphs, std::shared_ptr<int> plans_left);
  std::vector<size_t> resolve_shapes();
  void bind(const std::vector<size_t>& nodes);
  struct Reader;
  std::optional<size_t> fusion_partner(size_t node, const std::vector<Reader>& readers) const;
  bool is_done(const Node& node);
  void begin_with_zeros();
  void hold_texts();
  void resolve_call(size_t node);
  void make_dynamic(const Node& node);
  bool reads_dynamic(const Node& node) const;
  bool resolve_outputs(const Node& node, const NodeView& view);
  bool stays_in_place(const Node& node) const;
  ValueId place_of(ValueId id) const;
  void require_memory(size_t bytes, std::string_view what) const;
  void place(bool observe_all);

  Graph graph_;
  PlanOptions options_;
  Subgraphs subgraphs_;
  // How many plans of subgraphs may still be made while this one is: calls can nest and repeat, and
  // a file may mean harm. Null once it is made; a run begins anew.
  std::shared_ptr<int> plans_left_;
  std::vector<bool> dynamic_;             // by value
  std::map<size_t, Step> dynamic_steps_;  // by node, until they are steps
  std::vector<Step> steps_;
  std::vector<Variable> variables_;
  std::deque<std::vector<std::string>> texts_;  // of constants; their addresses stay the same
  std::map<ValueId, ValueId> place_of_;         // of values that are others under another shape
  std::vector<size_t> offsets_;
  size_t arena_bytes_ = 0;
  size_t scratch_bytes_ = 0;
  size_t folded_bytes_ = 0;
};

// "op 3 CONV_2D", for messages.
std::string describe_node(const Graph& graph, size_t index);

}  // namespace litesmith
