// An op's attributes as a list of values: what text, JSON, equality and the operator table are made
// from.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ir/op.h"

namespace litesmith {

using AttributeValue = std::variant<bool, int8_t, int32_t, float, SubgraphIndex, std::string,
                                    std::vector<int32_t>, std::vector<float>, std::vector<uint8_t>>;

struct Attribute {
  AttributeInfo info;
  AttributeValue value;
  AttributeValue schema_default;

  bool is_default() const { return value == schema_default; }
};

// In the order the op lists them.
std::vector<Attribute> attributes_of(const Op& op);

// The value alone: "SAME", "0.5", "[1, 2]", "'name'".
std::string to_string(const Attribute& attribute);

// "padding=SAME stride_w=2", attributes at their schema default left out unless `all`.
std::string attribute_text(const Op& op, bool all = false);

}  // namespace litesmith
