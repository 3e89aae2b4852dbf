#include <nanobind/stl/string.h>

#include <chrono>

#include "bindings.h"

namespace litesmith::python {

void Watch::look(std::exception_ptr& raised) {
  std::string stage;
  size_t done = 0;
  size_t total = 0;
  {
    const std::lock_guard lock(mutex_);
    stage = stage_;
    done = done_;
    total = total_;
  }
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!on_progress_.is_none() && !stage.empty()) on_progress_(stage, done, total);
  } catch (...) {
    raised = std::current_exception();
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
}

void Watch::run(const std::function<void()>& work) {
  constexpr auto kLookEvery = std::chrono::milliseconds(30);
  std::exception_ptr failed;
  std::thread worker([&] {
    try {
      work();
    } catch (...) {
      failed = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  });
  std::exception_ptr raised;
  for (bool finished = false; !finished;) {
    {
      const nb::gil_scoped_release release;
      std::unique_lock lock(mutex_);
      finished = changed_.wait_for(lock, kLookEvery, [this] { return finished_; });
    }
    if (!raised) look(raised);
  }
  {
    const nb::gil_scoped_release release;
    worker.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (failed) std::rethrow_exception(failed);
}

}  // namespace litesmith::python
