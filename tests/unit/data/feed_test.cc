#include "data/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/sample_shape.h"
#include "testing/arrays.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Input {
  std::string name;
  DType dtype;
  Shape shape;
  Quantization quantization = {};
};

Model model_of(const std::vector<Input>& inputs) {
  Model model;
  for (const Input& input : inputs) {
    Value value{.name = input.name, .dtype = input.dtype, .shape = input.shape};
    value.quantization = input.quantization;
    model.graph.inputs.push_back(model.graph.add(std::move(value)));
  }
  return model;
}

Dataset floats(std::vector<int64_t> shape) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return Dataset::of({{"", array_of(std::move(shape), values)}}, "x.npy");
}

template <class T>
std::vector<T> filled(const Feed& feed, size_t run, size_t input = 0) {
  std::vector<T> out(
      static_cast<size_t>(element_count(feed.graph()[feed.graph().inputs[input]].shape)));
  feed.fill(run, input, std::as_writable_bytes(std::span(out)));
  return out;
}

// Text of one byte an element.
NpyArray texts(std::vector<int64_t> shape, const std::string& characters) {
  NpyArray array =
      array_of(std::move(shape), std::vector<int8_t>(characters.begin(), characters.end()));
  array.dtype = DType::string;
  array.text_width = 1;
  return array;
}

TEST(Feed, gives_text_to_an_input_of_text) {
  const Model model = model_of({{"x", DType::string, {1, 2}}});
  const Feed feed(Dataset::of({{"", texts({3, 2}, "abcdef")}}, "x.npy"), model);
  EXPECT_EQ(feed.runs(), 3u);
  EXPECT_THAT(feed.texts(1, 0), ElementsAre("c", "d"));
}

TEST(Feed, refuses_text_for_numbers_and_numbers_for_text) {
  const Model numbers = model_of({{"x", DType::float32, {1, 2}}});
  const Dataset text = Dataset::of({{"", texts({3, 2}, "abcdef")}}, "x.npy");
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { Feed(text, numbers); }),
              HasSubstr("holds text, but input 'x' takes float32 numbers"));
  const Model words = model_of({{"x", DType::string, {1, 2}}});
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [&] {
                               Feed(floats({3, 2}), words);
                             }),
              HasSubstr("input 'x' takes text, not float32 numbers"));
}

TEST(Feed, of_a_model_without_inputs_runs_once) {
  EXPECT_EQ(Feed(Dataset::of_nothing(), model_of({})).runs(), 1u);
  EXPECT_THAT(
      thrown_message(ErrorCode::data,
                     [] {
                       Feed(Dataset::of_nothing(), model_of({{"x", DType::float32, {1, 2}}}));
                     }),
      HasSubstr("the model has inputs"));
}

TEST(Feed, gives_a_scalar_input_one_number_a_sample) {
  const Feed feed(floats({4}), model_of({{"x", DType::float32, {}}}));
  EXPECT_EQ(feed.runs(), 4u);
  EXPECT_THAT(filled<float>(feed, 2), ElementsAre(2));
}

TEST(SampleShape, dimensions_of_one_may_come_and_go) {
  const std::vector<int64_t> sample = {50, 13};
  EXPECT_FALSE(fit_sample_shape(sample, {50, 13, 1})->exact);
  EXPECT_FALSE(fit_sample_shape(sample, {1, 50, 1, 13})->exact);
  EXPECT_TRUE(fit_sample_shape(sample, {50, 13})->exact);
  EXPECT_FALSE(fit_sample_shape(sample, {13, 50}).has_value());
  EXPECT_FALSE(fit_sample_shape(sample, {650}).has_value());
  EXPECT_FALSE(fit_sample_shape(sample, {50}).has_value());
  EXPECT_FALSE(fit_sample_shape({}, {1})->exact);
}

TEST(SampleShape, dynamic_dimensions_take_the_samples_sizes) {
  const std::vector<int64_t> sample = {50, 13};
  EXPECT_EQ(fit_sample_shape(sample, {kDynamic, 13})->shape, (Shape{50, 13}));
  EXPECT_EQ(fit_sample_shape(sample, {kDynamic, 13, kDynamic})->shape, (Shape{50, 13, 1}));
  const std::vector<int64_t> huge = {1LL << 40};
  EXPECT_FALSE(fit_sample_shape(huge, {kDynamic}).has_value());
}

