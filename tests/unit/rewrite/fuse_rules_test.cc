// The rules that recognise an op in others, and those that fold into what follows.
#include <gtest/gtest.h>

#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::floats_of;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;
using Floats = std::vector<float>;

struct Plain {
  GraphBuilder builder;
  ValueId x = builder.input("x", {kDynamic, 4});
  ValueId number(float n) { return builder.floats({}, {n}); }
  ValueId clamped(ValueId from, float low, float high) {
    const ValueId below = builder.op(Minimum{}, {from, number(high)});
    return builder.op(Maximum{}, {below, number(low)});
  }
  std::string ops_after(ValueId y, std::string_view rule) {
    return op_names(after(builder.model({y}), {rule}));
  }
};

TEST(ConstantSecond, operands_that_commute_change_places) {
  Plain net;
  const ValueId y = net.builder.op(Add{}, {net.number(2), net.x});
  const Graph graph = after(net.builder.model({y}), {"constant-second"});
  EXPECT_EQ(graph.nodes[0].inputs[0], graph.inputs[0]);
}

TEST(ConstantSecond, not_those_of_a_subtraction) {
  Plain net;
  const ValueId y = net.builder.op(Sub{}, {net.number(2), net.x});
  const Graph graph = after(net.builder.model({y}), {"constant-second"});
  EXPECT_EQ(graph.nodes[0].inputs[1], graph.inputs[0]);
}

TEST(ReluFromExtremum, each_clamp_that_has_a_name) {
  Plain net;
  const auto ops = [](auto make) {
    Plain fresh;
    return fresh.ops_after(make(fresh), "relu-from-extremum");
  };
  EXPECT_EQ(ops([](Plain& p) { return p.builder.op(Maximum{}, {p.x, p.number(0)}); }), "RELU");
  EXPECT_EQ(ops([](Plain& p) { return p.clamped(p.x, 0, 6); }), "RELU6");
  EXPECT_EQ(ops([](Plain& p) { return p.clamped(p.x, -1, 1); }), "RELU_N1_TO_1");
  EXPECT_EQ(ops([](Plain& p) { return p.clamped(p.x, 0, 1); }), "RELU_0_TO_1");
  EXPECT_EQ(ops([](Plain& p) {
              return p.builder.op(Minimum{}, {p.builder.op(Relu{}, {p.x}), p.number(6)});
            }),
            "RELU6");
}

TEST(ReluFromExtremum, not_a_clamp_without_a_name) {
  Plain two;
  EXPECT_EQ(two.ops_after(two.clamped(two.x, -2, 2), "relu-from-extremum"), "MINIMUM MAXIMUM");
  Plain six;
  EXPECT_EQ(six.ops_after(six.builder.op(Minimum{}, {six.x, six.number(6)}), "relu-from-extremum"),
            "MINIMUM");
}

TEST(ReluFromExtremum, not_with_one_bound_an_element) {
  Plain net;
  const ValueId y = net.builder.op(Maximum{}, {net.x, net.builder.floats({4}, {0, 0, 0, 0})});
  EXPECT_EQ(net.ops_after(y, "relu-from-extremum"), "MAXIMUM");
}

TEST(LeakyRelu, from_the_larger_of_a_part_and_the_whole) {
  Plain net;
  const ValueId part = net.builder.op(Mul{}, {net.x, net.number(0.3f)});
  const ValueId y = net.builder.op(Maximum{}, {part, net.x});
  const Graph graph = after(net.builder.model({y}), {"leaky-relu"});
  ASSERT_EQ(op_names(graph), "LEAKY_RELU");
  EXPECT_EQ(graph.nodes[0].as<LeakyRelu>()->alpha, 0.3f);
}

TEST(LeakyRelu, not_with_a_slope_above_one_nor_of_another_value) {
  Plain steep;
  const ValueId twice = steep.builder.op(Mul{}, {steep.x, steep.number(2)});
  EXPECT_EQ(steep.ops_after(steep.builder.op(Maximum{}, {twice, steep.x}), "leaky-relu"),
            "MUL MAXIMUM");
  Plain other;
  const ValueId part = other.builder.op(Mul{}, {other.x, other.number(0.3f)});
  const ValueId y = other.builder.op(Maximum{}, {part, other.builder.input("y", {kDynamic, 4})});
  EXPECT_EQ(other.ops_after(y, "leaky-relu"), "MUL MAXIMUM");
}

