#include <gtest/gtest.h>

#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "ops/conv_2d.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"

namespace litesmith {
namespace {

// Input [?, 6, 6, 1], a convolution, a pooling, a reshape with a shape operand.
Model small_model() {
  Model model;
  Graph& graph = model.graph;
  Value input{.name = "input", .shape = {kDynamic, 6, 6, 1}};
  const ValueId x = graph.add(std::move(input));
  graph.inputs = {x};
  std::vector<float> weights(2 * 3 * 3);
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = 0.25f * static_cast<float>(i) - 2;
  const ValueId filter = graph.add_constant("filter", {2, 3, 3, 1}, weights);
  const ValueId bias = graph.add_constant("bias", {2}, std::vector<float>{1, -1});
  auto conv = std::make_shared<Conv2D>();
  conv->padding = Padding::valid;
  conv->activation = Activation::relu;
  const ValueId y = graph.append(conv, {x, filter, bias}, "conv");
  auto pool = std::make_shared<MaxPool2D>();
  pool->filter_height = pool->filter_width = pool->stride_h = pool->stride_w = 2;
  const ValueId z = graph.append(pool, {y}, "pool");
  const ValueId shape = graph.add_constant("shape", {2}, std::vector<int32_t>{-1, 8});
  const ValueId flat = graph.append(std::make_shared<Reshape>(), {z, shape}, "flat");
  graph.outputs = {flat};
  model.signatures = {{.inputs = {{"image", x}}, .outputs = {{"output_0", flat}}}};
  return model;
}

TEST(TfliteRoundTrip, model_comes_back_as_it_was_written) {
  const Model model = small_model();
  const auto bytes = to_tflite(model);
  const Model back = read_tflite(SharedBytes{bytes});
  EXPECT_EQ(to_text(back.graph).substr(0, 20), to_text(model.graph).substr(0, 20));
  ASSERT_EQ(back.graph.nodes.size(), 3u);
  EXPECT_TRUE(equal_ops(*back.graph.nodes[0].op, *model.graph.nodes[0].op));
  EXPECT_TRUE(equal_ops(*back.graph.nodes[1].op, *model.graph.nodes[1].op));
  const Value& input = back.graph[back.graph.inputs[0]];
  EXPECT_EQ(input.shape, (Shape{kDynamic, 6, 6, 1}));
  EXPECT_EQ(input.default_shape, (Shape{1, 6, 6, 1}));
  const Value& filter = back.graph[back.graph.nodes[0].inputs[1]];
  EXPECT_EQ(filter.name, "filter");
  EXPECT_EQ(filter.elements<float>()[17], 2.25f);
  ASSERT_EQ(back.signatures.size(), 1u);
  EXPECT_EQ(back.signatures[0].inputs[0].name, "image");
  EXPECT_EQ(back.signatures[0].outputs[0].value, back.graph.outputs[0]);
}

TEST(TfliteRoundTrip, the_same_model_gives_the_same_bytes) {
  const auto bytes = to_tflite(small_model());
  EXPECT_EQ(bytes, to_tflite(small_model()));
  EXPECT_EQ(bytes, to_tflite(read_tflite(SharedBytes{bytes})));
}

}  // namespace
}  // namespace litesmith
