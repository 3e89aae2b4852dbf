// A graph made ready to run: everything checked, prepared and placed in memory, once.
#pragma once

#include <cstddef>
#include <deque>
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
  // Let a step do the work of several nodes, leave out what no output depends on, and take sums of
  // floats in whatever order is fastest (results differ by less than 1e-6 of the largest; integers
  // do not). Never together with observe_all.
  bool lowered = true;
  // Refuse graphs whose activations, folded constants or scratch memory need more than this many
  // bytes.
  size_t memory_limit = size_t{4} << 30;
};

// Immutable, shared between threads and interpreters. Making one may fail; running it does not.
class Plan {
 public:
  // Throws Error(unsupported) listing every op that cannot run (index, op and types), Error(data)
  // for shapes that do not fit.
  static std::shared_ptr<const Plan> make(const Graph& graph, const PlanOptions& options);

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
    BoundKernel kernel;
  };
  const std::vector<Step>& steps() const { return steps_; }
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
  std::vector<size_t> resolve_shapes();
  void bind(const std::vector<size_t>& nodes);
  struct Reader;
  std::optional<size_t> fusion_partner(size_t node, const std::vector<Reader>& readers) const;
  bool is_done(const Node& node);
  void begin_with_zeros();
  void hold_texts();
  void resolve_outputs(const Node& node, const NodeView& view);
  void require_memory(size_t bytes, std::string_view what) const;
  void place(bool observe_all);

  Graph graph_;
  PlanOptions options_;
  std::vector<Step> steps_;
  std::vector<Variable> variables_;
  std::deque<std::vector<std::string>> texts_;  // of constants; their addresses stay the same
  std::vector<size_t> offsets_;
  size_t arena_bytes_ = 0;
  size_t scratch_bytes_ = 0;
  size_t folded_bytes_ = 0;
};

// "op 3 CONV_2D", for messages.
std::string describe_node(const Graph& graph, size_t index);

}  // namespace litesmith
