// What the files of the extension share.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "litesmith/litesmith.h"

namespace litesmith::python {

namespace nb = nanobind;

// The bytes of a NumPy array: the package's Python side knows types and shapes.
using BytesIn = nb::ndarray<const uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using BytesOut = nb::ndarray<nb::numpy, uint8_t, nb::ndim<1>>;
using ConstBytesOut = nb::ndarray<nb::numpy, const uint8_t, nb::ndim<1>>;

// A view of memory that `owner` keeps alive.
BytesOut view(std::span<std::byte> bytes, nb::handle owner);
ConstBytesOut view(std::span<const std::byte> bytes, nb::handle owner);

// [(name, dtype, shape, bytes), ...]
std::vector<api::Array> arrays_from(nb::handle given);
// Samples as Python hands them over: a path, or (name, [(name, dtype, shape, bytes), ...]).
api::Samples samples_from(nb::handle given);
std::optional<api::Samples> optional_samples_from(nb::handle given);
// (name, dtype, shape, bytes)
nb::tuple array_to_python(const api::Array& array);

std::string dtype_name(std::optional<DType> dtype);
DType dtype_named(const std::string& name);
Mode mode_named(const std::string& name);
ConvertTarget convert_target_named(const std::string& name);
Arithmetic arithmetic_named(const std::string& name);

void bind_errors(nb::module_& module);
void bind_model(nb::module_& module);
void bind_interpreter(nb::module_& module);
void bind_work(nb::module_& module);

// Work on a thread of its own, while this one lets Python run, shows progress and looks for Ctrl-C.
class Watch {
 public:
  explicit Watch(nb::object on_progress) : on_progress_(std::move(on_progress)) {}

  Progress progress() {
    return [this](std::string_view stage, size_t done, size_t total) {
      const std::lock_guard lock(mutex_);
      stage_ = stage;
      done_ = done;
      total_ = total;
      return !cancelled_;
    };
  }
  // Runs `work` to its end; throws what it throws, or what Python raised meanwhile.
  void run(const std::function<void()>& work);

 private:
  void look(std::exception_ptr& raised);

  nb::object on_progress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;
  bool cancelled_ = false;
  std::string stage_;
  size_t done_ = 0;
  size_t total_ = 0;
};

// The value of `work(progress)`, watched.
template <class Work>
auto watched(nb::object on_progress, Work&& work) {
  using Result = decltype(work(Progress()));
  Watch watch(std::move(on_progress));
  std::optional<Result> result;
  watch.run([&] { result.emplace(work(watch.progress())); });
  return std::move(*result);
}

}  // namespace litesmith::python