// RELU(x) + RELU(-x') * slope
ValueId keras_prelu(Plain& net, ValueId negated) {
  const ValueId positive = net.builder.op(Relu{}, {net.x});
  const ValueId negative = net.builder.op(Relu{}, {net.builder.op(Neg{}, {negated})});
  const ValueId scaled =
      net.builder.op(Mul{}, {negative, net.builder.floats({4}, {-0.1f, -0.2f, -0.3f, 0.5f})});
  return net.builder.op(Add{}, {positive, scaled});
}

TEST(Prelu, from_what_keras_writes) {
  Plain net;
  const Graph graph = after(net.builder.model({keras_prelu(net, net.x)}), {"prelu"});
  ASSERT_EQ(op_names(graph), "PRELU");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{0.1f, 0.2f, 0.3f, -0.5f}));
}

TEST(Prelu, not_when_another_value_is_negated) {
  Plain net;
  const ValueId other = net.builder.input("y", {kDynamic, 4});
  EXPECT_EQ(net.ops_after(keras_prelu(net, other), "prelu"), "RELU NEG RELU MUL ADD");
}

ValueId shifted(Plain& net, float shift, Activation activation) {
  return net.builder.op(op_with<Add>(&Add::activation, activation), {net.x, net.number(shift)});
}

TEST(HardSwish, in_every_grouping) {
  for (int grouping = 0; grouping < 4; ++grouping) {
    Plain net;
    const ValueId clamp = shifted(net, 3, Activation::relu6);
    const ValueId sixth = net.number(1.0f / 6.0f);
    ValueId y;
    if (grouping == 0) y = net.builder.op(Mul{}, {net.builder.op(Mul{}, {net.x, clamp}), sixth});
    if (grouping == 1) y = net.builder.op(Mul{}, {net.x, net.builder.op(Mul{}, {clamp, sixth})});
    if (grouping == 2) y = net.builder.op(Mul{}, {net.builder.op(Mul{}, {clamp, sixth}), net.x});
    if (grouping == 3) {
      y = net.builder.op(Mul{}, {net.x, net.builder.op(Div{}, {clamp, net.number(6)})});
    }
    EXPECT_EQ(net.ops_after(y, "hard-swish"), "HARD_SWISH") << grouping;
  }
}

TEST(HardSwish, not_with_another_number_or_activation_or_value) {
  for (int wrong = 0; wrong < 4; ++wrong) {
    Plain net;
    const ValueId clamp =
        shifted(net, wrong == 0 ? 2.0f : 3.0f, wrong == 1 ? Activation::relu : Activation::relu6);
    const ValueId other = wrong == 2 ? net.builder.input("y", {kDynamic, 4}) : net.x;
    const ValueId sixth = net.number(wrong == 3 ? 0.125f : 1.0f / 6.0f);
    const ValueId y = net.builder.op(Mul{}, {net.builder.op(Mul{}, {other, clamp}), sixth});
    EXPECT_EQ(net.ops_after(y, "hard-swish"), "ADD MUL MUL") << wrong;
  }
}

TEST(DivideToMultiply, by_the_reciprocals) {
  Plain net;
  const ValueId y = net.builder.op(Div{}, {net.x, net.builder.floats({4}, {2, 3, 4, 8})});
  const Graph graph = after(net.builder.model({y}), {"divide-to-multiply"});
  ASSERT_EQ(op_names(graph), "MUL");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{0.5f, 1 / 3.0f, 0.25f, 0.125f}));
}

TEST(DivideToMultiply, not_a_constant_divided) {
  Plain net;
  EXPECT_EQ(net.ops_after(net.builder.op(Div{}, {net.number(1), net.x}), "divide-to-multiply"),
            "DIV");
}

TEST(MergeAdds, two_constants_become_one) {
  Plain net;
  const ValueId y = net.builder.op(Add{}, {net.x, net.builder.floats({4}, {1, 2, 3, 4})});
  const ValueId z =
      net.builder.op(op_with<Add>(&Add::activation, Activation::relu), {y, net.number(0.5f)});
  const Graph graph = after(net.builder.model({z}), {"merge-adds"});
  ASSERT_EQ(op_names(graph), "ADD");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{1.5f, 2.5f, 3.5f, 4.5f}));
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu);
}

