#include "ops/comparison.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  return {{DType::boolean, broadcast_operands(node)}};
}

int version_equal(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 5;
  return has_dtype(node, 0, DType::string) ? 3 : version_8_2(node);
}

int version_not_equal(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 4;
  return has_dtype(node, 0, DType::string) ? 3 : version_8_2(node);
}

template <class T>
OpDef make_def(int32_t code, std::string_view name, uint8_t options_tag,
               int (*version)(const NodeView&), std::vector<std::string_view> runtime_versions) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer,
          .version = version,
          .runtime_versions = std::move(runtime_versions),
          .needed = needed_same_place};
}

}  // namespace

const OpDef& Equal::definition() {
  static const OpDef def = make_def<Equal>(71, "EQUAL", 53, version_equal,
                                           {"1.14.0", "1.14.0", "2.3.0", "2.13.0", "2.21.0"});
  return def;
}

const OpDef& NotEqual::definition() {
  static const OpDef def = make_def<NotEqual>(72, "NOT_EQUAL", 54, version_not_equal,
                                              {"1.14.0", "1.14.0", "2.3.0", "2.21.0"});
  return def;
}

const OpDef& Less::definition() {
  static const OpDef def =
      make_def<Less>(58, "LESS", 41, version_8_2_16_3, {"1.14.0", "1.14.0", "2.13.0"});
  return def;
}

const OpDef& LessEqual::definition() {
  static const OpDef def =
      make_def<LessEqual>(63, "LESS_EQUAL", 46, version_8_2, {"1.14.0", "1.14.0"});
  return def;
}

const OpDef& Greater::definition() {
  static const OpDef def = make_def<Greater>(61, "GREATER", 44, version_8_2, {"1.14.0", "1.14.0"});
  return def;
}

const OpDef& GreaterEqual::definition() {
  static const OpDef def = make_def<GreaterEqual>(62, "GREATER_EQUAL", 45, version_8_2_16_3,
                                                  {"1.14.0", "1.14.0", "2.13.0"});
  return def;
}

}  // namespace litesmith
