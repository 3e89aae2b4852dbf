// Which parameters values get from each other.
#include "quantize/assign.h"

#include <gmock/gmock.h>

#include "ops/arrange.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "quantize/network.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::CalibratedBuilder;
using testing::op_with;

Concatenation along_channels() { return op_with<Concatenation>(&Concatenation::axis, 3); }

Assignment assign(CalibratedBuilder& net, Scheme scheme, std::vector<ValueId> outputs) {
  const Graph graph = net.model(outputs).graph;
  std::vector<bool> able;
  for (const Node& node : graph.nodes) {
    const QuantSpec& spec = node.def().quant;
    able.push_back(scheme == Scheme::int8 ? spec.int8 : spec.int16);
  }
  return assign_parameters(graph, scheme, able);
}

const Quantization& of(const Assignment& assignment, ValueId id) {
  return *assignment.parameters.at(static_cast<size_t>(id.index));
}

TEST(Assign, a_value_takes_its_own_range) {
  CalibratedBuilder net;
  const ValueId y = net.conv(net.image(), 3);
  EXPECT_EQ(of(assign(net, Scheme::int8, {y}), y), activation_parameters({-3, 3}, Scheme::int8));
}

TEST(Assign, a_pool_takes_its_input_s_parameters_and_needs_no_range) {
  CalibratedBuilder net;
  const ValueId x = net.conv(net.image(), 3);
  const ValueId y = net.op(MaxPool2D{}, {x});
  for (const Scheme scheme : {Scheme::int8, Scheme::int16x8}) {
    const Assignment assignment = assign(net, scheme, {y});
    EXPECT_EQ(of(assignment, y), of(assignment, x));
  }
}

TEST(Assign, int8_concatenation_gives_its_range_to_its_operands) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId a = net.conv(x, 3);
  const ValueId b = net.conv(x, 5);
  const ValueId y = net.ranged(net.op(along_channels(), {a, b}), -5, 5);
  const Assignment assignment = assign(net, Scheme::int8, {y});
  EXPECT_EQ(of(assignment, y), activation_parameters({-5, 5}, Scheme::int8));
  EXPECT_EQ(of(assignment, a), of(assignment, y));
  EXPECT_EQ(of(assignment, b), of(assignment, y));
}

TEST(Assign, int8_concatenation_reaches_back_through_a_pool) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId a = net.conv(x, 3);
  const ValueId pooled = net.ranged(net.op(MaxPool2D{}, {a}), -3, 3);
  const ValueId b = net.op(MaxPool2D{}, {net.conv(x, 5)});
  const ValueId y = net.ranged(net.op(along_channels(), {pooled, b}), -5, 5);
  const Assignment assignment = assign(net, Scheme::int8, {y});
  EXPECT_EQ(of(assignment, a), of(assignment, y));
  EXPECT_EQ(of(assignment, pooled), of(assignment, y));
}

TEST(Assign, int16x8_concatenation_leaves_its_operands_alone) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId a = net.conv(x, 3);
  const ValueId y = net.ranged(net.op(along_channels(), {a, net.conv(x, 5)}), -5, 5);
  EXPECT_EQ(of(assign(net, Scheme::int16x8, {y}), a),
            activation_parameters({-3, 3}, Scheme::int16x8));
}

TEST(Assign, of_two_concatenations_the_later_one_wins_a_shared_operand) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId shared = net.conv(x, 1);
  const ValueId first = net.ranged(net.op(along_channels(), {shared, net.conv(x, 3)}), -3, 3);
  const ValueId second = net.ranged(net.op(along_channels(), {shared, net.conv(x, 5)}), -5, 5);
  const Assignment assignment = assign(net, Scheme::int8, {first, second});
  EXPECT_EQ(of(assignment, shared), of(assignment, second));
}

TEST(Assign, a_fixed_scale_is_not_overruled) {
  CalibratedBuilder net;
  const ValueId x = net.conv(net.image(), 3);
  const ValueId probability = net.ranged(net.op(Logistic{}, {x}), 0, 1);
  const ValueId y = net.ranged(net.op(along_channels(), {probability, x}), -3, 3);
  const Assignment assignment = assign(net, Scheme::int8, {y});
  EXPECT_EQ(of(assignment, probability), (Quantization{{1.0f / 256}, {-128}, 0}));
  EXPECT_EQ(of(assignment, x), of(assignment, y));
}

TEST(Assign, softmax_is_never_asked_for_its_range) {
  CalibratedBuilder net;
  const ValueId y = net.op(Softmax{}, {net.conv(net.image(), 3)});
  EXPECT_EQ(of(assign(net, Scheme::int8, {y}), y), (Quantization{{1.0f / 256}, {-128}, 0}));
  EXPECT_EQ(of(assign(net, Scheme::int16x8, {y}), y), (Quantization{{1.0f / 32768}, {0}, 0}));
}

TEST(Assign, int8_concatenation_of_a_float_op_s_result_stays_float) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId a = net.ranged(net.op(Elu{}, {net.conv(x, 3)}), -1, 3);
  const ValueId b = net.conv(x, 5);
  const ValueId y = net.ranged(net.op(along_channels(), {a, b}), -5, 5);
  const Assignment assignment = assign(net, Scheme::int8, {y});
  EXPECT_THAT(assignment.is_quantized, ::testing::ElementsAre(true, false, true, false));
  EXPECT_EQ(of(assignment, b), activation_parameters({-5, 5}, Scheme::int8)) << "it still leads";
}

TEST(Assign, int8_pool_of_a_float_op_s_result_is_quantized_unless_something_leads_it) {
  CalibratedBuilder free;
  const ValueId elu = free.ranged(free.op(Elu{}, {free.image()}), -1, 1);
  EXPECT_THAT(assign(free, Scheme::int8, {free.op(MaxPool2D{}, {elu})}).is_quantized,
              ::testing::ElementsAre(false, true));

  CalibratedBuilder led;
  const ValueId x = led.image();
  const ValueId made = led.ranged(led.op(Elu{}, {x}), -1, 1);
  const ValueId pool = led.ranged(led.op(MaxPool2D{}, {made}), -1, 1);
  const ValueId other = led.op(MaxPool2D{}, {led.conv(x, 5)});
  const ValueId y = led.ranged(led.op(along_channels(), {pool, other}), -5, 5);
  EXPECT_THAT(assign(led, Scheme::int8, {y}).is_quantized,
              ::testing::ElementsAre(false, false, true, true, true));
}

TEST(Assign, every_value_without_a_range_is_named_at_once) {
  CalibratedBuilder net;
  const ValueId x = net.input("pixels", {1, 4, 4, 2});
  const ValueId y =
      net.op(Conv2D{}, {x, net.floats({1, 1, 1, 2}, {1, 2}), net.floats({1}, {1})}, "features");
  EXPECT_THAT(assign(net, Scheme::int8, {y}).missing, ::testing::ElementsAre(x, y));
  const Model model = net.model({y});
  const std::string message =
      thrown_message(ErrorCode::data, [&] { testing::converted(model, Mode::int8); });
  EXPECT_THAT(message, ::testing::HasSubstr("pixels"));
  EXPECT_THAT(message, ::testing::HasSubstr("features"));
}

}  // namespace
}  // namespace litesmith
