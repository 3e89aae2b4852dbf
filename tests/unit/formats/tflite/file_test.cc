#include "formats/tflite/file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "formats/tflite/table.h"
#include "formats/tflite/test_bytes.h"

namespace litesmith::tflite {
namespace {

using testing::write;

// A file with something in every field.
File full_file() {
  Quantization quantization;
  quantization.min = {-1.5f};
  quantization.max = {2.5f, 3.5f};
  quantization.scale = {0.5f, 0.25f};
  quantization.zero_point = {-3, 7};
  quantization.quantized_dimension = 2;
  quantization.details.tag = 2;
  quantization.details.table.emplace();
  quantization.details.table->add(0, int32_t{5});
  quantization.details.table->add(2, int32_t{32});

  Sparsity sparsity;
  sparsity.traversal_order = {0, 1};
  sparsity.block_map = std::vector<int32_t>();
  sparsity.dim_metadata.emplace(2);
  sparsity.dim_metadata->at(0).dense_size = 4;
  sparsity.dim_metadata->at(1).format = 1;
  sparsity.dim_metadata->at(1).array_segments.tag = 2;
  sparsity.dim_metadata->at(1).array_segments.table.emplace();
  sparsity.dim_metadata->at(1).array_segments.table->add(0, std::vector<uint16_t>{0, 2, 3});

  Tensor tensor;
  tensor.shape = {1, 2};
  tensor.type = 9;
  tensor.buffer = 1;
  tensor.name = "weights \xc3\xa9";
  tensor.quantization = quantization;
  tensor.is_variable = true;
  tensor.sparsity = sparsity;
  tensor.shape_signature = {-1, 2};
  tensor.has_rank = true;
  tensor.variant_tensors.emplace(1);
  tensor.variant_tensors->at(0).shape = {3};
  tensor.variant_tensors->at(0).type = 2;
  tensor.external_buffer = 4;

  Operator op;
  op.opcode_index = 1;
  op.inputs = {0, -1};
  op.outputs = {1};
  op.options.tag = 1;
  op.options.table.emplace();
  op.options.table->add(0, int8_t{1});
  op.options.table->add(1, int32_t{2});
  op.custom_options.data = Buffer::of(std::vector<uint8_t>{1, 2, 3});
  op.mutating_variable_inputs = {0, 1};
  op.intermediates = {2};
  op.options_2.tag = 4;
  op.options_2.table.emplace();
  op.options_2.table->add(0, std::vector<int64_t>{1, -1});
  op.debug_metadata_index = 3;

  File file;
  file.operator_codes.emplace(2);
  file.operator_codes->at(0).custom_code = "Custom";
  file.operator_codes->at(0).deprecated_builtin_code = 32;
  file.operator_codes->at(0).builtin_code = 32;
  file.operator_codes->at(1).version = 5;
  file.subgraphs.emplace(2);
  file.subgraphs->at(0).tensors.emplace(3);
  file.subgraphs->at(0).tensors->at(0) = tensor;
  file.subgraphs->at(0).inputs = {0};
  file.subgraphs->at(0).outputs = std::vector<int32_t>();
  file.subgraphs->at(0).operators = {op};
  file.subgraphs->at(0).name = "main";
  file.subgraphs->at(0).debug_metadata_index = 0;
  file.description = "";
  file.buffers.emplace(5);
  file.buffers->at(1).bytes.data = Buffer::of(std::vector<uint8_t>(33, 7));
  file.buffers->at(2).bytes.data = Buffer::of(std::vector<uint8_t>());
  file.buffers->at(3).bytes.data = Buffer::of(std::vector<uint8_t>{9, 9});
  file.buffers->at(4).bytes = {.data = Buffer::of(std::vector<uint8_t>(100, 3)), .outside = true};
  file.metadata_buffer = {3};
  file.metadata.emplace(1);
  file.metadata->at(0).name = "note";
  file.metadata->at(0).buffer = 3;
  file.signature_defs.emplace(1);
  file.signature_defs->at(0).inputs.emplace(1);
  file.signature_defs->at(0).inputs->at(0).name = "x";
  file.signature_defs->at(0).outputs.emplace();
  file.signature_defs->at(0).signature_key = "serve";
  file.signature_defs->at(0).deprecated_tag = "old";
  file.signature_defs->at(0).subgraph_index = 1;
  file.external_buffer_groups.emplace(1);
  file.external_buffer_groups->at(0).name = "weights.bin";
  file.external_buffers.emplace(1);
  file.external_buffers->at(0).id = 4;
  file.external_buffers->at(0).offset = 1ull << 40;
  file.external_buffers->at(0).length = 77;
  file.external_buffers->at(0).packing = "none";
  return file;
}

TEST(TfliteFile, every_field_survives) {
  const File file = full_file();
  const auto bytes = write(file);
  const File back = read_file(SharedBytes{bytes});
  EXPECT_EQ(back, file);
  EXPECT_EQ(write(back), bytes);
  EXPECT_EQ(back.file_bytes, bytes.size());
}

TEST(TfliteFile, absent_and_empty_are_told_apart) {
  File file;
  file.subgraphs.emplace(1);
  file.subgraphs->at(0).tensors.emplace(2);
  file.subgraphs->at(0).tensors->at(0).shape = std::vector<int32_t>();
  file.subgraphs->at(0).tensors->at(0).name = "";
  const File back = read_file(SharedBytes{write(file)});
  EXPECT_TRUE(back.subgraphs->at(0).tensors->at(0).shape.has_value());
  EXPECT_FALSE(back.subgraphs->at(0).tensors->at(1).shape.has_value());
  EXPECT_TRUE(back.subgraphs->at(0).tensors->at(0).name.has_value());
  EXPECT_FALSE(back.subgraphs->at(0).tensors->at(1).name.has_value());
  EXPECT_FALSE(back.operator_codes.has_value());
}

TEST(TfliteFile, constants_are_aligned_to_16_bytes_and_view_the_file) {
  const auto owner = std::make_shared<std::vector<std::byte>>(write(full_file()));
  const std::vector<std::byte>& bytes = *owner;
  const File back = read_file(SharedBytes{bytes, owner});
  for (const size_t i : {1, 4}) {
    const auto data = back.buffers->at(i).bytes.span();
    EXPECT_GE(data.data(), bytes.data());
    EXPECT_LE(data.data() + data.size(), bytes.data() + bytes.size());
    EXPECT_EQ((data.data() - bytes.data()) % 16, 0) << i;
  }
}

TEST(TfliteFile, an_operator_can_be_removed_and_put_back) {
  const File file = full_file();
  File changed = file;
  const Operator removed = changed.subgraphs->at(0).operators->at(0);
  changed.subgraphs->at(0).operators->clear();
  changed = read_file(SharedBytes{write(changed)});
  EXPECT_NE(changed, file);
  changed.subgraphs->at(0).operators->push_back(removed);
  EXPECT_EQ(write(changed), write(file));
}

// Fields that only a later version of the format has, in any table.
TEST(TfliteFile, slots_newer_than_this_program_survive) {
  File file = full_file();
  Table newer;
  newer.add(14, int32_t{-7});
  newer.add(15, 2.5f);
  newer.add(16, std::string_view("a string"));
  newer.add(17, std::vector<int32_t>{1000000, 2, 3});
  newer.add(18, int64_t{1} << 40);
  Table inner;
  inner.add(0, int32_t{12345});
  inner.add(1, std::string_view("deep"));
  newer.add(19, inner);
  Field names(20, Field::Kind::texts);
  names.texts = {"one", "two", "three"};
  newer.fields.push_back(names);
  newer.add(21, true);
  file.subgraphs->at(0).operators->at(0).more = newer;
  file.subgraphs->at(0).operators->at(0).options.table->add(9, int32_t{99});
  file.more.add(10, std::string_view("model"));

  const auto bytes = write(file);
  const File back = read_file(SharedBytes{bytes});
  const Table& found = back.subgraphs->at(0).operators->at(0).more;
  EXPECT_EQ(found.scalar<int32_t>(14), -7);
  EXPECT_EQ(found.scalar<float>(15), 2.5f);
  EXPECT_EQ(found.text(16), "a string");
  const Field* vector = found.find(17);
  ASSERT_NE(vector, nullptr);
  ASSERT_EQ(vector->kind, Field::Kind::elements);
  // The width of its elements is a guess, and never too small: the first three are there.
  ASSERT_GE(vector->data.size(), 12u);
  int32_t first = 0;
  std::memcpy(&first, vector->data.data(), 4);
  EXPECT_EQ(first, 1000000);
  EXPECT_EQ(found.scalar<int64_t>(18), int64_t{1} << 40);
  ASSERT_NE(found.find(19), nullptr);
  ASSERT_EQ(found.find(19)->kind, Field::Kind::table);
  EXPECT_EQ(found.find(19)->tables[0].scalar<int32_t>(0), 12345);
  EXPECT_EQ(found.find(19)->tables[0].text(1), "deep");
  ASSERT_EQ(found.find(20)->kind, Field::Kind::texts);
  EXPECT_EQ(found.find(20)->texts, names.texts);
  EXPECT_NE(found.find(21), nullptr);
  EXPECT_EQ(back.more.text(10), "model");
  EXPECT_EQ(back.subgraphs->at(0).operators->at(0).options.table->scalar<int32_t>(9), 99);
  // What was guessed is stable: another trip changes nothing.
  EXPECT_EQ(write(read_file(SharedBytes{write(back)})), write(back));
}

TEST(TfliteFile, an_unknown_options_table_survives) {
  File file = full_file();
  Operator& op = file.subgraphs->at(0).operators->at(0);
  op.options.tag = 200;
  op.options.table = Table{};
  op.options.table->add(0, int32_t{3});
  op.options.table->add(1, 0.125f);
  const File back = read_file(SharedBytes{write(file)});
  EXPECT_EQ(back.subgraphs->at(0).operators->at(0).options, op.options);
}

TEST(TfliteFile, a_small_number_in_an_unknown_slot_is_not_taken_for_an_offset) {
  for (int32_t number = 0; number < 400; ++number) {
    File file = full_file();
    file.subgraphs->at(0).operators->at(0).more.add(14, number);
    const File back = read_file(SharedBytes{write(file)});
    ASSERT_EQ(back.subgraphs->at(0).operators->at(0).more.scalar<int32_t>(14), number);
  }
}

TEST(TfliteFile, bytes_that_begin_anywhere_are_read) {
  const File file = full_file();
  const auto bytes = write(file);
  std::vector<std::byte> shifted(bytes.size() + 3);
  std::copy(bytes.begin(), bytes.end(), shifted.begin() + 3);
  EXPECT_EQ(read_file(SharedBytes{std::span(shifted).subspan(3)}), file);
}

TEST(TfliteTable, a_number_of_another_size_is_not_taken) {
  Table table;
  table.add(0, int32_t{5});
  EXPECT_EQ(table.scalar<int32_t>(0), 5);
  EXPECT_FALSE(table.scalar<int8_t>(0).has_value());
  EXPECT_FALSE(table.scalar<int32_t>(1).has_value());
  EXPECT_FALSE(table.elements<int32_t>(0).has_value());
  EXPECT_FALSE(table.text(0).has_value());
}

}  // namespace
}  // namespace litesmith::tflite
