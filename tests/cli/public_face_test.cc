// The library's public face (include/litesmith) and the program do the same.
#include <gtest/gtest.h>

#include "litesmith/litesmith.h"
#include "program.h"
#include "samples.h"

namespace litesmith {
namespace {

TEST(PublicFace, quantize_gives_the_bytes_of_convert) {
  const Samples files;
  const Outcome outcome =
      call({"convert", files / "wake_word.keras", "-o", files / "cli.tflite", "--mode", "int8",
            "--calibrate", files / "features.npy", "--input-type", "uint8"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto quantized = api::quantize(
      api::load(files / "wake_word.keras"),
      {.representative_dataset = api::Samples(files / "features.npy"), .input_type = DType::uint8});
  quantized.model.save(files / "api.tflite");
  EXPECT_EQ(content(files / "api.tflite"), content(files / "cli.tflite"));
}

TEST(PublicFace, inspect_and_analyze_give_the_texts_of_their_verbs) {
  const Samples files;
  const std::string path = files / "wake_word.keras";
  EXPECT_EQ(api::inspect(api::load(path)).text, call({"inspect", path}).out);
  const std::string tflite = files / "net.tflite";
  EXPECT_EQ(api::analyze(api::load(tflite), tflite), call({"analyze", tflite}).out);
}

TEST(PublicFace, errors_have_the_programs_words) {
  const Samples files;
  files.write("text.keras", "no model");
  const std::string path = files / "text.keras";
  try {
    api::load(path);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(call({"inspect", path}).err, "litesmith: " + std::string(error.what()) + "\n");
  }
}

}  // namespace
}  // namespace litesmith
