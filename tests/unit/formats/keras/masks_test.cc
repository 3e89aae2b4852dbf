// How masks go from layer to layer where Keras 2 and 3 differ; what is computed with them, Keras
// itself judges (tests/interop/test_keras_masks.py).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/error.h"
#include "formats/keras/build.h"
#include "testing/graph_builder.h"
#include "testing/thrown.h"

namespace litesmith::keras {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NoWeights : public WeightSource {
 public:
  std::optional<WeightArray> find(const std::string&) override { return std::nullopt; }
};

std::string layer(const std::string& class_name, const std::string& name, const std::string& config,
                  const std::string& nodes) {
  return R"({"class_name": ")" + class_name + R"(", "name": ")" + name + R"(", "config": {)" +
         config + R"(}, "inbound_nodes": [)" + nodes + "]},";
}

// x and y [batch, 4, 6], masked as mx and my; `layers`, and the mean over what counts of "merged".
std::string ops_of(const std::string& layers, int major) {
  const std::string input = R"("batch_input_shape": [null, 4, 6])";
  const Json json =
      parse_json(R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" +
                     layer("InputLayer", "x", input, "") + layer("InputLayer", "y", input, "") +
                     layer("Masking", "mx", "", R"([["x", 0, 0, {}]])") +
                     layer("Masking", "my", "", R"([["y", 0, 0, {}]])") + layers +
                     R"({"class_name": "GlobalAveragePooling1D", "name": "mean", "config": {},
              "inbound_nodes": [[["merged", 0, 0, {}]]]}],
              "input_layers": [["x", 0, 0], ["y", 0, 0]], "output_layers": [["mean", 0, 0]]}})",
                 "test");
  NoWeights weights;
  return testing::op_names(build_model(parse_model_config(json), weights, {.major = major}).graph);
}

std::string merge(const std::string& class_name, const std::string& a, const std::string& b,
                  const std::string& config = "") {
  return layer(class_name, "merged", config,
               R"([[")" + a + R"(", 0, 0, {}], [")" + b + R"(", 0, 0, {}]])");
}

TEST(KerasMasks, a_step_counts_in_both_to_Keras_2_and_in_either_to_Keras_3) {
  EXPECT_THAT(ops_of(merge("Add", "mx", "my"), 2), HasSubstr("LOGICAL_AND"));
  EXPECT_THAT(ops_of(merge("Add", "mx", "my"), 3), HasSubstr("LOGICAL_OR"));
}

TEST(KerasMasks, what_has_no_mask_ends_the_other_s_in_Keras_3_alone) {
  EXPECT_THAT(ops_of(merge("Add", "mx", "y"), 2), HasSubstr("DIV"));
  EXPECT_THAT(ops_of(merge("Add", "mx", "y"), 3), HasSubstr("MEAN"));
}

TEST(KerasMasks, the_same_mask_twice_is_one) {
  const std::string named =
      layer("Activation", "a", R"("activation": "tanh")", R"([["mx", 0, 0, {}]])");
  for (const int major : {2, 3}) {
    const std::string ops = ops_of(named + merge("Add", "mx", "a"), major);
    EXPECT_THAT(ops, HasSubstr("DIV"));
    EXPECT_THAT(ops, Not(HasSubstr("LOGICAL")));
  }
}

TEST(KerasMasks, products_of_Keras_3_leave_out_what_does_not_count) {
  EXPECT_THAT(ops_of(merge("Multiply", "mx", "my"), 2), HasSubstr("LOGICAL_AND"));
  EXPECT_THAT(
      thrown_message(ErrorCode::unsupported, [] { ops_of(merge("Multiply", "mx", "my"), 3); }),
      HasSubstr("'merged' (Multiply)"));
}

TEST(KerasMasks, what_nothing_looks_at_is_not_built) {
  const std::string ops =
      ops_of(layer("Flatten", "f", "", R"([["mx", 0, 0, {}]])") +
                 layer("Reshape", "merged", R"("target_shape": [4, 6])", R"([["f", 0, 0, {}]])"),
             3);
  EXPECT_THAT(ops, Not(HasSubstr("SQUEEZE")));
  EXPECT_THAT(ops, HasSubstr("MEAN"));
}

TEST(KerasMasks, masks_may_be_merged_any_number_of_times) {
  constexpr int kTimes = 4'000;
  std::string layers;
  std::string last = "mx";
  for (int i = 0; i < kTimes; ++i) {
    const std::string name = i + 1 < kTimes ? "a" + std::to_string(i) : "merged";
    layers += layer(
        "Add", name, "",
        R"([[")" + last + R"(", 0, 0, {}], [")" + (i % 2 != 0 ? "mx" : "my") + R"(", 0, 0, {}]])");
    last = name;
  }
  EXPECT_THAT(ops_of(layers, 3), HasSubstr("DIV"));
}

TEST(KerasMasks, masks_one_behind_the_other_are_refused_where_one_is_looked_at) {
  const std::string joined = merge("Concatenate", "mx", "my", R"("axis": 1)");
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { ops_of(joined, 2); }),
              HasSubstr("put together"));
}

}  // namespace
}  // namespace litesmith::keras
