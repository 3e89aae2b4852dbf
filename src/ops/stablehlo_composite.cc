#include "ops/stablehlo_composite.h"

#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {

const OpDef& StablehloComposite::definition() {
  static const OpDef def = {.code = 206,
                            .name = "STABLEHLO_COMPOSITE",
                            .options_tag = 21,  // in BuiltinOptions2
                            .make = make_op<StablehloComposite>,
                            .infer = stated_outputs,
                            .version = version_1,
                            .runtime_versions = {"2.17.0"}};
  return def;
}

}  // namespace litesmith
