#include "formats/model_file/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "formats/tflite/write.h"
#include "testing/scores.h"
#include "testing/temporary_folder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

TEST(ModelFile, content_decides_and_not_the_name) {
  const TemporaryFolder folder;
  write_tflite(scores_model(2), folder / "a.keras");
  EXPECT_EQ(sniff_model(folder / "a.keras"), ModelFormat::tflite);
  EXPECT_EQ(load_model(folder / "a.keras").graph.nodes.size(), 1u);
  write_file(folder / "b.tflite", std::string_view("PK\x03\x04 and so on"));
  EXPECT_EQ(sniff_model(folder / "b.tflite"), ModelFormat::keras);
  write_file(folder / "c", std::string(512, 'x') + "\x89HDF\r\n\x1a\n");
  EXPECT_EQ(sniff_model(folder / "c"), ModelFormat::keras);
  // A ModelProto: its version, and an empty graph.
  write_file(folder / "d.keras", std::string_view("\x08\x08\x3a\x00", 4));
  EXPECT_EQ(sniff_model(folder / "d.keras"), ModelFormat::onnx);
}

TEST(ModelFile, what_is_no_model_is_refused_by_name) {
  const TemporaryFolder folder;
  write_file(folder / "empty.keras", std::string_view(""));
  write_file(folder / "text.keras", std::string_view("hello, this is no model"));
  write_file(folder / "net.onnx", std::string_view("\x08\x07\x12 onnx"));
  std::filesystem::create_directory(folder / "saved");
  write_file(folder / "saved/saved_model.pb", std::string_view("x"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { load_model(folder / "empty.keras"); }),
              HasSubstr("empty.keras' is empty"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { load_model(folder / "text.keras"); }),
              HasSubstr("is no model that litesmith knows"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { load_model(folder / "net.onnx"); }),
              HasSubstr("is no ONNX model"));
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { load_model(folder / "saved"); }),
              HasSubstr("SavedModel"));
  thrown_message(ErrorCode::io, [&] { load_model(folder / "none.keras"); });
}

}  // namespace
}  // namespace litesmith
