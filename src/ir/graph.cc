#include "ir/graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"

namespace litesmith {

ValueId Graph::add(Value value) {
  values.push_back(std::move(value));
  return ValueId{static_cast<int32_t>(values.size()) - 1};
}

ValueId Graph::append(std::shared_ptr<const Op> op, std::vector<ValueId> node_inputs,
                      std::string output_name) {
  check(op != nullptr, "a node has an op");
  Node node{.op = std::move(op), .inputs = std::move(node_inputs), .outputs = {}};
  auto inferred = with_context("op " + std::string(node.def().name) + " '" + output_name + "'",
                               [&] { return node.def().infer(view(node)); });
  check(inferred.size() == 1, "append is for ops with one output");
  const ValueId output = add({.name = std::move(output_name),
                              .dtype = inferred[0].dtype,
                              .shape = std::move(inferred[0].shape)});
  node.outputs = {output};
  nodes.push_back(std::move(node));
  return output;
}

NodeView Graph::view(const Node& node) const {
  NodeView result{*node.op, {}, {}, {}};
  auto look_up = [&](const std::vector<ValueId>& ids, std::vector<const Value*>& found) {
    found.reserve(ids.size());
    for (const ValueId id : ids) found.push_back(id.valid() ? &(*this)[id] : nullptr);
  };
  look_up(node.inputs, result.inputs);
  look_up(node.outputs, result.outputs);
  look_up(node.intermediates, result.intermediates);
  return result;
}

Uses Graph::uses() const {
  Uses result{std::vector<int>(values.size(), Uses::kNone),
              std::vector<std::vector<int>>(values.size()), std::vector<bool>(values.size())};
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const auto* made : {&nodes[i].outputs, &nodes[i].intermediates}) {
      for (const ValueId id : *made) {
        if (id.valid()) result.producer[static_cast<size_t>(id.index)] = static_cast<int>(i);
      }
    }
    for (const ValueId id : nodes[i].inputs) {
      if (id.valid())
        result.consumers[static_cast<size_t>(id.index)].push_back(static_cast<int>(i));
    }
  }
  for (const ValueId id : outputs) result.is_output[static_cast<size_t>(id.index)] = true;
  return result;
}

std::vector<ValueId> Graph::compact(std::span<const ValueId> keep) {
  std::vector<bool> used(values.size(), false);
  auto mark = [&](std::span<const ValueId> ids) {
    for (const ValueId id : ids) {
      if (id.valid()) used[static_cast<size_t>(id.index)] = true;
    }
  };
  mark(inputs);
  mark(outputs);
  mark(keep);
  for (const Node& node : nodes) {
    mark(node.inputs);
    mark(node.outputs);
    mark(node.intermediates);
  }
  std::vector<ValueId> renumbered(values.size());
  std::vector<Value> kept;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!used[i]) continue;
    renumbered[i] = ValueId{static_cast<int32_t>(kept.size())};
    kept.push_back(std::move(values[i]));
  }
  values = std::move(kept);
  auto renumber = [&](std::vector<ValueId>& ids) {
    for (ValueId& id : ids) {
      if (id.valid()) id = renumbered[static_cast<size_t>(id.index)];
    }
  };
  renumber(inputs);
  renumber(outputs);
  for (Node& node : nodes) {
    renumber(node.inputs);
    renumber(node.outputs);
    renumber(node.intermediates);
  }
  return renumbered;
}

void Graph::make_names_unique() {
  std::set<std::string, std::less<>> taken;
  for (const Value& value : values) taken.insert(value.name);
  std::set<std::string, std::less<>> given;
  // Numbers are only ever used up, so the search for a name goes on where it last stopped: a file
  // with a hundred thousand nameless tensors is no reason to hang.
  std::map<std::string, int, std::less<>> next_number;
  for (Value& value : values) {
    if (given.insert(value.name).second) continue;
    int& number = next_number.try_emplace(value.name, 1).first->second;
    std::string candidate;
    do {
      candidate = value.name + std::to_string(number++);
    } while (!taken.insert(candidate).second);
    given.insert(candidate);
    value.name = std::move(candidate);
  }
}

void Signature::sort_by_name() {
  auto by_name = [](const Entry& a, const Entry& b) { return a.name < b.name; };
  std::sort(inputs.begin(), inputs.end(), by_name);
  std::sort(outputs.begin(), outputs.end(), by_name);
}

void compact(Model& model) {
  for (size_t i = 0; i < model.subgraph_count(); ++i) {
    std::vector<ValueId*> named;
    for (Signature& signature : model.signatures) {
      if (static_cast<size_t>(signature.subgraph.index) != i) continue;
      for (auto* entries : {&signature.inputs, &signature.outputs}) {
        for (Signature::Entry& entry : *entries) named.push_back(&entry.value);
      }
    }
    std::vector<ValueId> keep;
    keep.reserve(named.size());
    for (const ValueId* id : named) keep.push_back(*id);
    const std::vector<ValueId> renumbered = model.subgraph(i).compact(keep);
    for (ValueId* id : named) {
      if (id->valid()) *id = renumbered.at(static_cast<size_t>(id->index));
    }
  }
}

}  // namespace litesmith
