#include "rewrite/editor.h"

#include <algorithm>
#include <utility>

namespace litesmith {

Editor::Editor(Graph graph, const Evaluator* evaluate)
    : graph_(std::move(graph)), uses_(graph_.uses()), evaluate_(evaluate) {}

std::optional<size_t> Editor::producer(ValueId id) const {
  if (!id.valid()) return std::nullopt;
  const int made_by = uses_.producer[static_cast<size_t>(id.index)];
  return made_by == Uses::kNone ? std::nullopt : std::optional(static_cast<size_t>(made_by));
}

std::optional<std::vector<Buffer>> Editor::evaluate(size_t node) const {
  if (evaluate_ == nullptr || !*evaluate_) return std::nullopt;
  return (*evaluate_)(graph_, graph_.nodes[node]);
}

ValueId Editor::add_constant(Value constant) {
  const ValueId id = graph_.add(std::move(constant));
  uses_.producer.push_back(Uses::kNone);
  uses_.consumers.emplace_back();
  uses_.is_output.push_back(false);
  return id;
}

void Editor::forget_readers(size_t node) {
  for (const ValueId id : graph_.nodes[node].inputs) {
    if (!id.valid()) continue;
    auto& readers = uses_.consumers[static_cast<size_t>(id.index)];
    readers.erase(std::find(readers.begin(), readers.end(), static_cast<int>(node)));
  }
}

void Editor::note_readers(size_t node) {
  for (const ValueId id : graph_.nodes[node].inputs) {
    if (!id.valid()) continue;
    auto& readers = uses_.consumers[static_cast<size_t>(id.index)];
    readers.insert(std::upper_bound(readers.begin(), readers.end(), static_cast<int>(node)),
                   static_cast<int>(node));
  }
}

bool Editor::touches_state(const Node& node) const {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
    return id.valid() && (graph_[id].is_variable || graph_[id].dtype == DType::resource);
  });
}

bool Editor::unread(const Node& node) const {
  // An op without outputs, or one that keeps a state, is there for what it does.
  return !node.outputs.empty() && !touches_state(node) &&
         std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) {
           return !id.valid() || (readers(id).empty() && !is_output(id));
         });
}

void Editor::drop_if_unread(ValueId id) {
  // A loop, not a recursion: a chain of a hundred thousand nodes must not overflow the stack.
  std::vector<ValueId> pending = {id};
  while (!pending.empty()) {
    const auto made_by = producer(pending.back());
    pending.pop_back();
    if (!made_by || !alive(*made_by) || !unread(node(*made_by))) continue;
    const std::vector<ValueId> inputs = node(*made_by).inputs;
    take_out(*made_by);
    pending.insert(pending.end(), inputs.begin(), inputs.end());
  }
}

void Editor::change(size_t node, std::shared_ptr<const Op> op, std::vector<ValueId> inputs) {
  forget_readers(node);
  const Node before =
      std::exchange(graph_.nodes[node], Node{.op = std::move(op),
                                             .inputs = std::move(inputs),
                                             .outputs = graph_.nodes[node].outputs});
  note_readers(node);
  for (const ValueId id : before.inputs) drop_if_unread(id);
}

bool Editor::replace(size_t node, ValueId with) {
  const ValueId output = graph_.nodes[node].outputs.at(0);
  ValueId from = output;
  ValueId to = with;
  if (is_output(output)) {
    // The graph's output keeps its value: whoever makes `with` now makes that one.
    const auto made_by = producer(with);
    if (!made_by || is_output(with)) return false;
    auto& outputs = graph_.nodes[*made_by].outputs;
    *std::find(outputs.begin(), outputs.end(), with) = output;
    uses_.producer[static_cast<size_t>(output.index)] = static_cast<int>(*made_by);
    uses_.producer[static_cast<size_t>(with.index)] = Uses::kNone;
    from = with;
    to = output;
  } else {
    uses_.producer[static_cast<size_t>(output.index)] = Uses::kNone;
  }
  if (!graph_[to].learned_range) graph_[to].learned_range = graph_[from].learned_range;
  forget_readers(node);
  const std::vector<ValueId> inputs = std::exchange(graph_.nodes[node], Node{}).inputs;
  read_instead(from, to);
  for (const ValueId id : inputs) {
    if (id != with) drop_if_unread(id);
  }
  drop_if_unread(to);
  return true;
}

void Editor::read_instead(ValueId from, ValueId to) {
  auto& old_readers = uses_.consumers[static_cast<size_t>(from.index)];
  auto& new_readers = uses_.consumers[static_cast<size_t>(to.index)];
  for (const int reader : old_readers) {
    auto& operands = graph_.nodes[static_cast<size_t>(reader)].inputs;
    *std::find(operands.begin(), operands.end(), from) = to;
  }
  new_readers.insert(new_readers.end(), old_readers.begin(), old_readers.end());
  std::sort(new_readers.begin(), new_readers.end());
  old_readers.clear();
}

void Editor::restate(ValueId id, Shape shape) {
  graph_[id].shape = std::move(shape);
  graph_[id].default_shape.clear();
  graph_[id].range.reset();
  graph_[id].learned_range.reset();
}

void Editor::make_constant(size_t node, std::vector<Buffer> outputs) {
  const std::vector<ValueId> ids = graph_.nodes[node].outputs;
  for (size_t i = 0; i < ids.size(); ++i) {
    graph_[ids[i]].data = std::move(outputs.at(i));
    uses_.producer[static_cast<size_t>(ids[i].index)] = Uses::kNone;
  }
  forget_readers(node);
  const std::vector<ValueId> inputs = std::exchange(graph_.nodes[node], Node{}).inputs;
  for (const ValueId id : inputs) drop_if_unread(id);
}

bool Editor::remove_if_unread(size_t node) {
  if (!unread(graph_.nodes[node])) return false;
  const std::vector<ValueId> inputs = graph_.nodes[node].inputs;
  take_out(node);
  for (const ValueId id : inputs) drop_if_unread(id);
  return true;
}

void Editor::take_out(size_t node) {
  for (const ValueId id : graph_.nodes[node].outputs) {
    if (id.valid()) uses_.producer[static_cast<size_t>(id.index)] = Uses::kNone;
  }
  forget_readers(node);
  graph_.nodes[node] = Node{};
}

Graph Editor::snapshot() const {
  Graph result = graph_;
  std::erase_if(result.nodes, [](const Node& node) { return node.op == nullptr; });
  return result;
}

}  // namespace litesmith
