// Another program, spoken to in lines over its standard input and output.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/child.h"

namespace litesmith {

class ChildProcess {
 public:
  // `words[0]` is looked for as a shell would. What the program writes to stderr is dropped.
  // Throws Error(io) when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& words);
  // Closes its input and waits for it to end.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // False when it no longer listens.
  bool write_line(std::string_view line);
  // Without its end. Nothing when it has ended.
  std::optional<std::string> read_line();

 private:
  Channel channel_;
  pid_t child_;
  std::string unread_;
};

}  // namespace litesmith
