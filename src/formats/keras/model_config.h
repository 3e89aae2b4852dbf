// A model's configuration as one structure, whichever Keras wrote it.
//
// Keras 3 (.keras, and its legacy .h5), TF-Keras and Keras 2 spell the same graph in different
// JSON; the differences end here.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/keras/json.h"
#include "ir/shape.h"

namespace litesmith::keras {

// One tensor of a functional graph: output `tensor` of call `call` of layer `layer`.
struct TensorRef {
  size_t layer = 0;
  size_t call = 0;
  size_t tensor = 0;
};

// One argument of a call: a value of the file, with the tensors in it.
struct Argument {
  std::string name;  // empty for a positional one
  const Json* value = nullptr;
  size_t first_tensor = 0;  // its tensors among those of the call, in the order they stand
  size_t tensor_count = 0;
};

// One call of a layer: every tensor it is given, positional ones first, and how.
struct CallConfig {
  std::vector<TensorRef> tensors = {};
  std::vector<Argument> arguments = {};
  // The tensor that a layer is given as the argument `mask`; not among the others.
  std::optional<TensorRef> mask = {};
};

struct ModelConfig;

struct LayerConfig {
  std::string class_name;
  std::string name;
  std::string path;             // of names, from the top: "encoder/dense_1"
  std::string weights_path;     // in Keras 3's scheme: "layers/functional/layers/dense_1"
  std::string module;           // where Keras has the class, as the file says
  std::string registered_name;  // "package>Class" of a user's own class
  const Json* config = nullptr;
  std::vector<CallConfig> calls;       // in the order of the file
  std::unique_ptr<ModelConfig> model;  // when the layer is itself a model
  // The layers it wraps (LayerDef::wraps), in that order; those the file leaves out are left out.
  std::vector<LayerConfig> wrapped;
  // Of a layer that is wrapped to be trained: the wrapper's weights_path, where its first variables
  // may lie, and whether its kernel stands for the centroids there.
  std::string taken_to;
  bool is_clustered = false;
  std::string problem;  // why its calls cannot be imported; empty: they can

  bool is_operation = false;  // a function of keras.ops rather than a layer
  bool is_input() const { return class_name == "InputLayer"; }
};

struct ModelConfig {
  std::string name;
  std::vector<LayerConfig> layers;
  std::vector<TensorRef> inputs;
  std::vector<TensorRef> outputs;
  // Of a dictionary of outputs, in the order of `outputs`; else empty.
  std::vector<std::string> output_names;
  bool is_sequence = false;  // every layer takes all that the one before it gives
  // A Sequential model without an input layer: the shape it was built for, empty when unknown.
  bool needs_input = false;
  Shape built_for;
  std::string made_up_input_name;
};

// `model` is the serialized model ({"class_name": "Sequential", "config": ...}); the result points
// into it. Throws Error(unsupported) for a model that is no graph of layers, Error(format) for one
// whose parts do not fit together.
ModelConfig parse_model_config(const Json& model);

// "Conv2DTranspose" to "conv2d_transpose", as Keras names the groups of a class's weights.
std::string to_snake_case(std::string_view class_name);

// A shape from JSON, null dimensions dynamic.
Shape to_shape(const Json& json);

}  // namespace litesmith::keras
