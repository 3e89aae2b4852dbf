#include "ops/densify.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {

const OpDef& Densify::definition() {
  static const OpDef def = {.code = 124,
                            .name = "DENSIFY",
                            .options_tag = 99,
                            .make = make_op<Densify>,
                            .infer = infer_like_input,
                            .version = version_1,
                            .runtime_versions = {"2.2.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
