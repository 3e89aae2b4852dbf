// Which ONNX operators are imported, and what the importer knows of each.
#pragma once

#include <span>
#include <string_view>

#include "formats/onnx/call.h"

namespace litesmith::onnx {

// What an operator says about the dimensions of its first input.
enum class Layout : uint8_t {
  none,
  keeps,           // nothing: its output has them too
  channels_first,  // batch, channels, then space
};

struct Operator {
  std::string_view name;
  void (*build)(Call&);
  Layout layout = Layout::none;
  // It is built for one batch size, as the operator of LiteRT that it becomes asks for.
  bool fixes_batch = false;
};

std::span<const Operator> all_operators();
// Null for one that is not imported.
const Operator* find_operator(std::string_view name);

}  // namespace litesmith::onnx
