// An op's attributes and the slots of its options table, each from the other: the op's own listing
// (ir/op.h) says which slot holds what. A custom op has a map instead (custom_options.h).
#pragma once

#include <memory>

#include "formats/tflite/file.h"
#include "ir/op.h"

namespace litesmith::tflite {

// The op with the attributes that the options of `from` hold; the schema's defaults where they hold
// none, or hold another op's table, which LiteRT ignores too. Throws Error(format) for an enum
// value that does not exist.
std::shared_ptr<const Op> read_op(const OpDef& def, const Operator& from);

// Gives `to` the options table as TensorFlow's exporter writes it: attributes at their default left
// out. An op whose lists are all empty says nothing with its table and gets none.
void write_options(const Op& op, Operator& to);

}  // namespace litesmith::tflite
