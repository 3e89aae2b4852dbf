// Models written by every Keras from TF-Keras 2.12 to Keras 3.15 give what their writer said they
// give (tests/fixtures/keras).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/keras/read.h"
#include "formats/npy/npy.h"
#include "formats/zip/zip.h"
#include "runtime/interpreter.h"

namespace litesmith {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLimit = uint64_t{1} << 24;

struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> elements;
};

// in0.npy, in1.npy, ... of a fixture.
std::vector<Tensor> tensors(const ZipArchive& fixture, const std::string& stem) {
  std::vector<Tensor> result;
  for (;;) {
    const auto* member = fixture.find(stem + std::to_string(result.size()) + ".npy");
    if (member == nullptr) return result;
    const NpyArray array = parse_npy(fixture.read(*member, kLimit));
    Tensor tensor{array.shape, std::vector<float>(array.element_count())};
    read_floats(array, 0, tensor.elements);
    result.push_back(std::move(tensor));
  }
}

// |a - b| <= 1e-5 of the largest value: sums are taken in another order than Keras's, exponentials
// by another approximation, over a few layers.
void expect_close(std::span<const float> ours, const Tensor& theirs, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.elements.size()) << what;
  float largest = 0;
  for (const float value : theirs.elements) largest = std::max(largest, std::abs(value));
  ASSERT_GT(largest, 0) << what;
  for (size_t i = 0; i < ours.size(); ++i) {
    ASSERT_NEAR(ours[i], theirs.elements[i], 1e-5f * largest) << what << " element " << i;
  }
}

void expect_as_written(const ZipArchive& fixture, const std::string& member) {
  const Model model = read_keras(fixture.read(*fixture.find(member), kLimit), member);
  const std::vector<Tensor> inputs = tensors(fixture, "in");
  const std::vector<Tensor> outputs = tensors(fixture, "out");
  ASSERT_EQ(model.graph.inputs.size(), inputs.size());
  ASSERT_EQ(model.graph.outputs.size(), outputs.size());
  PlanOptions options;
  options.batch = static_cast<int32_t>(inputs.at(0).shape.at(0));
  Interpreter interpreter(Plan::make(model.graph, options));
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto bytes = std::as_bytes(std::span(inputs[i].elements));
    ASSERT_EQ(bytes.size(), interpreter.input(i).size());
    std::memcpy(interpreter.input(i).data(), bytes.data(), bytes.size());
  }
  interpreter.invoke();
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::vector<float> made(interpreter.output(i).size() / sizeof(float));
    std::memcpy(made.data(), interpreter.output(i).data(), interpreter.output(i).size());
    expect_close(made, outputs[i], member + " output " + std::to_string(i));
  }
}

class KerasFixture : public ::testing::TestWithParam<std::string> {
 protected:
  KerasFixture() : fixture_(ZipArchive::open(folder() / GetParam())) {}

 public:
  static fs::path folder() { return LITESMITH_SOURCE_DIR "/tests/fixtures/keras"; }
  static std::vector<std::string> all() {
    std::vector<std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder())) {
      if (entry.path().extension() == ".zip") {
        result.push_back(fs::relative(entry.path(), folder()).string());
      }
    }
    std::sort(result.begin(), result.end());
    return result;
  }

 protected:
  ZipArchive fixture_;
};

TEST_P(KerasFixture, keras_archive_gives_what_its_writer_said) {
  expect_as_written(fixture_, "model.keras");
}

TEST_P(KerasFixture, legacy_h5_gives_what_its_writer_said) {
  if (fixture_.find("model.h5") == nullptr) {
    // Keras 3.0 could not save these; no other writer left one out.
    EXPECT_EQ(GetParam(), "keras-3.0.5/nested.zip");
    return;
  }
  expect_as_written(fixture_, "model.h5");
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.size() - 4);
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Writers, KerasFixture, ::testing::ValuesIn(KerasFixture::all()),
                         test_name);

TEST(KerasFixtures, every_writer_is_there) { EXPECT_GE(KerasFixture::all().size(), 60u); }

}  // namespace
}  // namespace litesmith
