#include "ops/segment_sum.h"

#include <string>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// How many segments there are, where they are known. Throws when they are not numbered in order.
int32_t segments(const NodeView& node) {
  const Value& ids = node.input(1);
  if (!ids.is_constant()) return kDynamic;
  int32_t next = 0;
  for (const int32_t id : ids.elements<int32_t>()) {
    if (id != next && (next == 0 || id != next - 1)) {
      refuse(node,
             "segment " + std::to_string(id) + " where only " +
                 (next == 0 ? "0" : std::to_string(next - 1) + " or " + std::to_string(next)) +
                 " can be");
    }
    if (id == next) ++next;
  }
  return next;
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& data = node.input(0);
  const Value& ids = node.input(1);
  if (data.shape.empty() || ids.dtype != DType::int32 || ids.shape.size() != 1 ||
      !merged({data.shape[0]}, ids.shape)) {
    refuse(node, "segments " + std::string(to_string(ids.dtype)) + to_string(ids.shape) +
                     " do not number the slices of " + to_string(data.shape));
  }
  Shape shape = data.shape;
  shape[0] = segments(node);
  return {{data.dtype, std::move(shape)}};
}

}  // namespace

const OpDef& SegmentSum::definition() {
  static const OpDef def = {.code = 125,
                            .name = "SEGMENT_SUM",
                            .options_tag = 100,
                            .make = make_op<SegmentSum>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"2.2.0"}};
  return def;
}

}  // namespace litesmith
