// The graphs of the integer modes.
#include <gmock/gmock.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/transpose_conv.h"
#include "ops/unary.h"
#include "quantize/network.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::CalibratedBuilder;
using testing::Converted;
using testing::converted;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::op_with;

Model one_convolution() {
  CalibratedBuilder net;
  return net.model({net.conv(net.image("pixels"), 3, "scores")});
}

Converted with_types(const Model& model, Mode mode, DType input, DType output) {
  return converted(model, {.mode = mode, .input_type = input, .output_type = output});
}

TEST(Integer, float_input_and_output_are_converted_at_the_ends_and_keep_their_names) {
  const Converted made = converted(one_convolution(), Mode::int8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D DEQUANTIZE");
  const Value& input = made.graph()[made.graph().inputs[0]];
  EXPECT_EQ(input.name, "pixels");
  EXPECT_EQ(input.dtype, DType::float32);
  EXPECT_FALSE(input.quantization.present());
  EXPECT_EQ(made.graph()[made.graph().outputs[0]].name, "scores");
  EXPECT_THAT(made.notes.kept_float, IsEmpty());
}

TEST(Integer, int8_input_and_output_need_no_op) {
  const Converted made = with_types(one_convolution(), Mode::int8, DType::int8, DType::int8);
  EXPECT_EQ(made.ops(), "CONV_2D");
  EXPECT_EQ(made.graph()[made.graph().inputs[0]].name, "pixels");
  EXPECT_EQ(made.graph()[made.graph().outputs[0]].name, "scores");
}

TEST(Integer, uint8_is_int8_with_a_zero_point_128_higher) {
  const Converted made = with_types(one_convolution(), Mode::int8, DType::uint8, DType::uint8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D QUANTIZE");
  const Graph& graph = made.graph();
  const Quantization& outer = graph[graph.inputs[0]].quantization;
  const Quantization& inner = graph[graph.nodes[1].inputs[0]].quantization;
  EXPECT_EQ(graph[graph.inputs[0]].dtype, DType::uint8);
  EXPECT_EQ(outer.scale, inner.scale);
  EXPECT_EQ(outer.zero_point[0], inner.zero_point[0] + 128);
}

TEST(Integer, input_and_output_types_are_chosen_apart) {
  EXPECT_EQ(with_types(one_convolution(), Mode::int8, DType::uint8, DType::float32).ops(),
            "QUANTIZE CONV_2D DEQUANTIZE");
  EXPECT_EQ(with_types(one_convolution(), Mode::int8, DType::int8, DType::uint8).ops(),
            "CONV_2D QUANTIZE");
  EXPECT_EQ(with_types(one_convolution(), Mode::int16x8, DType::int16, DType::float32).ops(),
            "CONV_2D DEQUANTIZE");
}

TEST(Integer, types_that_a_mode_does_not_allow_are_refused) {
  for (const DType type : {DType::int16, DType::int32, DType::float16}) {
    EXPECT_THAT(thrown_message(ErrorCode::usage,
                               [&] { with_types(one_convolution(), Mode::int8, type, type); }),
                HasSubstr("float32, int8, uint8"));
  }
  thrown_message(ErrorCode::usage,
                 [] { with_types(one_convolution(), Mode::int16x8, DType::int8, DType::int8); });
  thrown_message(ErrorCode::usage,
                 [] { with_types(one_convolution(), Mode::float16, DType::int8, DType::int8); });
}

TEST(Integer, weights_are_int8_and_biases_int32_or_int64) {
  for (const auto& [mode, activation, bias] :
       {std::tuple{Mode::int8, DType::int8, DType::int32},
        std::tuple{Mode::int16x8, DType::int16, DType::int64}}) {
    const Converted made = converted(one_convolution(), mode);
    const Graph& graph = made.graph();
    const Node& conv = graph.nodes[1];
    EXPECT_EQ(graph[conv.inputs[0]].dtype, activation);
    EXPECT_EQ(graph[conv.inputs[1]].dtype, DType::int8);
    EXPECT_EQ(graph[conv.inputs[1]].quantization.scale.size(), 2u);
    EXPECT_EQ(graph[conv.inputs[2]].dtype, bias);
    EXPECT_EQ(graph[conv.outputs[0]].dtype, activation);
  }
}

TEST(Integer, per_tensor_weights_have_one_scale) {
  const Converted made = converted(one_convolution(), {.mode = Mode::int8, .per_channel = false});
  EXPECT_THAT(made.graph()[made.graph().nodes[1].inputs[1]].quantization.scale,
              ElementsAre(4.0f / 127));
}

TEST(Integer, an_op_without_an_integer_kernel_runs_between_dequantize_and_quantize) {
  CalibratedBuilder net;
  const ValueId elu = net.ranged(net.op(Elu{}, {net.conv(net.image(), 3)}, "bent"), -1, 3);
  const Converted made = converted(net.model({net.conv(elu, 2)}), Mode::int8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D DEQUANTIZE ELU QUANTIZE CONV_2D DEQUANTIZE");
  EXPECT_THAT(made.notes.kept_float, ElementsAre(HasSubstr("ELU 'bent'")));
}

TEST(Integer, the_file_s_types_hold_at_float_ops_too) {
  CalibratedBuilder net;
  const ValueId elu = net.ranged(net.op(Elu{}, {net.image()}, "bent"), -1, 1);
  const Model model = net.model({elu});
  EXPECT_EQ(with_types(model, Mode::int8, DType::float32, DType::float32).ops(), "ELU");
  EXPECT_EQ(with_types(model, Mode::int8, DType::int8, DType::int8).ops(),
            "DEQUANTIZE ELU QUANTIZE");
  const Converted bytes = with_types(model, Mode::int8, DType::uint8, DType::uint8);
  EXPECT_EQ(bytes.ops(), "DEQUANTIZE ELU QUANTIZE QUANTIZE");
  EXPECT_EQ(bytes.graph()[bytes.graph().outputs[0]].name, "bent");
  const Converted words = with_types(model, Mode::int16x8, DType::int16, DType::int16);
  EXPECT_EQ(words.ops(), "ELU");
  EXPECT_THAT(words.notes.warnings,
              ElementsAre(HasSubstr("input 'x' stays float32"), HasSubstr("output 'bent'")));
}

TEST(Integer, int16x8_requantizes_what_must_share_a_scale) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId a = net.conv(x, 3);
  const ValueId b = net.conv(x, 5);
  const ValueId y =
      net.ranged(net.op(op_with<Concatenation>(&Concatenation::axis, 3), {a, b}), -5, 5);
  const Model model = net.model({y});
  EXPECT_EQ(converted(model, Mode::int8).ops(),
            "QUANTIZE CONV_2D CONV_2D CONCATENATION DEQUANTIZE");
  const Converted made = converted(model, Mode::int16x8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D CONV_2D QUANTIZE CONCATENATION DEQUANTIZE");
  EXPECT_EQ(made.scale(4, 0), made.output_scale(4));
  EXPECT_EQ(made.scale(4, 1), made.output_scale(4));
}

TEST(Integer, shape_reads_the_integer_tensor_that_is_there) {
  CalibratedBuilder net;
  const ValueId y = net.conv(net.image(), 3);
  const ValueId shape = net.op(ShapeOf{}, {y});
  EXPECT_EQ(converted(net.model({y, shape}), Mode::int8).ops(),
            "QUANTIZE CONV_2D SHAPE DEQUANTIZE");
}

TEST(Integer, an_output_that_is_also_used_is_dequantized_beside_its_use) {
  CalibratedBuilder net;
  const ValueId y = net.conv(net.image(), 3, "middle");
  const ValueId z = net.conv(y, 2, "end");
  const Converted made = converted(net.model({y, z}), Mode::int8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D CONV_2D DEQUANTIZE DEQUANTIZE");
  EXPECT_EQ(made.graph()[made.graph().outputs[0]].name, "middle");
  EXPECT_EQ(made.graph()[made.graph().outputs[1]].name, "end");
}

TEST(Integer, kept_ops_stay_float_by_op_or_by_tensor) {
  CalibratedBuilder net;
  const ValueId y = net.op(MaxPool2D{}, {net.conv(net.image(), 3, "features")});
  net.ranged(y, -3, 3);
  const Model model = net.model({y});
  EXPECT_EQ(converted(model, {.mode = Mode::int8, .keep_float = {"features"}}).ops(),
            "CONV_2D QUANTIZE MAX_POOL_2D DEQUANTIZE");
  EXPECT_EQ(converted(model, {.mode = Mode::int8, .keep_float = {"max_pool_2d"}}).ops(),
            "QUANTIZE CONV_2D DEQUANTIZE MAX_POOL_2D");
  EXPECT_THAT(
      thrown_message(ErrorCode::usage,
                     [&] { converted(model, {.mode = Mode::int8, .keep_float = {"CONV_3D"}}); }),
      HasSubstr("CONV_3D"));
}

TEST(Integer, a_quantized_model_is_not_quantized_again) {
  const Model once = converted(one_convolution(), Mode::int8).model;
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { converted(once, Mode::int16x8); }),
              HasSubstr("already quantized"));
}

TEST(Integer, weights_that_are_no_numbers_are_refused_with_their_place) {
  CalibratedBuilder net;
  const float infinity = HUGE_VALF;
  const ValueId x = net.image();
  const ValueId y = net.op(
      Conv2D{},
      {x, net.constant("kernel", {1, 1, 1, 2}, std::vector<float>{1, infinity}), net.ramp({1})});
  const Model model = net.model({net.ranged(y, -1, 1)});
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { converted(model, Mode::int8); }),
              HasSubstr("'kernel' holds infinity at element 1"));
}