TEST(MergeAdds, not_across_an_activation_nor_when_the_sum_is_read) {
  Plain clamped;
  const ValueId y = clamped.builder.op(op_with<Add>(&Add::activation, Activation::relu),
                                       {clamped.x, clamped.number(1)});
  EXPECT_EQ(clamped.ops_after(clamped.builder.op(Add{}, {y, clamped.number(1)}), "merge-adds"),
            "ADD ADD");
  Plain read;
  const ValueId a = read.builder.op(Add{}, {read.x, read.number(1)});
  const ValueId b = read.builder.op(Add{}, {a, read.number(1)});
  EXPECT_EQ(op_names(after(read.builder.model({a, b}), {"merge-adds"})), "ADD ADD");
}

// A PAD and a VALID convolution 3x3 behind it.
template <class T = Conv2D>
std::string after_padding(int32_t size, std::vector<int32_t> amounts, int32_t stride,
                          Padding padding = Padding::valid) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, size, size, 1});
  const ValueId padded = builder.op(Pad{}, {x, builder.constant<int32_t>("p", {4, 2}, amounts)});
  const ValueId y =
      builder.op(op_with<T>(&T::padding, padding, &T::stride_w, stride, &T::stride_h, stride),
                 {padded, builder.ramp({1, 3, 3, 1}), builder.ramp({1})});
  const Graph graph = after(builder.model({y}), {"pad-to-same"});
  return op_names(graph) + (graph.nodes.back().as<T>()->padding == Padding::same ? " SAME" : "");
}

TEST(PadToSame, where_the_padding_is_what_same_means) {
  EXPECT_EQ(after_padding(8, {0, 0, 1, 1, 1, 1, 0, 0}, 1), "CONV_2D SAME");
  EXPECT_EQ(after_padding(9, {0, 0, 1, 1, 1, 1, 0, 0}, 2), "CONV_2D SAME");
  EXPECT_EQ(after_padding(8, {0, 0, 0, 1, 0, 1, 0, 0}, 2), "CONV_2D SAME");
  EXPECT_EQ(after_padding<DepthwiseConv2D>(8, {0, 0, 1, 1, 1, 1, 0, 0}, 1),
            "DEPTHWISE_CONV_2D SAME");
}

TEST(PadToSame, not_where_it_is_another) {
  // With stride 2 on an even image, SAME pads behind only.
  EXPECT_EQ(after_padding(8, {0, 0, 1, 1, 1, 1, 0, 0}, 2), "PAD CONV_2D");
  EXPECT_EQ(after_padding(8, {0, 0, 1, 0, 1, 0, 0, 0}, 2), "PAD CONV_2D");
  EXPECT_EQ(after_padding(8, {0, 0, 2, 2, 2, 2, 0, 0}, 1), "PAD CONV_2D");
  EXPECT_EQ(after_padding(8, {1, 0, 1, 1, 1, 1, 0, 0}, 1), "PAD CONV_2D");
  EXPECT_EQ(after_padding(8, {0, 0, 1, 1, 1, 1, 0, 0}, 1, Padding::same), "PAD CONV_2D SAME");
}

TEST(PadToSame, not_in_front_of_a_pool) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 8, 8, 1});
  const ValueId padded =
      builder.op(Pad{}, {x, builder.constant<int32_t>("p", {4, 2}, {0, 0, 1, 1, 1, 1, 0, 0})});
  const ValueId y = builder.op(
      op_with<MaxPool2D>(&MaxPool2D::filter_width, 3, &MaxPool2D::filter_height, 3), {padded});
  EXPECT_EQ(op_names(after(builder.model({y}), {"pad-to-same"})), "PAD MAX_POOL_2D");
}

struct Image {
  GraphBuilder builder;
  ValueId x = builder.input("x", {kDynamic, 4, 4, 2});
  ValueId number(float n) { return builder.floats({}, {n}); }
  ValueId conv(ValueId from, Padding padding) {
    return builder.op(
        op_with<Conv2D>(&Conv2D::padding, padding),
        {from, builder.floats({2, 1, 1, 2}, {1, 2, 3, 4}), builder.floats({2}, {0.5f, 0.25f})});
  }
};

