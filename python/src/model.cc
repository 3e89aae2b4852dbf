#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace litesmith::python {
namespace {

nb::dict to_python(const api::TensorInfo& info) {
  nb::dict result;
  result["name"] = nb::cast(info.name);
  result["index"] = nb::cast(info.index);
  result["dtype"] = nb::cast(dtype_name(info.dtype));
  result["shape"] = nb::cast(info.shape);
  result["shape_signature"] = nb::cast(info.shape_signature);
  result["scales"] = nb::cast(info.quantization.scales);
  result["zero_points"] = nb::cast(info.quantization.zero_points);
  result["quantized_dimension"] = nb::cast(info.quantization.dimension);
  result["is_constant"] = nb::cast(info.is_constant);
  result["is_variable"] = nb::cast(info.is_variable);
  return result;
}

nb::list tensors(const api::Model& model, size_t subgraph) {
  nb::list result;
  for (const api::TensorInfo& info : model.tensors(subgraph)) result.append(to_python(info));
  return result;
}

nb::list ops(const api::Model& model, size_t subgraph) {
  nb::list result;
  for (const api::OpInfo& op : model.ops(subgraph)) {
    result.append(nb::make_tuple(op.name, op.inputs, op.outputs));
  }
  return result;
}

nb::dict entries(const std::vector<api::SignatureInfo::Entry>& list) {
  nb::dict result;
  for (const auto& entry : list) result[nb::cast(entry.name)] = nb::cast(entry.tensor);
  return result;
}

nb::list signatures(const api::Model& model) {
  nb::list result;
  for (const api::SignatureInfo& signature : model.signatures()) {
    result.append(nb::make_tuple(signature.key, signature.subgraph, entries(signature.inputs),
                                 entries(signature.outputs)));
  }
  return result;
}

using Dimensions = std::vector<std::pair<std::string, int32_t>>;

// The Python side has checked the text.
api::LoadOptions load_options(const std::optional<std::string>& sequence_input,
                              bool keep_nchw_input, Dimensions dimensions) {
  api::LoadOptions result{.keep_nchw_input = keep_nchw_input, .dimensions = std::move(dimensions)};
  if (sequence_input) {
    result.sequence_input =
        *sequence_input == "nlc" ? api::SequenceInput::nlc : api::SequenceInput::ncl;
  }
  return result;
}

api::Model load_bytes(const nb::bytes& content, const std::string& name,
                      const std::optional<std::string>& sequence_input, bool keep_nchw_input,
                      Dimensions dimensions) {
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(content.data()),
                                         content.size());
  const nb::gil_scoped_release release;
  return api::load(bytes, nullptr, name,
                   load_options(sequence_input, keep_nchw_input, std::move(dimensions)));
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<api::Model>(module, "Model")
      .def_prop_ro("source", &api::Model::source)
      .def_prop_ro("is_tflite", &api::Model::is_tflite)
      .def("subgraph_count", &api::Model::subgraph_count)
      .def("tensors", &tensors, nb::arg("subgraph") = 0)
      .def("ops", &ops, nb::arg("subgraph") = 0)
      .def("inputs", &api::Model::inputs, nb::arg("subgraph") = 0)
      .def("outputs", &api::Model::outputs, nb::arg("subgraph") = 0)
      .def("signatures", &signatures)
      .def(
          "constant",
          [](nb::handle self, size_t tensor, size_t subgraph) {
            return view(nb::cast<const api::Model&>(self).constant(tensor, subgraph), self);
          },
          nb::arg("tensor"), nb::arg("subgraph") = 0)
      .def("bytes",
           [](const api::Model& model) {
             const auto bytes = model.bytes();
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def("save", [](const api::Model& model, const std::string& path) {
        const nb::gil_scoped_release release;
        model.save(path);
      });
  module.def(
      "load",
      [](const std::string& path, const std::optional<std::string>& sequence_input,
         bool keep_nchw_input, Dimensions dimensions) {
        const nb::gil_scoped_release release;
        return api::load(path,
                         load_options(sequence_input, keep_nchw_input, std::move(dimensions)));
      },
      nb::arg("path"), nb::arg("sequence_input") = nb::none(), nb::arg("keep_nchw_input") = false,
      nb::arg("dimensions") = Dimensions());
  module.def("load_bytes", &load_bytes, nb::arg("content"), nb::arg("name"),
             nb::arg("sequence_input") = nb::none(), nb::arg("keep_nchw_input") = false,
             nb::arg("dimensions") = Dimensions());
  module.def("load_keras", [](const std::string& config, nb::handle weights, int keras_major,
                              const std::string& name) {
    const auto arrays = arrays_from(weights);
    const nb::gil_scoped_release release;
    return api::load_keras(config, arrays, keras_major, name);
  });
}

}  // namespace litesmith::python