// Its weights are multiplied with operand 2; the other operands have other places, too.
TransposeConv transposed_by_one() {
  TransposeConv op;
  op.stride_h = op.stride_w = 1;
  return op;
}

struct Transposed {
  CalibratedBuilder net;
  ValueId image = net.image();
  ValueId filter = net.floats({2, 1, 1, 2}, {1, 2, -3, 4});
  ValueId y = net.ranged(net.op(transposed_by_one(), {net.ints({1, 4, 4, 2}), filter, image,
                                                      net.floats({2}, {0.5f, -1})}),
                         -3, 3);
};

TEST(Integer, a_transposed_convolution_is_scaled_by_its_image) {
  Transposed layer;
  const Converted made =
      with_types(layer.net.model({layer.y}), Mode::int8, DType::int8, DType::int8);
  ASSERT_EQ(made.ops(), "TRANSPOSE_CONV");
  const Node& node = made.graph().nodes[0];
  EXPECT_EQ(made.graph()[node.inputs[0]].dtype, DType::int32);
  EXPECT_EQ(made.graph()[node.inputs[1]].quantization.scale,
            (std::vector<float>{2.0f / 127, 4.0f / 127}));
  const Value& bias = made.graph()[node.inputs[3]];
  EXPECT_EQ(bias.dtype, DType::int32);
  EXPECT_FLOAT_EQ(bias.quantization.scale.at(1), made.scale(0, 2) * (4.0f / 127));
}

