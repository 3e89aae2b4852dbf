#include "rewrite/rewrite.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "rewrite/editor.h"
#include "rewrite/rules.h"

namespace litesmith {
namespace {

// A hostile graph may be built so that each sweep moves one op by one place; a trained one settles
// after a few.
constexpr int kMostSweeps = 100;

int run(const Rule& rule, Editor& edit) {
  if (rule.everywhere != nullptr) return rule.everywhere(edit);
  int applied = 0;
  for (size_t node = 0; node < edit.node_count(); ++node) {
    if (edit.alive(node) && rule.at(edit, node)) ++applied;
  }
  return applied;
}

class Sweeper {
 public:
  Sweeper(const Model& model, const RewriteOptions& options)
      : options_(options), edit_(model.graph, &options.evaluate), sweeps_left_(kMostSweeps) {
    for (const Rule& rule : all_rules()) {
      steps_.push_back({.rule = rule.name});
      last_stage_ = std::max(last_stage_, rule.stage);
    }
  }

  void sweep_all_stages() {
    for (int stage = 1; stage <= last_stage_; ++stage) {
      while (sweeps_left_ > 0 && sweep(stage)) --sweeps_left_;
    }
  }

  Graph graph() const { return edit_.snapshot(); }
  const std::vector<RewriteLog::Step>& steps() const { return steps_; }

 private:
  // True when a rule has changed something.
  bool sweep(int stage) {
    bool changed = false;
    const auto rules = all_rules();
    for (size_t i = 0; i < rules.size(); ++i) {
      const auto& without = options_.without;
      if (rules[i].stage > stage ||
          std::find(without.begin(), without.end(), rules[i].name) != without.end()) {
        continue;
      }
      report(options_.progress, "rewrite", i, rules.size());
      const auto start = std::chrono::steady_clock::now();
      const int applied = run(rules[i], edit_);
      steps_[i].applied += applied;
      steps_[i].seconds +=
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (applied > 0 && options_.verify) {
        with_context("after the rewrite '" + std::string(rules[i].name) + "'",
                     [&] { verify(edit_.snapshot()); });
      }
      changed = changed || applied > 0;
    }
    return changed;
  }

  const RewriteOptions& options_;
  Editor edit_;
  std::vector<RewriteLog::Step> steps_;
  int last_stage_ = 0;
  int sweeps_left_;
};

void require_known(const std::vector<std::string>& names) {
  const auto rules = all_rules();
  for (const std::string& name : names) {
    const bool known = std::any_of(rules.begin(), rules.end(),
                                   [&](const Rule& rule) { return rule.name == name; });
    if (known) continue;
    std::string list;
    for (const Rule& rule : rules) list += (list.empty() ? "" : ", ") + std::string(rule.name);
    throw Error(ErrorCode::usage, "there is no rewrite '" + name + "'; there are: " + list);
  }
}

}  // namespace

Model rewrite(const Model& model, const RewriteOptions& options, RewriteLog* log) {
  require_known(options.without);
  Sweeper sweeper(model, options);
  sweeper.sweep_all_stages();
  Model result = model;
  result.graph = sweeper.graph();
  compact(result);
  result.graph.make_names_unique();
  if (log != nullptr) log->steps = sweeper.steps();
  return result;
}

}  // namespace litesmith
