// The one exception type of litesmith, and the list that gathers findings before one is thrown.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace litesmith {

// What kind of thing went wrong; the command line turns it into its exit code (docs/cli.md).
enum class ErrorCode {
  usage = 2,        // the caller asked for something that makes no sense
  io = 3,           // a file or folder cannot be read or written
  format = 4,       // a file's bytes are not what its format says
  unsupported = 5,  // well formed, but not something litesmith can do
  data = 6,         // shapes, types, values or labels do not fit the model
  internal = 7,     // our mistake
  cancelled = 8,    // a Progress asked to stop
};

std::string_view to_string(ErrorCode code);

// An error says what, where and what to do. Callers add context as it rises:
// "while reading layer 'conv2d_1': while reading 'model.keras': ...".
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  // The message with its context in front, outermost first.
  const char* what() const noexcept override { return message_.c_str(); }

  void add_context(std::string_view where) { message_ = std::string(where) + ": " + message_; }

 private:
  ErrorCode code_;
  std::string message_;
};

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
