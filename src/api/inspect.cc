#include "litesmith/inspect.h"

#include "api/state.h"
#include "inspect/analyzer.h"
#include "inspect/summary.h"
#include "report/summary_json.h"

namespace litesmith::api {

Inspection inspect(const Model& model, bool weights) {
  const Model::State& state = model.state();
  const std::string name = state.path.empty() ? state.source : state.path.string();
  const Summary summary = state.trained
                              ? summarize(*state.trained, {.weights = weights})
                              : summarize(state.content().file, name, {.weights = weights});
  return {.text = to_text(summary), .json = to_json(summary)};
}

std::string analyze(const Model& model, std::string_view heading) {
  return analyzer_text(model.state().content().file, heading);
}

}  // namespace litesmith::api
