// litesmith._native: what the Python package calls. The package itself (python/litesmith) is what
// users see; nothing here is meant for them.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>

#include "bindings.h"
#include "litesmith/command_line.h"

namespace litesmith::python {
namespace {

// The class of litesmith.errors that stands for a code.
const char* class_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "UsageError";
    case ErrorCode::io:
      return "FileError";
    case ErrorCode::format:
      return "ModelFormatError";
    case ErrorCode::unsupported:
      return "UnsupportedOpError";
    case ErrorCode::data:
      return "DataError";
    case ErrorCode::cancelled:
      return "CancelledError";
    case ErrorCode::internal:
      break;
  }
  return "InternalError";
}

// Messages may quote a file's bytes, which need not be UTF-8.
nb::object text(const char* message) {
  return nb::steal(
      PyUnicode_DecodeUTF8(message, static_cast<Py_ssize_t>(std::strlen(message)), "replace"));
}

int command_line(const std::vector<std::string>& words) {
  std::vector<const char*> pointers;
  pointers.reserve(words.size());
  for (const std::string& word : words) pointers.push_back(word.c_str());
  const nb::gil_scoped_release release;
  return api::command_line(static_cast<int>(pointers.size()), pointers.data());
}

}  // namespace

void bind_errors(nb::module_&) {
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Error& error) {
      const nb::object type = nb::module_::import_("litesmith.errors").attr(class_of(error.code()));
      PyErr_SetObject(type.ptr(), text(error.what()).ptr());
    }
  });
}

}  // namespace litesmith::python

NB_MODULE(_native, module) {
  namespace py = litesmith::python;
  py::bind_errors(module);
  py::bind_model(module);
  py::bind_interpreter(module);
  py::bind_work(module);
  module.def("command_line", &py::command_line);
  module.def("version", &litesmith::api::version);
  module.def("build_info", &litesmith::api::build_info);
}
