// Reading trained Keras models.
#pragma once

#include <filesystem>
#include <string>

#include "base/shared_bytes.h"
#include "ir/graph.h"

namespace litesmith {

// A model from a `.keras` archive (Keras 3, TF-Keras from 2.12 on), the same unzipped in a folder,
// or a legacy `.h5`; told apart by their contents, not their names. The graph is float, in LiteRT's
// operators, one or a few for each layer, with a dynamic batch where the model has one.
//
//   const Model model = read_keras("wake_word.keras");
//
// Throws Error(io) for a file that cannot be read, Error(format) for a damaged or foreign one,
// Error(unsupported) for a model that cannot be imported, naming every layer that stands in the
// way, Error(data) for weights that are no finite numbers. The path is part of the message.
Model read_keras(const std::filesystem::path& path);
// From the bytes of an archive or an .h5; `name` is what messages call them.
Model read_keras(const SharedBytes& bytes, const std::string& name);

}  // namespace litesmith
