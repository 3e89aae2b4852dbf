// The errors of litesmith (include/litesmith/error.h), with what the rooms need to raise them, and
// the list that gathers findings before one is thrown.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "litesmith/error.h"

namespace litesmith {

// Runs `body` and puts `where` in front of the message of any Error it throws.
template <class Body>
decltype(auto) with_context(std::string_view where, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (Error& error) {
    error.add_context(where);
    throw;
  }
}

// A check of our own logic: throws ErrorCode::internal. Never used for input from outside.
void check(bool condition, std::string_view what);

// Findings gathered during one long look at a model, so that the user learns all of them at once.
// Warnings are kept for the caller; errors become one Error.
class Diagnostics {
 public:
  void error(ErrorCode code, std::string message);
  void warning(std::string message) { warnings_.push_back(std::move(message)); }

  bool ok() const { return errors_.empty(); }
  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Throws one Error that lists the errors under `headline`; returns when there is none. A file
  // made to be wrong in a million places gets its first hundred listed and the rest counted.
  void throw_if_errors(std::string_view headline) const;

 private:
  ErrorCode code_ = ErrorCode::unsupported;
  std::vector<std::string> errors_;
  std::vector<std::string> warnings_;
};

}  // namespace litesmith
