// Files that are cut off, foreign, or say what cannot be: each gets an Error that says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "base/error.h"
#include "formats/tflite/read.h"
#include "formats/tflite/test_bytes.h"
#include "formats/tflite/write.h"
#include "ops/conv_2d.h"
#include "ops/reshape.h"
#include "ops/unary.h"
#include "testing/graph_builder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::op_with;

Model small_model() {
  GraphBuilder build;
  const ValueId x = build.input("x", {1, 4, 4, 1});
  const ValueId y = build.op(op_with<Conv2D>(&Conv2D::activation, Activation::relu),
                             {x, build.ramp({2, 3, 3, 1}), build.floats({2}, {1, 2})}, "conv");
  const ValueId z = build.op(Reshape(), {y, build.ints({1, 32})}, "flat");
  Model model = build.model({z});
  model.signatures = {{.inputs = {{"x", x}}, .outputs = {{"y", z}}}};
  return model;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_NE(error.code(), ErrorCode::internal) << error.what();
    return error.what();
  }
  return "no error";
}

// What reading the small model's file says after `change`.
std::string error_after(const std::function<void(tflite::File&)>& change) {
  tflite::File file = to_file(small_model());
  change(file);
  const auto bytes = testing::write(file);
  return error_of([&] { read_tflite(SharedBytes{bytes}); });
}

tflite::SubGraph& graph(tflite::File& file) { return file.subgraphs->at(0); }
tflite::Tensor& tensor(tflite::File& file, size_t i) { return graph(file).tensors->at(i); }

uint32_t word(const std::vector<std::byte>& bytes, size_t at) {
  uint32_t value = 0;
  std::memcpy(&value, &bytes.at(at), sizeof(value));
  return value;
}
void set_word(std::vector<std::byte>& bytes, size_t at, size_t value) {
  const auto narrow = static_cast<uint32_t>(value);
  std::memcpy(&bytes.at(at), &narrow, sizeof(narrow));
}
// Where the field in `slot` of the table at `table` lies.
size_t field(const std::vector<std::byte>& bytes, size_t table, size_t slot) {
  const auto way_back = static_cast<int32_t>(word(bytes, table));
  const size_t vtable = table - static_cast<size_t>(ptrdiff_t{way_back});
  uint16_t offset = 0;
  std::memcpy(&offset, &bytes.at(vtable + 4 + 2 * slot), sizeof(offset));
  return table + offset;
}

size_t follow(const std::vector<std::byte>& bytes, size_t at) { return at + word(bytes, at); }
// The i-th table of the list at `list`.
size_t element(const std::vector<std::byte>& bytes, size_t list, size_t i) {
  return follow(bytes, list + 4 + 4 * i);
}

TEST(TfliteDamage, every_truncation_is_refused) {
  const auto bytes = to_tflite(small_model());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
    // The last word may be padding that nothing refers to.
    if (size + 4 > bytes.size()) continue;
    EXPECT_NE(error_of([&] { read_tflite(SharedBytes{cut}); }), "no error") << size;
  }
}

TEST(TfliteDamage, no_changed_byte_does_harm) {
  const auto bytes = to_tflite(small_model());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const uint8_t value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      auto changed = bytes;
      changed[i] = std::byte{value};
      error_of([&] {
        const tflite::File file = tflite::read_file(SharedBytes{changed});
        testing::write(file);
        to_tflite(to_model(file));
      });
    }
  }
}

