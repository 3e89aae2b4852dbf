// Running something once for each instruction set of the machine.
#pragma once

#include <cstdlib>
#include <string>

#include "base/cpu_features.h"

namespace litesmith::testing {

// Sets LITESMITH_ISA for the lifetime of the object and puts it back.
class WithIsa {
 public:
  explicit WithIsa(Isa isa) {
    if (const char* before = std::getenv(kName)) before_ = before;
    ::setenv(kName, std::string(to_string(isa)).c_str(), 1);
  }
  ~WithIsa() { before_.empty() ? ::unsetenv(kName) : ::setenv(kName, before_.c_str(), 1); }
  WithIsa(const WithIsa&) = delete;
  WithIsa& operator=(const WithIsa&) = delete;

 private:
  static constexpr const char* kName = "LITESMITH_ISA";
  std::string before_;
};

}  // namespace litesmith::testing
