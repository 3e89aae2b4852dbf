// Makes a trained graph smaller without changing what it computes: the rewrites of TensorFlow's
// converter, each a named rule (rewrite/rules.cc lists them, docs/rewrites.md explains them).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "ir/graph.h"

namespace litesmith {

// Runs a node whose inputs are all constant and returns the bytes of each output; nothing when the
// op cannot be run. Handed in, so that rewriting needs no kernels (runtime/evaluate_node.h).
using Evaluator = std::function<std::optional<std::vector<Buffer>>(const Graph&, const Node&)>;

struct RewriteOptions {
  Evaluator evaluate = {};                // none: constants are not folded
  std::vector<std::string> without = {};  // names of rules to leave out
  bool verify = false;                    // check the whole graph after each step that changed it
  Progress progress = {};
};

// What a rewrite did, in the order of the list of rules.
struct RewriteLog {
  struct Step {
    std::string_view rule;
    int applied = 0;  // how often
    double seconds = 0;
  };
  std::vector<Step> steps;
};

// Applies the rules until none fits. Inputs, outputs and signatures keep their names and values.
// Throws Error(usage) for an unknown name in `without`.
//
//   RewriteLog log;
//   const Model smaller = rewrite(model, {.evaluate = evaluate_node}, &log);
Model rewrite(const Model& model, const RewriteOptions& options, RewriteLog* log = nullptr);

}  // namespace litesmith
