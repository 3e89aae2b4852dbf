// The modes that need no calibration: float32, dynamic range, float16.
#include <gmock/gmock.h>

#include "base/half.h"
#include "litesmith/mode.h"
#include "ops/fully_connected.h"
#include "quantize/network.h"

namespace litesmith {
namespace {

using testing::Converted;
using testing::converted;
using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A dense layer of `units` x 64 weights.
Model dense(int units) {
  GraphBuilder net;
  const ValueId x = net.input("x", {1, 64});
  const ValueId weights = net.ramp({units, 64}, -1.0f, 0.01f);
  return net.model({net.op(FullyConnected{}, {x, weights, net.ramp({units})}, "y")});
}

TEST(LightModes, float32_changes_nothing) {
  const Model model = dense(16);
  EXPECT_EQ(to_text(converted(model, Mode::float32).graph()), to_text(model.graph));
}

TEST(LightModes, what_is_made_is_stored_with_all_its_elements) {
  Model model = dense(16);
  const ValueId weights = model.graph.nodes[0].inputs[1];
  model.graph[weights].sparse_block = 16;
  for (const Mode mode : {Mode::float32, Mode::dynamic_range, Mode::float16}) {
    const Converted made = converted(model, mode);
    for (const Value& value : made.graph().values) EXPECT_EQ(value.sparse_block, 0) << value.name;
  }
}

TEST(LightModes, dynamic_range_makes_weights_of_1024_elements_int8) {
  const Converted made = converted(dense(16), Mode::dynamic_range);
  EXPECT_EQ(made.ops(), "FULLY_CONNECTED");
  const Node& node = made.graph().nodes[0];
  EXPECT_EQ(made.graph()[node.inputs[0]].dtype, DType::float32);
  EXPECT_EQ(made.graph()[node.inputs[1]].dtype, DType::int8);
  EXPECT_EQ(made.graph()[node.inputs[1]].quantization.scale.size(), 16u);
  EXPECT_EQ(made.graph()[node.inputs[2]].dtype, DType::float32);
  EXPECT_TRUE(node.as<FullyConnected>()->asymmetric_quantize_inputs);
}

TEST(LightModes, dynamic_range_leaves_smaller_weights_and_says_so) {
  const Converted made = converted(dense(15), Mode::dynamic_range);
  EXPECT_EQ(made.graph()[made.graph().nodes[0].inputs[1]].dtype, DType::float32);
  EXPECT_FALSE(made.graph().nodes[0].as<FullyConnected>()->asymmetric_quantize_inputs);
  EXPECT_THAT(made.notes.kept_float, ElementsAre(HasSubstr("960 elements")));
}

TEST(LightModes, dynamic_range_per_tensor_has_one_scale) {
  const Converted made = converted(dense(16), {.mode = Mode::dynamic_range, .per_channel = false});
  EXPECT_EQ(made.graph()[made.graph().nodes[0].inputs[1]].quantization.scale.size(), 1u);
}

TEST(LightModes, two_layers_share_one_integer_copy_of_their_weights) {
  GraphBuilder net;
  const ValueId weights = net.ramp({64, 64}, -1.0f, 0.001f);
  const ValueId x = net.input("x", {1, 64});
  const ValueId y = net.op(FullyConnected{}, {x, weights, ValueId{}});
  const Model model = net.model({net.op(FullyConnected{}, {y, weights, ValueId{}})});
  for (const Mode mode : {Mode::dynamic_range, Mode::float16}) {
    const Graph graph = converted(model, mode).model.graph;
    const size_t count = graph.nodes.size();
    EXPECT_EQ(graph.nodes[count - 1].inputs[1], graph.nodes[count - 2].inputs[1])
        << to_string(mode);
  }
}

TEST(LightModes, float16_stores_halves_behind_a_dequantize) {
  const Converted made = converted(dense(2), Mode::float16);
  EXPECT_EQ(made.ops(), "DEQUANTIZE DEQUANTIZE FULLY_CONNECTED");
  const Value& half = made.graph()[made.graph().nodes[0].inputs[0]];
  EXPECT_EQ(half.dtype, DType::float16);
  EXPECT_EQ(half.data->bytes().size(), 2u * 64 * 2);
  EXPECT_THAT(made.notes.warnings, IsEmpty());
}

TEST(LightModes, float16_clamps_what_a_half_cannot_hold) {
  GraphBuilder net;
  const ValueId x = net.input("x", {1, 2});
  const ValueId y =
      net.op(FullyConnected{}, {x, net.floats({1, 2}, {1e6f, -1e6f}), ValueId{}}, "y");
  const Graph graph = converted(net.model({y}), Mode::float16).model.graph;
  const auto halves = graph[graph.nodes[0].inputs[0]].data->as<uint16_t>();
  EXPECT_EQ(half_to_float(halves[0]), 65504.0f);
  EXPECT_EQ(half_to_float(halves[1]), -65504.0f);
}

TEST(Mode, names_go_both_ways) {
  for (const Mode mode : all_modes()) EXPECT_EQ(parse_mode(to_string(mode)), mode);
  EXPECT_EQ(parse_mode("int4"), std::nullopt);
  EXPECT_TRUE(needs_calibration(Mode::int8) && needs_calibration(Mode::int16x8));
  EXPECT_FALSE(needs_calibration(Mode::dynamic_range));
}

}  // namespace
}  // namespace litesmith
