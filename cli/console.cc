#include "console.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>

#include "base/error.h"

namespace litesmith::cli {
namespace {

// Returns 0 or the error code.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

int64_t now_ms() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::atomic<bool> Console::interrupted{false};

Console::Console() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void Console::print_now(std::string_view text) {
  print(text);
  finish();
}

void Console::finish() {
  clear();
  const int code = write_all(STDOUT_FILENO, out_);
  out_.clear();
  if (code != 0) {
    throw Error(ErrorCode::io,
                "cannot write to standard output: " + std::generic_category().message(code));
  }
}

void Console::warn(std::string_view text) { note("warning: " + std::string(text)); }

void Console::note(std::string_view text) {
  clear();
  write_all(STDERR_FILENO, std::string(text) + "\n");
}

Progress Console::progress() {
  return [this](std::string_view stage, size_t done, size_t total) {
    if (is_terminal_) draw(stage, done, total);
    return !interrupted;
  };
}

void Console::draw(std::string_view stage, size_t done, size_t total) {
  constexpr int64_t kEveryMs = 50;
  const int64_t now = now_ms();
  if (drawn_ && now - last_drawn_ms_ < kEveryMs) return;
  last_drawn_ms_ = now;
  drawn_ = true;
  constexpr size_t kWidth = 30;
  const size_t filled = total == 0 ? kWidth : std::min(kWidth, done * kWidth / total);
  std::string line = "\r\x1b[K" + std::string(stage) + " [" + std::string(filled, '#') +
                     std::string(kWidth - filled, ' ') + "] " + std::to_string(done) + "/" +
                     std::to_string(total);
  write_all(STDERR_FILENO, line);
}

void Console::clear() {
  if (!drawn_) return;
  write_all(STDERR_FILENO, "\r\x1b[K");
  drawn_ = false;
}

}  // namespace litesmith::cli
