#include "formats/compose/composer.h"

#include "base/error.h"

namespace litesmith::compose {

std::vector<ValueId> Composer::append_all(std::shared_ptr<const Op> op,
                                          std::vector<ValueId> operands, std::string_view part) {
  Node node{.op = std::move(op), .inputs = std::move(operands)};
  auto inferred = with_context("op " + std::string(node.def().name),
                               [&] { return node.def().infer(graph_.view(node)); });
  for (InferredOutput& output : inferred) {
    node.outputs.push_back(
        graph_.add({.name = full(part), .dtype = output.dtype, .shape = std::move(output.shape)}));
  }
  std::vector<ValueId> outputs = node.outputs;
  graph_.nodes.push_back(std::move(node));
  return outputs;
}

ValueId Composer::variable(std::string_view part, Shape shape) {
  return graph_.add({.name = full(part), .shape = std::move(shape), .is_variable = true});
}

}  // namespace litesmith::compose