TEST(TfliteDamage, the_place_of_the_damage_is_named) {
  const auto bytes = to_tflite(small_model());
  // Breaks the reference that leads from the table to the field's content.
  auto after_breaking = [&](const std::function<size_t(const std::vector<std::byte>&)>& place) {
    auto changed = bytes;
    set_word(changed, place(bytes), 0x7ffffff0);
    return error_of([&] { tflite::read_file(SharedBytes{changed}); });
  };
  EXPECT_THAT(after_breaking([](const auto& b) {
                const size_t subgraph = element(b, follow(b, field(b, word(b, 0), 2)), 0);
                const size_t op = element(b, follow(b, field(b, subgraph, 3)), 1);
                return field(b, op, 1);
              }),
              HasSubstr("in subgraph 0, operator 1 an offset"));
  EXPECT_THAT(after_breaking([](const auto& b) {
                const size_t subgraph = element(b, follow(b, field(b, word(b, 0), 2)), 0);
                const size_t tensor = element(b, follow(b, field(b, subgraph, 0)), 2);
                return field(b, tensor, 3);
              }),
              HasSubstr("in subgraph 0, tensor 2 an offset"));
  EXPECT_THAT(after_breaking([](const auto& b) { return field(b, word(b, 0), 4); }),
              HasSubstr("in the list of every buffer an offset"));
}

TEST(TfliteDamage, other_files_are_named_as_such) {
  const std::vector<std::byte> zip(100, std::byte{'P'});
  EXPECT_THAT(error_of([&] { read_tflite(SharedBytes{zip}); }), HasSubstr("'TFL3' is missing"));
  EXPECT_THAT(error_of([&] { read_tflite(SharedBytes{}); }), HasSubstr("it is empty"));
}

TEST(TfliteDamage, indices_that_lead_nowhere_are_named) {
  EXPECT_THAT(error_after([](auto& file) { graph(file).operators->at(0).inputs->at(1) = 77; }),
              HasSubstr("op 0 CONV_2D refers to tensor 77"));
  EXPECT_THAT(error_after([](auto& file) { graph(file).operators->at(1).opcode_index = 9; }),
              HasSubstr("op 1 refers to operator code 9"));
  EXPECT_THAT(error_after([](auto& file) { tensor(file, 1).buffer = 1000; }),
              HasSubstr("refers to buffer 1000"));
  EXPECT_THAT(error_after([](auto& file) { graph(file).outputs = {-5}; }),
              HasSubstr("graph outputs refers to tensor -5"));
  EXPECT_THAT(error_after([](auto& file) { file.signature_defs->at(0).subgraph_index = 3; }),
              HasSubstr("refers to subgraph 3"));
}

TEST(TfliteDamage, a_huge_tensor_in_a_small_file_is_refused_or_costs_nothing) {
  EXPECT_THAT(error_after([](auto& file) {
                tensor(file, 1).shape = {30000, 30000, 3, 1};  // a constant of 72 bytes
              }),
              HasSubstr("72 bytes"));
  EXPECT_NE(error_after([](auto& file) {
              tensor(file, 0).shape = {1, 1 << 30, 1 << 30, 1};
            }),
            "no error");
  EXPECT_NE(error_after([](auto& file) {
              tensor(file, 0).shape = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};
            }),
            "no error");
}

TEST(TfliteDamage, scales_must_be_numbers) {
  for (const float bad : {NAN, INFINITY, -1.0f}) {
    EXPECT_THAT(error_after([&](auto& file) {
                  tensor(file, 1).quantization->scale = {bad};
                  tensor(file, 1).quantization->zero_point = {0};
                }),
                HasSubstr("make no sense: a scale of"));
  }
  EXPECT_THAT(error_after([&](auto& file) {
                tensor(file, 1).quantization->scale = {1, 2, 3};
                tensor(file, 1).quantization->zero_point = {0, 0, 0};
              }),
              HasSubstr("3 scales along dimension 0"));
  EXPECT_THAT(error_after([&](auto& file) {
                tensor(file, 1).quantization->scale = {1, 2};
                tensor(file, 1).quantization->zero_point = {0};
              }),
              HasSubstr("2 scales but 1 zero points"));
}

TEST(TfliteDamage, a_graph_that_runs_in_circles_is_refused) {
  EXPECT_THAT(error_after([](auto& file) {
                auto& ops = *graph(file).operators;
                ops[0].inputs->at(0) = ops[1].outputs->at(0);
              }),
              HasSubstr("which nothing has made yet"));
}

