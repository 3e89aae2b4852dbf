#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "bindings.h"

namespace litesmith::python {
namespace {

// What Python's buffers call an element type (struct's letters, 64-bit Linux); empty where they
// have no name for it.
std::string_view buffer_letters(std::optional<DType> dtype) {
  switch (dtype.value_or(DType::string)) {
    case DType::float32:
      return "f";
    case DType::float64:
      return "d";
    case DType::float16:
      return "e";
    case DType::int8:
      return "b";
    case DType::uint8:
      return "B";
    case DType::int16:
      return "h";
    case DType::uint16:
      return "H";
    case DType::int32:
      return "i";
    case DType::uint32:
      return "I";
    case DType::int64:
      return "lq";
    case DType::uint64:
      return "LQ";
    case DType::boolean:
      return "?";
    default:
      return "";
  }
}

// An input as set() wants it; found when memory is allocated, for set() is called for every sample.
struct Input {
  size_t tensor;
  std::string_view letters;
  std::vector<Py_ssize_t> shape;
  std::span<std::byte> memory;
};

class Interpreter : public api::Interpreter {
 public:
  using api::Interpreter::Interpreter;
  explicit Interpreter(api::Interpreter&& other) : api::Interpreter(std::move(other)) {}

  void allocate() {
    api::Interpreter::allocate();
    inputs_.clear();
    const auto tensors = model().tensors(subgraph());
    for (const size_t tensor : model().inputs(subgraph())) {
      const auto sizes = shape(tensor);
      inputs_.push_back({tensor,
                         buffer_letters(tensors[tensor].dtype),
                         {sizes.begin(), sizes.end()},
                         input(inputs_.size())});
    }
  }
  void resize_input(size_t i, std::vector<int32_t> shape) {
    inputs_.clear();
    api::Interpreter::resize_input(i, std::move(shape));
    if (allocated()) allocate();
  }

  // Copies an array into the input that is tensor `index`. False, and nothing done, for all but a
  // C-ordered array of just its type and shape: Python's side knows what to do or say then.
  bool set(Py_ssize_t index, nb::handle array) {
    const auto input = std::find_if(inputs_.begin(), inputs_.end(), [&](const Input& each) {
      return static_cast<Py_ssize_t>(each.tensor) == index;
    });
    if (input == inputs_.end()) return false;
    Py_buffer buffer;
    if (PyObject_GetBuffer(array.ptr(), &buffer, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) != 0) {
      PyErr_Clear();
      return false;
    }
    const char* format = buffer.format;
    const bool fits = format != nullptr && format[0] != 0 && format[1] == 0 &&
                      input->letters.find(format[0]) != std::string_view::npos &&
                      std::equal(input->shape.begin(), input->shape.end(), buffer.shape,
                                 buffer.shape + buffer.ndim);
    if (fits && buffer.len > 0) {
      std::memcpy(input->memory.data(), buffer.buf, static_cast<size_t>(buffer.len));
    }
    PyBuffer_Release(&buffer);
    return fits;
  }

 private:
  std::vector<Input> inputs_;
};

}  // namespace

void bind_interpreter(nb::module_& module) {
  nb::class_<Interpreter>(module, "Interpreter")
      .def(
          "__init__",
          [](Interpreter* self, const api::Model& model, const std::string& arithmetic,
             bool preserve_all_tensors, unsigned threads,
             const std::optional<std::string>& signature) {
            const Arithmetic chosen = arithmetic_named(arithmetic);
            const nb::gil_scoped_release release;
            new (self) Interpreter(model, {.arithmetic = chosen,
                                           .signature = signature,
                                           .preserve_all_tensors = preserve_all_tensors,
                                           .threads = threads});
          },
          nb::arg("model"), nb::arg("arithmetic") = "litert",
          nb::arg("preserve_all_tensors") = false, nb::arg("threads") = 1,
          nb::arg("signature") = nb::none())
      .def("for_signature",
           [](Interpreter& self, const std::string& key) {
             return Interpreter(self.for_signature(key));
           })
      .def("resize_input", &Interpreter::resize_input)
      .def("allocate", &Interpreter::allocate, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("allocated", &Interpreter::allocated)
      .def_prop_ro("threads", &Interpreter::threads)
      .def("set", &Interpreter::set)
      .def("input", [](nb::handle self,
                       size_t i) { return view(nb::cast<Interpreter&>(self).input(i), self); })
      .def("tensor",
           [](nb::handle self, size_t index) {
             return view(nb::cast<const Interpreter&>(self).tensor(index), self);
           })
      .def("set_texts",
           [](Interpreter& self, size_t i, const nb::list& given) {
             std::vector<std::string> texts;
             for (const nb::handle each : given) {
               const auto text = nb::cast<nb::bytes>(each);
               texts.emplace_back(text.c_str(), text.size());
             }
             self.set_texts(i, std::move(texts));
           })
      .def("texts",
           [](const Interpreter& self, size_t index) {
             nb::list texts;
             for (const std::string& text : self.texts(index)) {
               texts.append(nb::bytes(text.data(), text.size()));
             }
             return texts;
           })
      .def("shape", &Interpreter::shape)
      .def("invoke", &Interpreter::invoke, nb::call_guard<nb::gil_scoped_release>())
      .def("reset_variables", &Interpreter::reset_variables);

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
