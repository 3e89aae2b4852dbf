#include "formats/tflite/conversion.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/build_info.h"
#include "base/byte_cursor.h"
#include "base/error.h"
#include "formats/tflite/file.h"
#include "formats/tflite/wire.h"
#include "ops/min_runtime_version.h"

namespace litesmith::tflite {
namespace {

constexpr std::string_view kMinRuntimeVersion = "min_runtime_version";
constexpr std::string_view kReducedPrecision = "reduced_precision_support";
constexpr std::string_view kConversionMetadata = "CONVERSION_METADATA";
// Tells where the constants of a file beyond 2 GB lie; said anew when such a file is written.
constexpr std::string_view kBufferLocation = "buffer_location";

// ModelOptimizationMode (LiteRT, conversion_metadata.fbs).
enum OptimizationMode : int32_t {
  ptq_float16 = 1001,
  ptq_dynamic_range = 1002,
  ptq_full_integer = 1003,
  ptq_int16 = 1004,
};

struct Contents {
  bool int16_activations = false;
  bool int8_activations = false;
  bool int8_weights = false;
  bool float16_weights = false;
};

void look(const Graph& graph, Contents& contents) {
  for (const Value& value : graph.values) {
    if (value.dtype == DType::float16 && value.is_constant()) contents.float16_weights = true;
    if (!value.quantization.present()) continue;
    if (value.dtype == DType::int16 && !value.is_constant()) contents.int16_activations = true;
    if (value.dtype != DType::int8) continue;
    (value.is_constant() ? contents.int8_weights : contents.int8_activations) = true;
  }
}

Contents look(const Model& model) {
  Contents contents;
  for (size_t i = 0; i < model.subgraph_count(); ++i) look(model.subgraph(i), contents);
  return contents;
}

std::vector<int32_t> modes(const Contents& contents) {
  if (contents.int16_activations) return {ptq_int16};
  if (contents.int8_activations) return {ptq_full_integer};
  if (contents.int8_weights) return {ptq_dynamic_range};
  if (contents.float16_weights) return {ptq_float16};
  return {};
}

// Text, filled with zeros to at least `bytes`.
Metadata text_entry(std::string_view name, std::string_view text, size_t bytes = 0) {
  std::vector<char> padded(text.begin(), text.end());
  padded.resize(std::max(padded.size(), bytes), '\0');
  return {std::string(name), litesmith::Buffer::of(padded)};
}

// Tables ConversionMetadata, Environment and ConversionOptions. Where TensorFlow puts its version,
// this says litesmith and its own: a tool that shows the field then tells the truth.
Metadata conversion_entry(const Contents& contents) {
  Table environment;
  const std::string maker = "litesmith " + std::string(version());
  environment.add(0, std::string_view(maker));
  Table options;
  if (const auto list = modes(contents); !list.empty()) options.add(0, list);
  Table root;
  root.add(0, std::move(environment));
  root.add(1, std::move(options));
  return {std::string(kConversionMetadata), litesmith::Buffer::of(write_table(root))};
}

const Metadata* find(const std::vector<Metadata>& metadata, std::string_view name) {
  const auto found = std::find_if(metadata.begin(), metadata.end(),
                                  [&](const Metadata& entry) { return entry.name == name; });
  return found == metadata.end() ? nullptr : &*found;
}

// The version that a ConversionMetadata table names.
std::string maker(std::span<const std::byte> bytes) {
  try {
    Wire wire(bytes);
    const auto environment = wire.nested(ByteCursor(bytes).read<uint32_t>(), 0);
    if (!environment) return "";
    const Table table = wire.table(*environment, "s");
    const std::string version(table.text(0).value_or(""));
    const bool is_number = !version.empty() && version[0] >= '0' && version[0] <= '9';
    return is_number ? "TensorFlow " + version : version;
  } catch (const Error&) {
    return "";  // a note on the file, nothing that it needs
  }
}

}  // namespace

std::vector<Metadata> conversion_metadata(const Model& model) {
  const Contents contents = look(model);
  std::vector<Metadata> result;
  // The 16x8 converter leaves the value of the float model.
  const Metadata* given = find(model.metadata, kMinRuntimeVersion);
  result.push_back(contents.int16_activations && given != nullptr
                       ? *given
                       : text_entry(kMinRuntimeVersion, min_runtime_version(model), 16));
  if (contents.float16_weights) result.push_back(text_entry(kReducedPrecision, "fp16accfp32"));
  result.push_back(conversion_entry(contents));
  for (const Metadata& entry : model.metadata) {
    const bool said = entry.name == kMinRuntimeVersion || entry.name == kReducedPrecision ||
                      entry.name == kConversionMetadata || entry.name == kBufferLocation;
    if (!said) result.push_back(entry);
  }
  return result;
}

Origin origin(const std::vector<Metadata>& metadata) {
  Origin result;
  if (const Metadata* entry = find(metadata, kConversionMetadata)) {
    result.made_by = maker(entry->data.bytes());
  }
  if (const Metadata* entry = find(metadata, kMinRuntimeVersion)) {
    const auto bytes = entry->data.bytes();
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    result.min_runtime_version = text.substr(0, text.find('\0'));
  }
  return result;
}

}  // namespace litesmith::tflite