TEST(Feed, a_dynamic_batch_is_one_sample_a_run) {
  const Feed feed(floats({3, 2}), model_of({{"x", DType::float32, {kDynamic, 2}}}));
  EXPECT_EQ(feed.runs(), 3u);
  EXPECT_EQ(feed.graph()[feed.graph().inputs[0]].shape, (Shape{1, 2}));
  EXPECT_THAT(filled<float>(feed, 2), ElementsAre(4, 5));
  EXPECT_THAT(feed.notes(), IsEmpty());
}

TEST(Feed, a_fixed_batch_is_filled_and_the_last_run_repeats_its_last_sample) {
  const Feed feed(floats({5, 1}), model_of({{"x", DType::float32, {3, 1}}}));
  EXPECT_EQ(feed.runs(), 2u);
  EXPECT_THAT(filled<float>(feed, 0), ElementsAre(0, 1, 2));
  EXPECT_THAT(filled<float>(feed, 1), ElementsAre(3, 4, 4));
  EXPECT_EQ(feed.samples_in(0), 3u);
  EXPECT_EQ(feed.samples_in(1), 2u);
}

TEST(Feed, the_callers_batch_wins_over_a_dynamic_one_only) {
  const Dataset data = floats({4, 1});
  EXPECT_EQ(Feed(data, model_of({{"x", DType::float32, {kDynamic, 1}}}), {.batch = 2}).batch(), 2u);
  EXPECT_EQ(Feed(data, model_of({{"x", DType::float32, {3, 1}}}), {.batch = 2}).batch(), 3u);
}

TEST(Feed, inputs_without_a_common_first_dimension_take_whole_samples) {
  const Dataset data = Dataset::of(
      {{"a", array_of<float>({2, 3}, {0, 1, 2, 3, 4, 5})}, {"b", array_of<float>({2}, {6, 7})}},
      "x.npz");
  const Feed feed(data, model_of({{"a", DType::float32, {3}}, {"b", DType::float32, {}}}));
  EXPECT_EQ(feed.runs(), 2u);
  EXPECT_THAT(filled<float>(feed, 1, 0), ElementsAre(3, 4, 5));
  EXPECT_THAT(filled<float>(feed, 1, 1), ElementsAre(7));
}

TEST(Feed, a_shape_that_differs_by_ones_is_accepted_and_noted) {
  const Feed feed(floats({2, 2, 3}), model_of({{"x", DType::float32, {kDynamic, 2, 3, 1}}}));
  EXPECT_THAT(feed.notes(), ElementsAre(HasSubstr("samples of shape [2, 3]")));
}

TEST(Feed, a_shape_that_does_not_fit_is_refused_with_both_shapes) {
  const Model model = model_of({{"x", DType::float32, {kDynamic, 50, 13, 1}}});
  const std::string message = thrown_message(ErrorCode::data, [&] {
    Feed(floats({4, 40, 13}), model);
  });
  EXPECT_THAT(message, HasSubstr("'x.npy' does not fit the model"));
  EXPECT_THAT(message, HasSubstr("samples of shape [40, 13] (the array is float32 [4, 40, 13])"));
  EXPECT_THAT(message, HasSubstr("takes [50, 13, 1] (its shape is [?, 50, 13, 1])"));
}

TEST(Feed, the_usual_slips_of_shape_get_advice) {
  const Model model = model_of({{"x", DType::float32, {kDynamic, 5, 3, 1}}});
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [&] {
                               Feed(floats({5, 3, 1}), model);
                             }),
              HasSubstr("np.newaxis"));
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [&] {
                               Feed(floats({2, 3, 5, 1}), model);
                             }),
              HasSubstr("transpose"));
}

TEST(Feed, several_inputs_find_their_arrays_by_any_of_their_names) {
  Model model = model_of({{"serving_default_sound:0", DType::float32, {kDynamic, 1}},
                          {"tensor_7", DType::float32, {kDynamic, 1}}});
  model.signatures.push_back(
      {.key = "serving_default", .inputs = {{"mask", model.graph.inputs[1]}}, .outputs = {}});
  const Dataset data = Dataset::of({{"mask", array_of<float>({1, 1}, {1})},
                                    {"other", array_of<float>({1}, {3})},
                                    {"sound", array_of<float>({1, 1}, {2})}},
                                   "x.npz");
  const Feed feed(data, model);
  EXPECT_THAT(filled<float>(feed, 0, 0), ElementsAre(2));
  EXPECT_THAT(filled<float>(feed, 0, 1), ElementsAre(1));
  EXPECT_THAT(feed.notes(), ElementsAre(HasSubstr("array 'other' is no input")));
}

