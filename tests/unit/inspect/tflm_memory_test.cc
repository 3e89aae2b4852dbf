#include "inspect/tflm_memory/tflm_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "formats/tflite/write.h"
#include "inspect/activations.h"
#include "ops/activation_layers.h"
#include "ops/unary.h"
#include "testing/graph_builder.h"
#include "testing/test_data.h"

namespace litesmith {
namespace {

using ::litesmith::testing::GraphBuilder;
using ::testing::HasSubstr;

// Never below what was measured, and at most this much above.
constexpr size_t kMargin = 64;

struct Measured {
  std::string model;
  size_t planned, persistent, arena;
};

std::vector<Measured> measured() {
  std::ifstream file(std::filesystem::path(LITESMITH_SOURCE_DIR) /
                     "tests/unit/inspect/tflm_memory_measured.tsv");
  std::vector<Measured> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream cells(line);
    Measured row;
    std::getline(cells, row.model, '\t');
    cells >> row.planned >> row.persistent >> row.arena;
    rows.push_back(row);
  }
  return rows;
}

TEST(TflmMemory, is_what_the_wheel_takes) {
  const auto rows = measured();
  ASSERT_GE(rows.size(), 10u);
  if (!std::filesystem::exists(test_data())) GTEST_SKIP() << "no data at " << test_data();
  for (const Measured& row : rows) {
    const TflmPrediction prediction =
        predict_tflm_memory(tflite::read_file(test_data() / row.model),
                            {.pointers = PointerWidth::bits64, .is_python_wheel = true});
    ASSERT_TRUE(prediction.memory.has_value()) << row.model << ": " << prediction.why_not;
    const TflmMemory& memory = *prediction.memory;
    EXPECT_EQ(memory.planned_bytes, row.planned) << row.model;
    EXPECT_GE(memory.used_bytes(), row.planned + row.persistent) << row.model;
    EXPECT_LE(memory.used_bytes(), row.planned + row.persistent + kMargin) << row.model;
    EXPECT_GE(memory.tensor_arena_size, row.arena) << row.model;
    EXPECT_LE(memory.tensor_arena_size, row.arena + kMargin) << row.model;
  }
}

Model one_relu(Shape shape) {
  GraphBuilder graph;
  const ValueId x = graph.input("x", std::move(shape));
  return graph.model({graph.op(Relu{}, {x})});
}

TEST(TflmMemory, needs_less_where_pointers_are_short) {
  const tflite::File file = to_file(one_relu({1, 100}));
  const auto narrow = predict_tflm_memory(file, {.pointers = PointerWidth::bits32});
  const auto wide = predict_tflm_memory(file, {.pointers = PointerWidth::bits64});
  ASSERT_TRUE(narrow.memory && wide.memory);
  EXPECT_EQ(narrow.memory->planned_bytes, 2 * 400u);
  EXPECT_EQ(wide.memory->planned_bytes, 2 * 400u);
  EXPECT_LT(narrow.memory->persistent_bytes, wide.memory->persistent_bytes);
  EXPECT_EQ(narrow.memory->tensor_arena_size % 16, 0u);
}

TEST(TflmMemory, is_not_told_of_what_cannot_run) {
  GraphBuilder graph;
  const ValueId x = graph.input("x", {1, 4});
  const Model model = graph.model({graph.op(Gelu{}, {x})});
  const auto prediction = predict_tflm_memory(to_file(model), {});
  EXPECT_FALSE(prediction.memory);
  EXPECT_THAT(prediction.why_not, HasSubstr("lint --target tflm"));
}

TEST(TflmMemory, a_shape_that_no_memory_holds_is_said) {
  tflite::File file = to_file(one_relu({1, 4}));
  for (tflite::Tensor& tensor : *(*file.subgraphs)[0].tensors) {
    tensor.shape = std::vector<int32_t>(9, 1 << 30);
  }
  EXPECT_THAT(predict_tflm_memory(file, {}).why_not, HasSubstr("too large"));
}

TEST(Activations, share_memory_where_they_can) {
  GraphBuilder graph;
  ValueId x = graph.input("x", {1, 64});
  for (int i = 0; i < 4; ++i) x = graph.op(Relu{}, {x});
  const Activations activations = plan_activations(graph.model({x}).graph);
  EXPECT_EQ(activations.bytes, 2 * 256u);
  EXPECT_EQ(activations.least, activations.bytes);
}

}  // namespace
}  // namespace litesmith
