// What is asked of a model before anything is built: every layer it needs is one we know.
#include <string>

#include "base/error.h"
#include "formats/keras/activations.h"
#include "formats/keras/build.h"

namespace litesmith::keras {
namespace {

// Why a class cannot be imported.
std::string reason(const LayerConfig& layer) {
  const std::string& name = layer.class_name;
  if (name == "Lambda") {
    return "Lambda holds Python code, which only Python can run; use layers instead";
  }
  if (layer.is_operation || name == "TensorFlowOpLayer" || name == "ClassMethod" ||
      name == "InstanceMethod" || name == "InstanceProperty") {
    return "the operation " + name + " between layers is not supported; use a layer instead";
  }
  if (layer.registered_name.find('>') != std::string::npos) {
    return name + " is a class of the model's author ('" + layer.registered_name +
           "'), whose code is not in the file";
  }
  return name + " is not supported";
}

void gather(const ModelConfig& model, Diagnostics& findings);

void gather(const LayerConfig& layer, Diagnostics& findings) {
  auto note = [&](const std::string& why) {
    findings.error(ErrorCode::unsupported, "layer '" + layer.path + "': " + why);
  };
  if (!layer.problem.empty()) note(layer.problem);
  if (layer.model) return gather(*layer.model, findings);
  if (layer.is_input()) return;
  const LayerDef* def = find_definition(layer);
  if (def == nullptr || layer.registered_name.find('>') != std::string::npos) {
    return note(reason(layer));
  }
  try {
    if (def->check != nullptr) def->check(*layer.config);
    check_activation((*layer.config)["activation"]);
  } catch (const Error& error) {
    note(layer.class_name + ": " + error.what());
  }
  for (const LayerConfig& wrapped : layer.wrapped) gather(wrapped, findings);
}

void gather(const ModelConfig& model, Diagnostics& findings) {
  for (const LayerConfig& layer : model.layers) gather(layer, findings);
}

}  // namespace

void check_supported(const ModelConfig& model) {
  Diagnostics findings;
  gather(model, findings);
  findings.throw_if_errors("the model has layers that cannot be imported");
}

}  // namespace litesmith::keras