TEST(Integer, a_transposed_convolution_in_16x8_has_wide_sums) {
  Transposed layer;
  const Converted made =
      with_types(layer.net.model({layer.y}), Mode::int16x8, DType::int16, DType::int16);
  ASSERT_EQ(made.ops(), "TRANSPOSE_CONV");
  const Node& node = made.graph().nodes[0];
  EXPECT_EQ(made.graph()[node.inputs[3]].dtype, DType::int64);
  EXPECT_EQ(node.as<TransposeConv>()->quantized_bias_type, DType::int64);
  EXPECT_EQ(node.source_version, 3);
}

// What quantization-aware training has learned goes before what calibration measured.
TEST(Learned, ranges_and_scales_are_taken_over_in_int8_alone) {
  CalibratedBuilder net;
  const ValueId y = net.conv(net.image(), 3);
  net.graph()[y].learned_range = Range{-127, 128};
  const ValueId filter = net.graph().nodes[0].inputs[1];
  net.graph()[filter].learned_scales = {0.25, 0.5};
  const Converted made = with_types(net.model({y}), Mode::int8, DType::int8, DType::int8);
  EXPECT_EQ(made.output_scale(0), 1);
  const Value& weights = made.graph()[made.graph().nodes[0].inputs[1]];
  EXPECT_EQ(weights.quantization.scale, (std::vector<float>{0.25f, 0.5f}));
  EXPECT_THAT(weights.elements<int8_t>(), ElementsAre(4, 8, -6, 8));
  EXPECT_THAT(made.notes.learned, HasSubstr("1 activation and the scales of 1 weight tensor"));
  EXPECT_FALSE(weights.learned_scales.size() > 0);
  const Converted wide = with_types(net.model({y}), Mode::int16x8, DType::int16, DType::int16);
  EXPECT_FLOAT_EQ(wide.output_scale(0), 3.0f / 32767);
  EXPECT_EQ(wide.notes.learned, "");
}

