// What stands behind the public Model: a trained network, or the content of a .tflite file.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/shared_bytes.h"
#include "data/dataset.h"
#include "data/labels.h"
#include "formats/model_file/model_file.h"
#include "formats/tflite/file.h"
#include "ir/graph.h"
#include "litesmith/array.h"
#include "litesmith/model.h"

namespace litesmith::api {

// A .tflite file in its three forms. The graph is missing when the file holds what litesmith has no
// place for; `problem` says what.
struct TfliteContent {
  SharedBytes bytes;
  tflite::File file;
  std::optional<litesmith::Model> graph;
  std::optional<Error> problem;

  explicit TfliteContent(SharedBytes bytes_);
};

struct Model::State {
  std::string source;
  std::filesystem::path path;   // empty for what came from memory
  litesmith::LoadOptions load;  // how it was read from there
  // As it was read. Nothing for a .tflite file.
  std::optional<litesmith::Model> trained;

  // The file, or the float one that the trained network becomes; made when first asked for.
  const TfliteContent& content() const;
  // The graph as it runs. Throws what kept it from being read.
  const litesmith::Model& graph() const;
  // The same with the subgraph of a signature as the one that runs; nothing: the main one. Throws
  // Error(usage), too, for a signature that is not there.
  litesmith::Model running(const std::optional<std::string>& signature) const;
  // The graph that conversions start from: rewritten.
  // A line in `warnings` tells of a .tflite file's weights that were taken back to float.
  litesmith::Model for_conversion(std::vector<std::string>* warnings = nullptr) const;

 private:
  friend Model model_of(TfliteContent content, std::string source, std::filesystem::path path);
  mutable std::mutex making_;
  mutable std::optional<TfliteContent> content_;
};

Model model_of(TfliteContent content, std::string source, std::filesystem::path path = {});
Model model_of(litesmith::Model trained, std::string source, std::filesystem::path path = {},
               litesmith::LoadOptions load = {});
// The .tflite file of `graph`, written and read back.
Model tflite_of(const litesmith::Model& graph, std::string source);

Dataset to_dataset(const Samples& samples);
// The same, all of it checked to be finite.
Dataset to_finite_dataset(const Samples& samples);
Labels to_labels(const Samples& samples);

}  // namespace litesmith::api
