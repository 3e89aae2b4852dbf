#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace litesmith::python {

void bind_interpreter(nb::module_& module) {
  nb::class_<api::Interpreter>(module, "Interpreter")
      .def(
          "__init__",
          [](api::Interpreter* self, const api::Model& model, const std::string& arithmetic,
             bool preserve_all_tensors) {
            const Arithmetic chosen = arithmetic_named(arithmetic);
            const nb::gil_scoped_release release;
            new (self) api::Interpreter(
                model, {.arithmetic = chosen, .preserve_all_tensors = preserve_all_tensors});
          },
          nb::arg("model"), nb::arg("arithmetic") = "litert",
          nb::arg("preserve_all_tensors") = false)
      .def("resize_input", &api::Interpreter::resize_input)
      .def("allocate", &api::Interpreter::allocate, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("allocated", &api::Interpreter::allocated)
      .def("input", [](nb::handle self,
                       size_t i) { return view(nb::cast<api::Interpreter&>(self).input(i), self); })
      .def("tensor",
           [](nb::handle self, size_t index) {
             return view(nb::cast<const api::Interpreter&>(self).tensor(index), self);
           })
      .def("shape", &api::Interpreter::shape)
      .def("invoke", &api::Interpreter::invoke, nb::call_guard<nb::gil_scoped_release>())
      .def("reset_variables", &api::Interpreter::reset_variables);

  nb::class_<api::LayerErrors>(module, "LayerErrors")
      .def(nb::init<const api::Model&, const api::Model&,
                    const std::vector<std::vector<int32_t>>&>())
      .def("layers",
           [](const api::LayerErrors& errors) {
             nb::list result;
             for (const auto& layer : errors.layers()) {
               result.append(nb::make_tuple(layer.op, layer.name, layer.tensor));
             }
             return result;
           })
      .def("input",
           [](nb::handle self, size_t i) {
             return view(std::as_writable_bytes(nb::cast<api::LayerErrors&>(self).input(i)), self);
           })
      .def("run", &api::LayerErrors::run, nb::call_guard<nb::gil_scoped_release>())
      .def("quantized_output",
           [](nb::handle self, size_t i) {
             return view(nb::cast<const api::LayerErrors&>(self).quantized_output(i), self);
           })
      .def("float_output", [](nb::handle self, size_t i) {
        return view(std::as_bytes(nb::cast<const api::LayerErrors&>(self).float_output(i)), self);
      });
}

}  // namespace litesmith::python
