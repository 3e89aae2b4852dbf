#include "ops/floor_mod.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const Shape shape = broadcast_operands(node);
  return {{node.input(0).dtype, shape}};
}

int version(const NodeView& node) {
  const DType dtype = node.input(0).dtype;
  return dtype == DType::int8 || dtype == DType::int16 ? 2 : 1;
}

int version_div(const NodeView& node) {
  const DType dtype = node.input(0).dtype;
  if (dtype == DType::int8 || dtype == DType::int16) return 3;
  return dtype == DType::float32 ? 2 : 1;
}

}  // namespace

const OpDef& FloorMod::definition() {
  static const OpDef def = {.code = 95,
                            .name = "FLOOR_MOD",
                            .options_tag = 72,
                            .make = make_op<FloorMod>,
                            .infer = infer,
                            .version = version,
                            .runtime_versions = {"1.13.0", "2.13.0"},
                            .needed = needed_same_place};
  return def;
}

const OpDef& FloorDiv::definition() {
  static const OpDef def = {.code = 90,
                            .name = "FLOOR_DIV",
                            .options_tag = 65,
                            .make = make_op<FloorDiv>,
                            .infer = infer,
                            .version = version_div,
                            .runtime_versions = {"1.14.0", "1.14.0", "2.13.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
