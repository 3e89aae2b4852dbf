#include "formats/onnx/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/onnx/model_writer.h"
#include "formats/onnx/operators.h"
#include "ir/graph.h"
#include "ops/transpose_conv.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using namespace testing;  // the writer of small files
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Model read(const std::string& file, const OnnxOptions& options = {}) {
  const auto bytes = std::as_bytes(std::span(file.data(), file.size()));
  return read_onnx(SharedBytes::take({bytes.begin(), bytes.end()}), "test.onnx", options);
}

std::string refusal(ErrorCode code, const std::string& file, const OnnxOptions& options = {}) {
  return thrown_message(code, [&] { read(file, options); });
}

// A convolution of one channel to one, 1x1.
std::string convolution(const std::vector<uint64_t>& shape) {
  std::vector<uint64_t> weights(shape.size(), 1);
  return model(node("Conv", {"x", "w"}, {"y"}) + input("x", shape) + output("y") +
               initializer("w", weights, {2}));
}

TEST(ReadOnnx, elementwise_models_keep_their_layout) {
  const Model made =
      read(model(node("Relu", {"x"}, {"y"}) + input("x", {2, 3, 4, 5}) + output("y")));
  EXPECT_THAT(made.graph[made.graph.inputs[0]].shape, ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(made.graph[made.graph.outputs[0]].name, "y");
  EXPECT_EQ(made.signatures.at(0).inputs.at(0).name, "x");
}

TEST(ReadOnnx, images_become_channels_last) {
  const Model made = read(convolution({2, 1, 4, 5}));
  EXPECT_EQ(made.graph.nodes.size(), 1u);
  EXPECT_THAT(made.graph[made.graph.inputs[0]].shape, ElementsAre(2, 4, 5, 1));
  EXPECT_THAT(made.graph[made.graph.outputs[0]].shape, ElementsAre(2, 4, 5, 1));
  const Model kept = read(convolution({2, 1, 4, 5}), {.keep_nchw = true});
  EXPECT_THAT(kept.graph[kept.graph.inputs[0]].shape, ElementsAre(2, 1, 4, 5));
  EXPECT_THAT(kept.graph[kept.graph.outputs[0]].shape, ElementsAre(2, 1, 4, 5));
}

TEST(ReadOnnx, sequences_are_asked_for) {
  const std::string file = convolution({2, 1, 9});
  EXPECT_THAT(refusal(ErrorCode::unsupported, file), HasSubstr("--sequence-input"));
  const Model last = read(file, {.sequence = SequenceLayout::channels_last});
  EXPECT_THAT(last.graph[last.graph.inputs[0]].shape, ElementsAre(2, 9, 1));
  const Model first = read(file, {.sequence = SequenceLayout::channels_first});
  EXPECT_THAT(first.graph[first.graph.inputs[0]].shape, ElementsAre(2, 1, 9));
}

TEST(ReadOnnx, the_batch_may_stay_open_and_nothing_else) {
  const Model made = read(convolution({0, 1, 4, 5}));
  EXPECT_THAT(made.graph[made.graph.inputs[0]].shape, ElementsAre(kDynamic, 4, 5, 1));
  EXPECT_THAT(refusal(ErrorCode::unsupported, convolution({0, 1, 0, 5})),
              HasSubstr("--dimension open=SIZE"));
  const Model given = read(convolution({2, 1, 0, 5}), {.dimensions = {{"open", 7}}});
  EXPECT_THAT(given.graph[given.graph.inputs[0]].shape, ElementsAre(2, 7, 5, 1));
}

TEST(ReadOnnx, transposes_of_transposes_leave_nothing) {
  const Model made =
      read(model(node("Transpose", {"x"}, {"t"}) + node("Relu", {"t"}, {"r"}) +
                 node("Transpose", {"r"}, {"y"}) + input("x", {2, 3}) + output("y")));
  EXPECT_EQ(made.graph.nodes.size(), 1u);
}

TEST(ReadOnnx, every_finding_is_named_and_what_follows_is_not) {
  const std::string said = refusal(
      ErrorCode::unsupported,
      model(node("Strange", {"x"}, {"a"}, "first") + node("Relu", {"a"}, {"b"}, "second") +
            node("Odd", {"x"}, {"c"}, "third") + input("x", {2}) + output("b") + output("c")));
  EXPECT_THAT(said, AllOf(HasSubstr("'first' (Strange)"), HasSubstr("'third' (Odd)"),
                          Not(HasSubstr("'second'"))));
}

TEST(ReadOnnx, cycles_are_named) {
  const std::string said = refusal(
      ErrorCode::format, model(node("Add", {"x", "b"}, {"a"}, "one") +
                               node("Relu", {"a"}, {"b"}, "two") + input("x", {2}) + output("b")));
  EXPECT_THAT(said, AllOf(HasSubstr("cycle"), HasSubstr("'one'"), HasSubstr("'two'")));
}

TEST(ReadOnnx, values_are_made_once_and_before_they_are_read) {
  EXPECT_THAT(
      refusal(ErrorCode::format, model(node("Relu", {"x"}, {"x"}) + input("x", {2}) + output("x"))),
      HasSubstr("already has a value"));
  EXPECT_THAT(
      refusal(ErrorCode::format, model(node("Relu", {"z"}, {"y"}) + input("x", {2}) + output("y"))),
      HasSubstr("which nothing makes"));
}

TEST(ReadOnnx, opsets_beyond_those_known_are_refused) {
  const std::string graph = node("Relu", {"x"}, {"y"}) + input("x", {2}) + output("y");
  for (const uint64_t opset : {5, 29}) {
    EXPECT_THAT(refusal(ErrorCode::unsupported, model(graph, opset)), HasSubstr("opsets 6 to 28"));
  }
}

// Zeros never win where nothing is below them; elsewhere the border's own elements do no harm. The
// lowest float would leave a quantized tensor no precision.
TEST(ReadOnnx, padding_of_maxima_keeps_the_range_of_the_tensor) {
  auto ops = [](const std::string& before) {
    // A pool of 3 by 3 with one row and column of padding in front alone.
    auto integers = [](std::string_view name, const std::vector<uint64_t>& values) {
      std::string result = bytes(1, name) + number(20, 7);
      for (const uint64_t value : values) result += number(8, value);
      return bytes(5, result);
    };
    std::string pool = bytes(1, before.empty() ? "x" : "r") + bytes(2, "y") + bytes(4, "MaxPool");
    pool += integers("kernel_shape", {3, 3}) + integers("pads", {1, 1, 0, 0});
    const Model made =
        read(model(before + bytes(1, pool) + input("x", {1, 2, 6, 6}) + output("y")));
    std::vector<std::string_view> names;
    for (const auto& each : made.graph.nodes) names.push_back(each.def().name);
    return names;
  };
  EXPECT_THAT(ops(node("Relu", {"x"}, {"r"})), ElementsAre("RELU", "PAD", "MAX_POOL_2D"));
  EXPECT_THAT(ops(node("Tanh", {"x"}, {"r"})), ElementsAre("TANH", "MIRROR_PAD", "MAX_POOL_2D"));
  EXPECT_THAT(ops(""), ElementsAre("MIRROR_PAD", "MAX_POOL_2D"));
}

TEST(ReadOnnx, gelu_written_out_is_recognised) {
  auto file = [](float root) {
    return model(node("Div", {"x", "root"}, {"r"}) + node("Erf", {"r"}, {"e"}) +
                 node("Add", {"e", "one"}, {"a"}) + node("Mul", {"x", "a"}, {"m"}) +
                 node("Mul", {"m", "half"}, {"y"}) + initializer("root", {}, {root}) +
                 initializer("one", {}, {1}) + initializer("half", {1}, {0.5f}) +
                 input("x", {2, 3}) + output("y"));
  };
  const Model made = read(file(1.41421356f));
  ASSERT_EQ(made.graph.nodes.size(), 1u);
  EXPECT_EQ(made.graph.nodes[0].def().name, "GELU");
  EXPECT_GT(read(file(1.5f)).graph.nodes.size(), 10u);
}

TEST(ReadOnnx, a_transposed_convolution_is_for_one_batch) {
  const std::string graph = node("ConvTranspose", {"x", "w"}, {"y"}) + input("x", {0, 1, 4, 4}) +
                            output("y") + initializer("w", {1, 1, 1, 1}, {2});
  const Model made = read(model(graph));
  EXPECT_THAT(made.graph[made.graph.inputs[0]].shape, ElementsAre(1, 4, 4, 1));
  const Model given = read(model(graph), {.dimensions = {{"open", 3}}});
  EXPECT_THAT(given.graph[given.graph.inputs[0]].shape, ElementsAre(3, 4, 4, 1));
}

// Of one channel to one, from 4 by 4; lists of integers by name.
std::string transposed_convolution(
    const std::vector<uint64_t>& kernel,
    const std::vector<std::pair<std::string, std::vector<uint64_t>>>& attributes) {
  std::string made = bytes(1, "x") + bytes(1, "w") + bytes(2, "y") + bytes(4, "ConvTranspose");
  for (const auto& [name, values] : attributes) {
    std::string attribute = bytes(1, name) + number(20, 7);
    for (const uint64_t value : values) attribute += number(8, value);
    made += bytes(5, attribute);
  }
  const std::vector<uint64_t> weights = {1, 1, kernel[0], kernel[1]};
  std::vector<float> elements;
  for (uint64_t i = 0; i < kernel[0] * kernel[1]; ++i) {
    elements.push_back(static_cast<float>(i + 1));
  }
  return model(bytes(1, made) + input("x", {1, 1, 4, 4}) + output("y") +
               initializer("w", weights, elements));
}

TEST(ReadOnnx, padding_that_is_same_in_LiteRT_is_not_cut_away_afterwards) {
  auto nodes = [](const std::vector<uint64_t>& pads) {
    return read(transposed_convolution({4, 4}, {{"strides", {2, 2}}, {"pads", pads}})).graph.nodes;
  };
  const auto same = nodes({1, 1, 1, 1});
  ASSERT_EQ(same.size(), 1u);
  EXPECT_EQ(same[0].as<TransposeConv>()->padding, Padding::same);
  const auto valid = nodes({0, 0, 0, 0});
  ASSERT_EQ(valid.size(), 1u);
  EXPECT_EQ(valid[0].as<TransposeConv>()->padding, Padding::valid);
  const auto cropped = nodes({2, 2, 0, 0});
  ASSERT_EQ(cropped.size(), 2u);
  EXPECT_EQ(cropped[0].as<TransposeConv>()->padding, Padding::valid);
  EXPECT_EQ(cropped[1].def().name, "SLICE");
}

TEST(ReadOnnx, dilations_of_a_transposed_convolution_are_zeros_in_its_filter) {
  const Model made = read(transposed_convolution({2, 2}, {{"dilations", {1, 3}}}));
  ASSERT_EQ(made.graph.nodes.size(), 1u);
  const Value& filter = made.graph[made.graph.nodes[0].inputs[1]];
  EXPECT_THAT(filter.shape, ElementsAre(1, 2, 4, 1));
  EXPECT_THAT(filter.elements<float>(), ElementsAre(1, 0, 0, 2, 3, 0, 0, 4));
  EXPECT_THAT(refusal(ErrorCode::unsupported,
                      transposed_convolution({2, 2}, {{"dilations", {1 << 20, 1 << 20}}})),
              HasSubstr("dilations"));
}

TEST(ReadOnnx, resizing_by_a_cubic_is_two_matrices_of_bounded_size) {
  auto file = [](float scale, uint64_t size) {
    std::string resize = bytes(1, "x") + bytes(1, "") + bytes(1, "s") + bytes(2, "y") +
                         bytes(4, "Resize") +
                         bytes(5, bytes(1, "mode") + bytes(4, "cubic") + number(20, 3));
    return model(bytes(1, resize) + input("x", {1, 2, size, size}) + output("y") +
                 initializer("s", {4}, {1, 1, scale, scale}));
  };
  const Model made = read(file(2, 4));
  const Value& matrix = made.graph[made.graph.nodes[1].inputs[1]];
  EXPECT_EQ(made.graph.nodes[1].def().name, "FULLY_CONNECTED");
  ASSERT_THAT(matrix.shape, ElementsAre(8, 4));
  // Output 3 lies at 1.25: Keys's four weights at distances of 1.25, 0.25, 0.75 and 1.75.
  const auto weights = matrix.elements<float>().subspan(12, 4);
  EXPECT_THAT(weights, ElementsAre(-0.10546875f, 0.87890625f, 0.26171875f, -0.03515625f));
  EXPECT_THAT(refusal(ErrorCode::unsupported, file(1.5f, 4096)), HasSubstr("by this filter"));
}

TEST(ReadOnnx, elements_must_fit_their_shape) {
  const std::string graph = node("Add", {"x", "w"}, {"y"}) + input("x", {2}) + output("y");
  EXPECT_THAT(refusal(ErrorCode::format, model(graph + initializer("w", {3}, {1, 2}))),
              HasSubstr("initializer 'w'"));
  EXPECT_THAT(
      refusal(ErrorCode::format, model(graph + initializer("w", {1ull << 31, 1ull << 31}, {1}))),
      HasSubstr("initializer 'w'"));
}

TEST(ReadOnnx, damaged_files_are_refused) {
  const std::string whole = convolution({2, 1, 4, 5});
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(read(whole.substr(0, size)), Error) << size;
  }
}

TEST(OnnxOperators, are_listed_by_name) {
  std::string_view last;
  for (const onnx::Operator& each : onnx::all_operators()) {
    EXPECT_LT(last, each.name);
    EXPECT_EQ(onnx::find_operator(each.name), &each);
    last = each.name;
  }
  EXPECT_EQ(onnx::find_operator("Strange"), nullptr);
}

}  // namespace
}  // namespace litesmith