TEST(Learned, one_scale_is_the_tensors) {
  CalibratedBuilder net;
  const ValueId y = net.conv(net.image(), 3);
  net.graph()[y].learned_range = Range{-3, 3};
  net.graph()[net.graph().nodes[0].inputs[1]].learned_scales = {0.5};
  const Converted made = converted(net.model({y}), Mode::int8);
  EXPECT_EQ(made.graph()[made.graph().nodes[1].inputs[1]].quantization.scale,
            std::vector<float>{0.5f});
}

TEST(Learned, ops_at_values_without_a_range_stay_float_and_are_named) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId y = net.conv(x, 3, "y");
  const ValueId z = net.conv(y, 3, "z");
  const ValueId last = net.conv(z, 3, "last");
  for (const ValueId id : {x, y, z, last}) net.graph()[id].range.reset();
  net.graph()[x].learned_range = net.graph()[y].learned_range = Range{-3, 3};
  const Converted made = converted(net.model({last}), Mode::int8);
  EXPECT_EQ(made.ops(), "QUANTIZE CONV_2D DEQUANTIZE CONV_2D CONV_2D");
  EXPECT_THAT(made.notes.kept_float,
              ElementsAre(HasSubstr("no range of 'z'"), HasSubstr("CONV_2D 'last'")));
}

TEST(Learned, a_value_that_others_read_keeps_its_range_in_front_of_a_concatenation) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId shared = net.conv(x, 1);
  const ValueId other = net.conv(x, 2);
  const ValueId joined =
      net.ranged(net.op(op_with<Concatenation>(&Concatenation::axis, 3), {shared, other}), -4, 4);
  const ValueId last = net.conv(shared, 1);
  for (const ValueId id : {shared, other, joined}) {
    net.graph()[id].learned_range = net.graph()[id].range;
  }
  const Converted made =
      with_types(net.model({joined, last}), Mode::int8, DType::int8, DType::int8);
  EXPECT_EQ(made.ops(), "CONV_2D CONV_2D QUANTIZE CONCATENATION CONV_2D");
  EXPECT_FLOAT_EQ(made.output_scale(0), 2.0f / 255);
  EXPECT_FLOAT_EQ(made.output_scale(1), 8.0f / 255);
}

}  // namespace
}  // namespace litesmith
