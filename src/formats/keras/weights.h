// Where a model's weights come from: a path to an array, whatever holds them.
#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/shared_bytes.h"
#include "formats/hdf5/hdf5.h"
#include "formats/keras/model_config.h"
#include "ir/buffer.h"
#include "ir/shape.h"

namespace litesmith::keras {

// Float32, whatever the file holds.
struct WeightArray {
  Shape shape;
  Buffer elements;
  // No element is larger or smaller than this with its sign; infinity when not known.
  float largest_magnitude = std::numeric_limits<float>::infinity();
};

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  // The array at a path of Keras 3's scheme, "layers/dense_1/vars/0"; nothing when there is none.
  virtual std::optional<WeightArray> find(const std::string& path) = 0;
  // What a wrapper that trains with quantization, at a path ("layers/quantize_wrapper_v2"), has
  // learned: smallest and largest values in pairs, in the order in which it makes them.
  virtual std::vector<WeightArray> learned(const std::string& wrapper) {
    static_cast<void>(wrapper);
    return {};
  }
};

// The weights of a .keras archive or folder: the tree of model.weights.h5.
std::unique_ptr<WeightSource> archive_weights(hdf5::File file, const ModelConfig& model);

// The weights of a legacy .h5: lists of arrays, one for each layer of the outermost model.
std::unique_ptr<WeightSource> legacy_weights(const hdf5::Group& model_weights,
                                             const ModelConfig& model);

// A dataset as float32; throws Error(unsupported) for integers (quantized layers) and other types.
WeightArray to_weight_array(const hdf5::Dataset& dataset);

// The array with its dimensions in another order: result dimension i is dimension permutation[i].
WeightArray transposed(const WeightArray& array, const std::vector<int32_t>& permutation);

// A list that Keras splits over attributes "name0", "name1", ... when it is long.
std::optional<std::vector<std::string>> split_strings(const hdf5::Object& object,
                                                      const std::string& name);

}  // namespace litesmith::keras
