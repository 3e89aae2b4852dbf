// The files of the example that ships with the repository, byte for byte: through reading Keras,
// rewriting, calibrating, converting and writing.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "base/cpu_features.h"
#include "base/file.h"
#include "isa_levels.h"
#include "optimize/optimize.h"
#include "report/sha256.h"
#include "testing/temporary_folder.h"

namespace litesmith {
namespace {

struct Expected {
  const char* file;
  const char* sha256;
};
constexpr std::array kExpected = {
    Expected{"wake_word.float32.tflite",
             "6f64ede8b634a62786938e0b0e58358013bc703cc8d0e837451e9710c1f26667"},
    Expected{"wake_word.dynamic_range.tflite",
             "b06a35d0803f7a58687a57da6fba9dd4939791da057851ac16f3f85a8a970625"},
    Expected{"wake_word.int8.tflite",
             "a1867092b7c0c5fbd3b53f36d80ee5ff886061ef686fa06038cecfb781107c38"},
    Expected{"wake_word.float16.tflite",
             "46819089839c7456536bf5c0718274e10c95e03c30b265e3fe5b0db2957ab999"},
    Expected{"wake_word.int16x8.tflite",
             "f99f108cd0039d8c5876dece12b3f6e2eb46857028307d709a6f0b6a4e34bf5b"},
};

TEST(ExampleBytes, are_the_same_on_every_instruction_set) {
  const std::filesystem::path example = LITESMITH_SOURCE_DIR "/examples/wake_word";
  for (const Isa isa : supported_isas()) {
    // Without fused multiply-adds in hardware this takes a minute; the other test covers it.
    if (isa == Isa::baseline && supported_isas().size() > 1) continue;
    const testing::WithIsa with(isa);
    const TemporaryFolder out;
    optimize({.model = example / "wake_word.keras",
              .out = out.path(),
              .calibrate = example / "calibration_features.npy",
              .latency = false});
    for (const auto& [file, sha256] : kExpected) {
      EXPECT_EQ(sha256_hex(MappedFile::open(out.path() / file)->bytes()), sha256)
          << file << ", " << to_string(isa);
    }
  }
}

}  // namespace
}  // namespace litesmith
