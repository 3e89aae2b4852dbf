#include "rewrite/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/unary.h"
#include "rewrite/rules.h"
#include "testing/graph_builder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::GraphBuilder;
using testing::op_names;

Model batch_normed() {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 5, 5, 2});
  ValueId y = builder.op(Conv2D{}, {x, builder.ramp({3, 1, 1, 2}), builder.ramp({3})});
  y = builder.op(Mul{}, {y, builder.ramp({3}, 2)});
  y = builder.op(Add{}, {y, builder.ramp({3}, 3)});
  y = builder.op(Relu{}, {y}, "out");
  Model model = builder.model({y});
  model.signatures = {{.inputs = {{"image", x}}, .outputs = {{"scores", y}}}};
  return model;
}

TEST(Rewrite, a_batch_normed_convolution_becomes_one_op) {
  const Model model = rewrite(batch_normed(), {.verify = true});
  EXPECT_EQ(op_names(model.graph), "CONV_2D");
  EXPECT_EQ(model.graph.values.size(), 4u);
}

TEST(Rewrite, signatures_follow_their_tensors) {
  const Model model = rewrite(batch_normed(), {});
  EXPECT_EQ(model.graph[model.signatures[0].inputs[0].value].name, "x");
  EXPECT_EQ(model.graph[model.signatures[0].outputs[0].value].name, "out");
  EXPECT_EQ(model.signatures[0].outputs[0].value, model.graph.outputs[0]);
}

TEST(Rewrite, the_model_handed_in_stays_as_it_was) {
  const Model model = batch_normed();
  const std::string before = to_text(model.graph);
  rewrite(model, {});
  EXPECT_EQ(to_text(model.graph), before);
}

TEST(Rewrite, a_rule_left_out_is_not_applied) {
  const Model model = rewrite(batch_normed(), {.without = {"fold-add"}});
  EXPECT_EQ(op_names(model.graph), "CONV_2D ADD");
}

TEST(Rewrite, an_unknown_rule_is_refused_with_the_list_of_rules) {
  EXPECT_THAT(
      thrown_message(ErrorCode::usage, [] { rewrite(batch_normed(), {.without = {"fold-ad"}}); }),
      ::testing::HasSubstr("fold-add"));
}

TEST(Rewrite, the_log_counts_what_each_rule_did) {
  RewriteLog log;
  rewrite(batch_normed(), {}, &log);
  ASSERT_EQ(log.steps.size(), all_rules().size());
  for (const auto& step : log.steps) {
    const bool fits =
        step.rule == "fold-add" || step.rule == "fold-multiply" || step.rule == "fuse-activation";
    EXPECT_EQ(step.applied, fits ? 1 : 0) << step.rule;
    EXPECT_GE(step.seconds, 0);
  }
}

TEST(Rewrite, a_second_time_changes_nothing) {
  const Model once = rewrite(batch_normed(), {});
  EXPECT_EQ(to_text(rewrite(once, {}).graph), to_text(once.graph));
}

TEST(Rewrite, can_be_cancelled) {
  RewriteOptions options{.progress = [](std::string_view, size_t, size_t) { return false; }};
  EXPECT_THROW(rewrite(batch_normed(), options), Error);
}

TEST(Rules, have_names_of_their_own_and_stages_in_order) {
  std::set<std::string_view> names;
  int stage = 1;
  for (const Rule& rule : all_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_TRUE((rule.at == nullptr) != (rule.everywhere == nullptr)) << rule.name;
    EXPECT_GE(rule.stage, stage) << rule.name;
    stage = rule.stage;
  }
}

}  // namespace
}  // namespace litesmith
