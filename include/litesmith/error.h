// What goes wrong with litesmith arrives as this one exception.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

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

}  // namespace litesmith
