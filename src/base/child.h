// What starting another program takes: a channel to it, the start, and its end.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace litesmith {

// Both ends of a channel between two programs. A socket and not a pipe: writing to a program that
// has ended is then an error and no signal. What is open at the end of its life is closed.
class Channel {
 public:
  // Throws Error(io).
  Channel();
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // -1 once closed.
  int ours() const { return ends_[0]; }
  int theirs() const { return ends_[1]; }
  void close_ours() { close(0); }
  void close_theirs() { close(1); }

 private:
  void close(size_t end);

  std::array<int, 2> ends_{};
};

// Starts `words[0]`, looked for as a shell would, with these files as its standard input, output
// and error; what it writes to an error of -1 is dropped. Throws Error(io) when it cannot be
// started.
pid_t start_program(const std::vector<std::string>& words, int in, int out, int error);

// Waits for the program to end; its status as waitpid() has it, 0 for success.
int wait_for(pid_t child);

}  // namespace litesmith
