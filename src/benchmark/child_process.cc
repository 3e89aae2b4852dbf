#include "benchmark/child_process.h"

#include <sys/socket.h>

#include <cerrno>

namespace litesmith {

ChildProcess::ChildProcess(const std::vector<std::string>& words)
    : child_(start_program(words, channel_.theirs(), channel_.theirs(), -1)) {
  channel_.close_theirs();
}

ChildProcess::~ChildProcess() {
  channel_.close_ours();
  wait_for(child_);
}

bool ChildProcess::write_line(std::string_view line) {
  std::string rest = std::string(line) + "\n";
  while (!rest.empty()) {
    const ssize_t count = ::send(channel_.ours(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    rest.erase(0, static_cast<size_t>(count));
  }
  return true;
}

std::optional<std::string> ChildProcess::read_line() {
  while (true) {
    if (const size_t end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    char buffer[4096];
    const ssize_t count = ::recv(channel_.ours(), buffer, sizeof(buffer), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    unread_.append(buffer, static_cast<size_t>(count));
  }
}

}  // namespace litesmith
