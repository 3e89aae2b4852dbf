// Where a verb prints: data on stdout, everything else on stderr.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/progress.h"

namespace litesmith::cli {

class Console {
 public:
  Console();

  // Data, kept until finish().
  void print(std::string_view text) { out_ += text; }
  // Data that shall be there even when a later step fails or takes long.
  void print_now(std::string_view text);
  // "warning: ..." and plain remarks.
  void warn(std::string_view text);
  void note(std::string_view text);

  // A bar on stderr when that is a terminal; stops the work after an interrupt.
  Progress progress();
  // Writes what was printed. Throws Error(io) when stdout does not take it.
  void finish();

  // Set by the signal handler.
  static std::atomic<bool> interrupted;

 private:
  void draw(std::string_view stage, size_t done, size_t total);
  void clear();

  std::string out_;
  bool is_terminal_;
  bool drawn_ = false;
  int64_t last_drawn_ms_ = 0;
};

}  // namespace litesmith::cli
