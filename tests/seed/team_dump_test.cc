// The team published the Analyzer's dump of two of its five wake-word files, made by the TensorFlow
// of 2022. The same network through litesmith has to give the same graphs.
#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "formats/tflite/write.h"
#include "inspect/analyzer.h"
#include "optimize/steps.h"
#include "quantize/convert.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class TeamDump : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path example =
        std::filesystem::path(LITESMITH_SOURCE_DIR) / "examples/wake_word";
    network_ = new Model(calibrate_on(load_for_conversion(example / "wake_word.keras"),
                                      Dataset::open(example / "calibration_features.npy"), {}));
  }
  static void TearDownTestSuite() { delete network_; }

  static Graph converted(Mode mode) {
    ConvertNotes notes;
    return convert(*network_, {.mode = mode}, notes).graph;
  }

  static const Model* network_;
};
const Model* TeamDump::network_ = nullptr;

std::vector<std::string> op_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.emplace_back(node.def().name);
  return names;
}

std::vector<size_t> constant_bytes(const Graph& graph) {
  std::vector<size_t> bytes;
  for (const Value& value : graph.values) {
    if (value.is_constant()) bytes.push_back(value.data->bytes().size());
  }
  return bytes;
}

TEST_F(TeamDump, int16x8_has_the_team_s_ops_and_constants) {
  const Graph graph = converted(Mode::int16x8);
  EXPECT_THAT(op_names(graph),
              ElementsAre("QUANTIZE", "CONV_2D", "MAX_POOL_2D", "CONV_2D", "MAX_POOL_2D", "RESHAPE",
                          "FULLY_CONNECTED", "SOFTMAX", "DEQUANTIZE"));
  EXPECT_EQ(graph.values.size(), 17u);
  EXPECT_THAT(constant_bytes(graph), UnorderedElementsAre(512, 18432, 1408, 16, 8, 288, 256));
}

TEST_F(TeamDump, int16x8_reads_so_in_the_analyzer) {
  ConvertNotes notes;
  const Model model = convert(*network_, {.mode = Mode::int16x8}, notes);
  const std::string text = analyzer_text(to_file(model), "wake_word");
  EXPECT_THAT(text, HasSubstr("  Op#0 QUANTIZE(T#"));
  EXPECT_THAT(text, HasSubstr("  Op#8 DEQUANTIZE(T#"));
  EXPECT_THAT(text, HasSubstr("shape:[2, 704], type:INT8 RO 1408 bytes"));
  EXPECT_THAT(text, HasSubstr("shape:[64, 3, 3, 32], type:INT8 RO 18432 bytes"));
  EXPECT_THAT(text, HasSubstr("shape:[64], type:INT64 RO 512 bytes"));
  EXPECT_THAT(text, HasSubstr("data:[-1, 704]"));
}

TEST_F(TeamDump, dynamic_range_keeps_the_small_kernel_and_quantizes_the_others) {
  const Graph graph = converted(Mode::dynamic_range);
  const auto weights = [&](size_t node) -> const Value& {
    return graph[graph.nodes.at(node).inputs.at(1)];
  };
  EXPECT_THAT(op_names(graph), ElementsAre("CONV_2D", "MAX_POOL_2D", "CONV_2D", "MAX_POOL_2D",
                                           "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"));
  EXPECT_THAT(weights(0).shape, ElementsAre(32, 3, 3, 1));
  EXPECT_EQ(weights(0).dtype, DType::float32);
  EXPECT_THAT(weights(2).shape, ElementsAre(64, 3, 3, 32));
  EXPECT_EQ(weights(2).dtype, DType::int8);
  EXPECT_THAT(weights(5).shape, ElementsAre(2, 704));
  EXPECT_EQ(weights(5).dtype, DType::int8);
}

}  // namespace
}  // namespace litesmith
