#include "ir/graph.h"

#include <algorithm>
#include <set>

#include "base/error.h"

namespace litesmith {

ValueId Graph::add(Value value) {
  values.push_back(std::move(value));
  return ValueId{static_cast<int32_t>(values.size()) - 1};
}

ValueId Graph::append(std::shared_ptr<const Op> op, std::vector<ValueId> node_inputs,
                      std::string output_name) {
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
  NodeView result{*node.op, {}, {}};
  auto look_up = [&](const std::vector<ValueId>& ids, std::vector<const Value*>& found) {
    found.reserve(ids.size());
    for (const ValueId id : ids) found.push_back(id.valid() ? &(*this)[id] : nullptr);
  };
  look_up(node.inputs, result.inputs);
  look_up(node.outputs, result.outputs);
  return result;
}

Uses Graph::uses() const {
  Uses result{std::vector<int>(values.size(), Uses::kNone),
              std::vector<std::vector<int>>(values.size()), std::vector<bool>(values.size())};
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const ValueId id : nodes[i].outputs) {
      if (id.valid()) result.producer[static_cast<size_t>(id.index)] = static_cast<int>(i);
    }
    for (const ValueId id : nodes[i].inputs) {
      if (id.valid())
        result.consumers[static_cast<size_t>(id.index)].push_back(static_cast<int>(i));
    }
  }
  for (const ValueId id : outputs) result.is_output[static_cast<size_t>(id.index)] = true;
  return result;
}

std::vector<ValueId> Graph::compact() {
  std::vector<bool> used(values.size(), false);
  auto mark = [&](const std::vector<ValueId>& ids) {
    for (const ValueId id : ids) {
      if (id.valid()) used[static_cast<size_t>(id.index)] = true;
    }
  };
  mark(inputs);
  mark(outputs);
  for (const Node& node : nodes) {
    mark(node.inputs);
    mark(node.outputs);
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
  }
  return renumbered;
}

void Graph::make_names_unique() {
  std::set<std::string, std::less<>> taken;
  for (const Value& value : values) taken.insert(value.name);
  std::set<std::string, std::less<>> given;
  for (Value& value : values) {
    if (given.insert(value.name).second) continue;
    for (int number = 1;; ++number) {
      std::string candidate = value.name + std::to_string(number);
      if (taken.count(candidate) != 0) continue;
      taken.insert(candidate);
      given.insert(candidate);
      value.name = std::move(candidate);
      break;
    }
  }
}

void compact(Model& model) {
  const std::vector<ValueId> renumbered = model.graph.compact();
  for (Signature& signature : model.signatures) {
    for (auto* entries : {&signature.inputs, &signature.outputs}) {
      for (Signature::Entry& entry : *entries) {
        entry.value = renumbered.at(static_cast<size_t>(entry.value.index));
      }
    }
  }
}

}  // namespace litesmith
