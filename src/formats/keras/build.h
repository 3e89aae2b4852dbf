// From a configuration and weights to a graph of LiteRT's operators.
#pragma once

#include "formats/keras/layer.h"
#include "formats/keras/model_config.h"
#include "formats/keras/weights.h"
#include "ir/graph.h"

namespace litesmith::keras {

// Throws Error(unsupported) that names every layer, in every nested model, that cannot be imported,
// and why.
void check_supported(const ModelConfig& model);

// Inputs, outputs and signature are named as TensorFlow's converter names those of a Keras 3 model;
// values inside after the layers' paths. Weights that are no finite numbers are refused.
Model build_model(const ModelConfig& model, WeightSource& weights, Dialect dialect);

}  // namespace litesmith::keras
