// A graph while rules change it: who makes and who reads each value stays known after every change.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "rewrite/rewrite.h"

namespace litesmith {

// Nodes keep their index and their place in the order while the editor lives; a node that goes
// leaves a hole. Rules only ever give a node another op and other inputs or take it out, so the
// order in which nodes run needs no repair: what a node may read is made before it.
class Editor {
 public:
  Editor(Graph graph, const Evaluator* evaluate);

  const Graph& graph() const { return graph_; }
  size_t node_count() const { return graph_.nodes.size(); }
  bool alive(size_t node) const { return graph_.nodes[node].op != nullptr; }
  const Node& node(size_t node) const { return graph_.nodes[node]; }
  const Value& value(ValueId id) const { return graph_[id]; }

  // The node that makes a value; nothing for inputs, constants, variables and absent operands.
  std::optional<size_t> producer(ValueId id) const;
  // That node, when it is op `T`.
  template <class T>
  std::optional<size_t> producer_as(ValueId id) const {
    const auto made_by = producer(id);
    return made_by && node(*made_by).as<T>() != nullptr ? made_by : std::nullopt;
  }
  // Indices of the nodes that read a value, one entry an operand.
  const std::vector<int>& readers(ValueId id) const {
    return uses_.consumers[static_cast<size_t>(id.index)];
  }
  bool is_output(ValueId id) const { return uses_.is_output[static_cast<size_t>(id.index)]; }
  // One operand reads the value and it is no output of the graph: whoever makes it may change it.
  bool read_once(ValueId id) const { return readers(id).size() == 1 && !is_output(id); }

  // The node reads or changes what outlives it: a variable tensor or a resource.
  bool touches_state(const Node& node) const;

  // Runs a node on its constant inputs; nothing when there is no evaluator or it cannot.
  std::optional<std::vector<Buffer>> evaluate(size_t node) const;

  ValueId add_constant(Value constant);
  // A float32 or int32 constant named after what it replaces.
  template <class T>
  ValueId add_constant(const std::string& name, Shape shape, const std::vector<T>& elements) {
    return add_constant(Value{.name = name,
                              .dtype = dtype_of<T>(),
                              .shape = std::move(shape),
                              .data = Buffer::of(elements)});
  }

  // The node becomes `op` of `inputs`; its outputs stay. Nodes that nobody reads any more go.
  void change(size_t node, std::shared_ptr<const Op> op, std::vector<ValueId> inputs);
  // Whoever reads the node's only output reads `with` instead, and the node goes. False, and
  // nothing done, when the output is one of the graph's and `with` cannot take its place there.
  bool replace(size_t node, ValueId with);
  // Whoever reads `from` reads `to` instead. `from` is no output of the graph.
  void read_instead(ValueId from, ValueId to);
  // Gives the value a node makes, before anyone relies on it, the shape it has after a change.
  void restate(ValueId id, Shape shape);
  // The outputs become constants and the node goes.
  void make_constant(size_t node, std::vector<Buffer> outputs);
  // Takes out a node whose outputs nobody reads, and then those only it read. False when it is
  // read.
  bool remove_if_unread(size_t node);

  // The graph without the holes.
  Graph snapshot() const;

 private:
  void forget_readers(size_t node);
  void note_readers(size_t node);
  void drop_if_unread(ValueId id);
  bool unread(const Node& node) const;
  void take_out(size_t node);

  Graph graph_;
  Uses uses_;
  const Evaluator* evaluate_;
};

}  // namespace litesmith
