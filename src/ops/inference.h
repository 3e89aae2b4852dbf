// What the shape inference of many operators shares.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ir/op.h"

namespace litesmith {

// Throws Error(data): the op's name and why its operands do not fit.
[[noreturn]] void refuse(const NodeView& node, const std::string& why);

// Throws Error(format) unless the node has `least` to `most` operands.
void require_operands(const NodeView& node, size_t least, size_t most);

// Throws unless the node has `count` outputs, or is being made with a number of them that can be.
void require_outputs(const NodeView& node, int32_t count);

// Operand `i` as integers, when it is a constant of int32 or int64; nothing when it is computed.
// Throws for another type. What an op does with a shape, an axis or a permutation it cannot know
// yet is to leave dimensions dynamic.
std::optional<std::vector<int64_t>> known_integers(const NodeView& node, size_t i);
// The same for an operand of one element, such as an axis.
std::optional<int64_t> known_integer(const NodeView& node, size_t i);

// Such an operand for whoever runs the op: throws Error(unsupported) when it is computed.
std::vector<int32_t> constant_int32(const NodeView& node, size_t i);

// A dimension from a computed size; throws when no dimension has it.
int32_t to_dimension(const NodeView& node, int64_t size);

// The axis counted from the front; throws, naming the op, when outside the rank.
size_t axis_of(const NodeView& node, int64_t axis, size_t rank);

// `rank` dimensions that are known only when the model runs.
Shape all_dynamic(size_t rank);
// When not even the rank follows from the operands: that of the output as the graph states it, all
// dynamic. Throws Error(unsupported) for a node that is being made.
Shape dynamic_of_stated_rank(const NodeView& node);

// What the graph states, for ops whose outputs follow from other subgraphs. Throws
// Error(unsupported) for a node that is being made.
std::vector<InferredOutput> stated_outputs(const NodeView& node);

// Two shapes that must be the same, each filling in what the other leaves dynamic; nothing when
// they differ.
std::optional<Shape> merged(const Shape& a, const Shape& b);

// The type that the graph states for output `i`, when it is one of `possible`; `otherwise` else.
DType stated_dtype(const NodeView& node, size_t i, DType otherwise,
                   std::initializer_list<DType> possible);

// The shape of two operands of one type that broadcast; throws where the types or shapes do not
// fit.
Shape broadcast_operands(const NodeView& node);

// One operand, one output of the same type and shape.
std::vector<InferredOutput> infer_like_input(const NodeView& node);

// Elements of output `i`, dynamic dimensions counted as 1.
int64_t output_elements(const NodeView& node, size_t i = 0);

}  // namespace litesmith
