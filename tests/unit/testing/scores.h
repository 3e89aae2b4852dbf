// A network whose outputs are its inputs, for tests of what looks at outputs.
#pragma once

#include <memory>
#include <utility>

#include "ir/graph.h"
#include "ops/reshape.h"

namespace litesmith {

// [?, columns, 1] -> RESHAPE -> [?, columns], float or with one quantization for both.
inline Model scores_model(int32_t columns, DType dtype = DType::float32,
                          const Quantization& quantization = {}, int32_t batch = kDynamic) {
  Model model;
  Graph& graph = model.graph;
  Value input{.name = "x", .dtype = dtype, .shape = {batch, columns, 1}};
  input.quantization = quantization;
  graph.inputs = {graph.add(std::move(input))};
  const ValueId shape = graph.add_constant<int32_t>("shape", {2}, {-1, columns});
  const ValueId output = graph.append(std::make_shared<Reshape>(), {graph.inputs[0], shape}, "y");
  graph[output].shape = {batch, columns};
  graph[output].quantization = quantization;
  graph.outputs = {output};
  model.signatures = {{.key = "serving_default",
                       .inputs = {{"features", graph.inputs[0]}},
                       .outputs = {{"scores", output}}}};
  return model;
}

}  // namespace litesmith