TEST(TfliteDamage, an_op_with_too_few_inputs_is_named) {
  EXPECT_THAT(error_after([](auto& file) { graph(file).operators->at(0).inputs = {0}; }),
              HasSubstr("op 0 CONV_2D: CONV_2D has 1 operands, not 2 to 3"));
  EXPECT_NE(error_after([](auto& file) { graph(file).operators->at(0).outputs = {}; }), "no error");
}

TEST(TfliteDamage, an_enum_value_that_does_not_exist_is_named) {
  EXPECT_THAT(error_after([](auto& file) {
                tflite::Field padding(0, tflite::Field::Kind::scalar, 1);
                padding.bits = 9;
                auto& fields = graph(file).operators->at(0).options.table->fields;
                fields.insert(fields.begin(), padding);
              }),
              HasSubstr("padding"));
}

TEST(TfliteDamage, what_is_not_understood_is_listed_at_once) {
  const std::string message = error_after([](auto& file) {
    file.operator_codes->at(0).builtin_code = 131;
    file.operator_codes->at(0).deprecated_builtin_code = 127;
    file.operator_codes->at(1).builtin_code = 32;
    file.operator_codes->at(1).deprecated_builtin_code = 32;
    file.operator_codes->at(1).custom_code = "Mine";
    tensor(file, 0).type = 99;
  });
  EXPECT_THAT(message, HasSubstr("op 0 is RFFT2D"));
  EXPECT_THAT(message, HasSubstr("op 1 is the custom op 'Mine'"));
  EXPECT_THAT(message, HasSubstr("unknown type 99"));
}

TEST(TfliteDamage, data_outside_of_the_file_is_refused) {
  tflite::File file = to_file(small_model());
  for (tflite::BufferEntry& buffer : *file.buffers) {
    if (buffer.bytes.data) buffer.bytes.outside = true;
  }
  auto bytes = testing::write(file);
  ASSERT_EQ(error_of([&] { read_tflite(SharedBytes{bytes}); }), "no error");
  bytes.resize(bytes.size() - 80);
  EXPECT_THAT(error_of([&] { read_tflite(SharedBytes{bytes}); }), HasSubstr("outside of the file"));
}

// 50,000 references to one tensor with a shape of 50,000 dimensions would copy 10 GB out of a file
// of 400 kB.
TEST(TfliteDamage, tables_that_share_too_much_are_refused_before_they_fill_the_memory) {
  constexpr uint32_t kCount = 50'000;
  tflite::File file;
  file.subgraphs.emplace(1);
  file.subgraphs->at(0).tensors.emplace(1);
  file.subgraphs->at(0).tensors->at(0).shape = std::vector<int32_t>(kCount, 1);
  file.subgraphs->at(0).inputs = std::vector<int32_t>(kCount);
  auto bytes = testing::write(file);

  const size_t model = word(bytes, 0);
  const size_t subgraph = element(bytes, follow(bytes, field(bytes, model, 2)), 0);
  const size_t tensors_field = field(bytes, subgraph, 0);
  const size_t tensor = element(bytes, follow(bytes, tensors_field), 0);
  const size_t inputs = follow(bytes, field(bytes, subgraph, 1));
  ASSERT_EQ(word(bytes, inputs), kCount);
  ASSERT_LT(inputs, tensor);
  for (size_t i = 0; i < kCount; ++i) {
    const size_t at = inputs + 4 + 4 * i;
    set_word(bytes, at, tensor - at);
  }
  set_word(bytes, tensors_field, inputs - tensors_field);
  EXPECT_THAT(error_of([&] { tflite::read_file(SharedBytes{bytes}); }),
              HasSubstr("many times the file's own size"));
}

}  // namespace
}  // namespace litesmith
