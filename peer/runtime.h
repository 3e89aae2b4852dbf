// A foreign runtime with a model loaded, behind its shared library's C interface.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace litesmith::peer {

class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual std::string version() const = 0;  // empty where the library does not tell
  // Writes the inputs and runs the model, on one thread. Throws std::runtime_error.
  virtual void invoke() = 0;
};

// Throw std::runtime_error with the library's own words.
std::unique_ptr<Runtime> open_litert(const char* library, const char* model);
std::unique_ptr<Runtime> open_onnxruntime(const char* library, const char* model);

}  // namespace litesmith::peer