TEST(MultiplyIntoNext, a_number_scales_the_weights_whatever_the_padding) {
  Image net;
  const ValueId y = net.conv(net.builder.op(Mul{}, {net.x, net.number(0.1f)}), Padding::same);
  const Graph graph = after(net.builder.model({y}), {"multiply-into-next"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{0.1f, 2 * 0.1f, 3 * 0.1f, 4 * 0.1f}));
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{0.5f, 0.25f}));
}

TEST(MultiplyIntoNext, a_dense_layer_takes_one_factor_an_input) {
  Plain net;
  const ValueId scaled = net.builder.op(Mul{}, {net.x, net.builder.floats({4}, {1, 2, 3, 4})});
  const ValueId y = net.builder.op(
      FullyConnected{}, {scaled, net.builder.floats({2, 4}, {1, 1, 1, 1, 2, 2, 2, 2}), ValueId{}});
  const Graph graph = after(net.builder.model({y}), {"multiply-into-next"});
  ASSERT_EQ(op_names(graph), "FULLY_CONNECTED");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{1, 2, 3, 4, 2, 4, 6, 8}));
}

TEST(MultiplyIntoNext, not_a_factor_a_channel_into_a_convolution) {
  Image net;
  const ValueId scaled = net.builder.op(Mul{}, {net.x, net.builder.floats({2}, {2, 3})});
  const ValueId y = net.conv(scaled, Padding::valid);
  EXPECT_EQ(op_names(after(net.builder.model({y}), {"multiply-into-next"})), "MUL CONV_2D");
}

TEST(MultiplyIntoNext, not_across_an_activation) {
  Image net;
  const ValueId scaled =
      net.builder.op(op_with<Mul>(&Mul::activation, Activation::relu), {net.x, net.number(2)});
  EXPECT_EQ(op_names(after(net.builder.model({net.conv(scaled, Padding::valid)}),
                           {"multiply-into-next"})),
            "MUL CONV_2D");
}

TEST(AddIntoNext, a_number_joins_the_bias_under_valid_padding) {
  Image net;
  const ValueId y = net.conv(net.builder.op(Sub{}, {net.x, net.number(0.5f)}), Padding::valid);
  const Graph graph = after(net.builder.model({y}), {"add-into-next"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{0.5f - 1.5f, 0.25f - 3.5f}));
}

TEST(AddIntoNext, not_under_same_padding) {
  Image net;
  const ValueId y = net.conv(net.builder.op(Add{}, {net.x, net.number(0.5f)}), Padding::same);
  EXPECT_EQ(op_names(after(net.builder.model({y}), {"add-into-next"})), "ADD CONV_2D");
}

TEST(AddIntoNext, a_dense_layer_with_a_bias_takes_one_term_an_input) {
  for (const bool with_bias : {true, false}) {
    Plain net;
    const ValueId shifted = net.builder.op(Add{}, {net.x, net.builder.floats({4}, {1, 2, 3, 4})});
    const ValueId bias = with_bias ? net.builder.floats({1}, {0.5f}) : ValueId{};
    const ValueId y =
        net.builder.op(FullyConnected{}, {shifted, net.builder.floats({1, 4}, {1, 0, 0, 2}), bias});
    const Graph graph = after(net.builder.model({y}), {"add-into-next"});
    EXPECT_EQ(op_names(graph), with_bias ? "FULLY_CONNECTED" : "ADD FULLY_CONNECTED");
    if (with_bias) {
      EXPECT_EQ(floats_of(graph, 0, 2), (Floats{9.5f}));
    }
  }
}

TEST(AddIntoNext, the_sum_over_a_row_keeps_what_single_additions_lose) {
  Plain net;
  const ValueId shifted =
      net.builder.op(Add{}, {net.x, net.builder.floats({4}, {0x1p25f, 1, 1, -0x1p25f})});
  const ValueId y = net.builder.op(
      FullyConnected{},
      {shifted, net.builder.floats({1, 4}, {1, 1, 1, 1}), net.builder.floats({1}, {1})});
  const Graph graph = after(net.builder.model({y}), {"add-into-next"});
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{3}));
}

}  // namespace
}  // namespace litesmith
