// A Keras model that lives in a program's memory, without a file in between.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ir/graph.h"

namespace litesmith {

struct LiveWeight {
  DType dtype = DType::float32;  // another one is refused when the model needs it
  Shape shape = {};
  Buffer elements = {};
};

// `config` is the model as Keras serializes it, the text of an archive's config.json; `weights` go
// by their path in Keras 3's scheme, "layers/dense_1/vars/0"; `major` is Keras's version. Throws as
// read_keras does; `name` is what messages call the model.
Model read_live_keras(std::string_view config, std::map<std::string, LiveWeight> weights, int major,
                      const std::string& name);

}  // namespace litesmith
