#include "evaluate/load_inputs.h"

namespace litesmith {

void load_inputs(const Feed& feed, size_t run, Interpreter& interpreter) {
  const Graph& graph = feed.graph();
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    if (graph[graph.inputs[i]].dtype == DType::string) {
      interpreter.set_texts(i, feed.texts(run, i));
    } else {
      feed.fill(run, i, interpreter.input(i));
    }
  }
}

}  // namespace litesmith
