#include "inspect/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ir/dtype.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <class T>
uint32_t add_constant(tflite::File& file, DType dtype, const std::vector<T>& elements,
                      const std::string& name) {
  file.buffers->push_back({.bytes = {.data = Buffer::of(elements)}, .more = {}});
  tflite::Tensor tensor;
  tensor.type = static_cast<int8_t>(dtype);
  tensor.shape = {static_cast<int32_t>(elements.size())};
  tensor.name = name;
  tensor.buffer = static_cast<uint32_t>(file.buffers->size() - 1);
  file.subgraphs->at(0).tensors->push_back(std::move(tensor));
  return static_cast<uint32_t>(file.subgraphs->at(0).tensors->size() - 1);
}

tflite::File empty_file() {
  tflite::File file;
  file.operator_codes.emplace();
  file.buffers.emplace(1);
  file.subgraphs.emplace(1);
  file.subgraphs->at(0).tensors.emplace();
  file.subgraphs->at(0).operators.emplace();
  file.file_bytes = 1000;
  return file;
}

// What TensorFlow 2.21 prints for a file without operators, seen from its own run.
TEST(Analyzer, a_file_without_operators_has_no_example_and_no_blank_line_before_it) {
  tflite::File file = empty_file();
  add_constant<float>(file, DType::float32, {0.1f, 1e-5f, 123456789.0f, -0.0f, 1}, "f");
  EXPECT_EQ(analyzer_text(file, "x.tflite"),
            "=== x.tflite ===\n"
            "\n"
            "Your TFLite model has '1' subgraph(s). In the subgraph description below,\n"
            "T# represents the Tensor numbers. Subgraph#0() -> []\n"
            "\n"
            "Tensors of Subgraph#0\n"
            "  T#0(f) shape:[5], type:FLOAT32 RO 20 bytes, buffer: 1, "
            "data:[0.1, 1e-05, 1.23457e+08, -0, 1]\n"
            "\n"
            "---------------------------------------------------------------\n"
            "              Model size:       1000 bytes\n"
            "    Non-data buffer size:        980 bytes (98.00 %)\n"
            "  Total data buffer size:         20 bytes (02.00 %)\n"
            "    (Zero value buffers):          0 bytes (00.00 %)\n"
            "\n"
            "* Buffers of TFLite model are mostly used for constant tensors.\n"
            "  And zero value buffers are buffers filled with zeros.\n"
            "  Non-data buffers area are used to store operators, subgraphs and etc.\n"
            "  You can find more details from https://github.com/tensorflow/tensorflow/blob/"
            "master/tensorflow/lite/schema/schema.fbs\n"
            "\n");
}

TEST(Analyzer, unusual_floats_print_as_a_stream_prints_them) {
  tflite::File file = empty_file();
  const float inf = INFINITY;
  add_constant<float>(file, DType::float32, {inf, -inf, std::copysign(NAN, 1.0f)}, "a");
  add_constant<float>(file, DType::float32, {std::copysign(NAN, -1.0f), 1e-40f, 999999.5f}, "b");
  const std::string text = analyzer_text(file, "x");
  EXPECT_THAT(text, HasSubstr("data:[inf, -inf, nan]"));
  EXPECT_THAT(text, HasSubstr("data:[-nan, 9.99995e-41, 1e+06]"));
}

TEST(Analyzer, eight_bit_constants_are_raw_characters_and_the_unprintable_become_dots) {
  tflite::File file = empty_file();
  add_constant<int8_t>(file, DType::int8, {'a', 1, '\n', -1, ',', 0}, "w");
  EXPECT_THAT(analyzer_text(file, "x"), HasSubstr("data:[a, ., \n, ., ,, ...]"));
}

TEST(Analyzer, other_types_show_a_question_mark_pair_a_byte) {
  tflite::File file = empty_file();
  add_constant<int64_t>(file, DType::int64, {7}, "w");
  EXPECT_THAT(analyzer_text(file, "x"), HasSubstr("data:[??, ??, ??, ??, ??, ...]"));
}

TEST(Analyzer, an_int32_operand_shows_its_value_and_an_absent_one_minus_one) {
  tflite::File file = empty_file();
  add_constant<int32_t>(file, DType::int32, {-1, 704}, "shape");
  file.operator_codes->push_back({.deprecated_builtin_code = 22, .builtin_code = 22});
  tflite::Operator op;
  op.inputs = {0, -1};
  op.outputs = {0};
  file.subgraphs->at(0).operators->push_back(op);
  const std::string text = analyzer_text(file, "x");
  EXPECT_THAT(text, HasSubstr("For example, in Subgraph#0, the RESHAPE op takes\n"
                              "tensor #0 and tensor #-1 as input and produces tensor #0 as "
                              "output.\n\n"));
  EXPECT_THAT(text, HasSubstr("  Op#0 RESHAPE(T#0[-1, 704], T#-1) -> [T#0]\n"));
}

TEST(Analyzer, indices_that_lead_nowhere_are_printed_and_not_followed) {
  tflite::File file = empty_file();
  tflite::Operator op;
  op.opcode_index = 9;
  op.inputs = {1000000};
  file.subgraphs->at(0).operators->push_back(op);
  add_constant<int32_t>(file, DType::int32, {1}, "c");
  file.subgraphs->at(0).tensors->at(0).buffer = 77;
  const std::string text = analyzer_text(file, "x");
  EXPECT_THAT(text, HasSubstr("Op#0 (T#1000000)"));
  EXPECT_THAT(text, Not(HasSubstr("RO")));
}

TEST(Analyzer, many_zeros_bring_a_hint) {
  tflite::File file = empty_file();
  add_constant<float>(file, DType::float32, std::vector<float>(26), "z");
  EXPECT_THAT(analyzer_text(file, "x"), HasSubstr("_experimental_unfold_large_splat_constant"));
  file.file_bytes = 2000;
  EXPECT_THAT(analyzer_text(file, "x"), Not(HasSubstr("unfold_large_splat")));
}

}  // namespace
}  // namespace litesmith
