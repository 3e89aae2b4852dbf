#include "base/error.h"

namespace litesmith {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::io:
      return "io";
    case ErrorCode::format:
      return "format";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::data:
      return "data";
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::cancelled:
      return "cancelled";
  }
  return "unknown";
}

void check(bool condition, std::string_view what) {
  if (!condition) {
    throw Error(ErrorCode::internal, "internal error, please report it: " + std::string(what));
  }
}

void Diagnostics::error(ErrorCode code, std::string message) {
  if (errors_.empty()) code_ = code;
  errors_.push_back(std::move(message));
}

void Diagnostics::throw_if_errors(std::string_view headline) const {
  if (errors_.empty()) return;
  if (errors_.size() == 1) throw Error(code_, std::string(headline) + ": " + errors_.front());
  constexpr size_t kMostListed = 100;
  std::string message = std::string(headline) + ":";
  for (size_t i = 0; i < errors_.size() && i < kMostListed; ++i) message += "\n  - " + errors_[i];
  if (errors_.size() > kMostListed) {
    message += "\n  - and " + std::to_string(errors_.size() - kMostListed) + " more";
  }
  throw Error(code_, message);
}

}  // namespace litesmith