TEST(Feed, arrays_saved_without_names_go_in_order) {
  const Model model = model_of({{"a", DType::float32, {1}}, {"b", DType::float32, {1}}});
  const Dataset data = Dataset::of(
      {{"arr_0", array_of<float>({1}, {1})}, {"arr_1", array_of<float>({1}, {2})}}, "x.npz");
  const Feed feed(data, model);
  EXPECT_THAT(filled<float>(feed, 0, 1), ElementsAre(2));
  EXPECT_THAT(feed.notes(), ElementsAre(HasSubstr("in order: 'a', 'b'")));
}

TEST(Feed, a_missing_input_is_named_with_what_there_is) {
  const Model model = model_of({{"a", DType::float32, {1}}, {"b", DType::float32, {1}}});
  const Dataset data = Dataset::of({{"a", array_of<float>({1}, {1})}}, "x.npz");
  const std::string message = thrown_message(ErrorCode::data, [&] { Feed(data, model); });
  EXPECT_THAT(message, HasSubstr("no array for input 'b'"));
  EXPECT_THAT(message, HasSubstr("inputs are 'a', 'b', the arrays 'a'"));
}

const Quantization kHalfSteps = {{0.5f}, {-10}, 0};

TEST(Feed, floats_are_quantized_with_the_files_own_parameters) {
  const Feed feed(floats({2, 2}), model_of({{"x", DType::int8, {kDynamic, 2}, kHalfSteps}}));
  EXPECT_THAT(filled<int8_t>(feed, 1), ElementsAre(-6, -4));
}

TEST(Feed, integers_of_the_files_own_type_pass_unchanged) {
  const Dataset data = Dataset::of({{"", array_of<int8_t>({1, 2}, {-128, 5})}}, "x.npy");
  const Feed feed(data, model_of({{"x", DType::int8, {kDynamic, 2}, kHalfSteps}}));
  EXPECT_THAT(filled<int8_t>(feed, 0), ElementsAre(-128, 5));
  EXPECT_THAT(feed.notes(), IsEmpty());
}

TEST(Feed, integers_of_another_type_are_real_numbers_and_noted) {
  const Dataset data = Dataset::of({{"", array_of<uint8_t>({1, 2}, {2, 200})}}, "x.npy");
  const Feed feed(data, model_of({{"x", DType::int8, {kDynamic, 2}, kHalfSteps}}));
  EXPECT_THAT(filled<int8_t>(feed, 0), ElementsAre(-6, 127));
  EXPECT_THAT(feed.notes(), ElementsAre(HasSubstr("real numbers")));
}

TEST(Feed, a_numpy_cast_ignores_scale_and_zero_point) {
  const Dataset data = Dataset::of({{"", array_of<float>({1, 2}, {-1.9f, 300})}}, "x.npy");
  const Feed feed(data, model_of({{"x", DType::uint8, {kDynamic, 2}, kHalfSteps}}),
                  {.entry = Entry::numpy_cast});
  EXPECT_THAT(filled<uint8_t>(feed, 0), ElementsAre(255, 44));
}

TEST(Feed, plain_integer_inputs_take_floats_that_hold_integers) {
  const Feed feed(floats({2, 1}), model_of({{"x", DType::int32, {kDynamic, 1}}}));
  EXPECT_THAT(filled<int32_t>(feed, 1), ElementsAre(1));
  const Dataset halves = Dataset::of({{"", array_of<float>({2, 1}, {1, 0.5f})}}, "x.npy");
  const Feed bad(halves, model_of({{"x", DType::int32, {kDynamic, 1}}}));
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { filled<int32_t>(bad, 1); }),
              HasSubstr("'x.npy', sample 1: the array holds 0.5"));
}

TEST(Feed, integers_too_large_for_the_input_are_refused) {
  const Dataset data = Dataset::of({{"", array_of<int64_t>({1, 1}, {300})}}, "x.npy");
  const Feed feed(data, model_of({{"x", DType::uint8, {kDynamic, 1}}}));
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { filled<uint8_t>(feed, 0); }),
              HasSubstr("300 does not fit"));
}

TEST(Feed, rows_are_those_of_the_file_after_a_draw) {
  const Feed feed(floats({4, 1}).select({2, 3}), model_of({{"x", DType::float32, {kDynamic, 1}}}));
  EXPECT_THAT(filled<float>(feed, 0), ElementsAre(2));
  EXPECT_EQ(feed.runs(), 2u);
}

}  // namespace
}  // namespace litesmith
