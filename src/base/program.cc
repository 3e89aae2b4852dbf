#include "base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace litesmith {
namespace {

// Our end of a channel to the program. A socket and not a pipe: writing to a program that has ended
// is then an error and no signal.
class Channel {
 public:
  Channel() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0) {
      throw Error(ErrorCode::io, std::string("cannot make a socket: ") + std::strerror(errno));
    }
  }
  ~Channel() {
    close(0);
    close(1);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int ours() const { return ends_[0]; }
  int theirs() const { return ends_[1]; }
  void close(size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

// Sends what it takes; closes the channel when all is sent or nobody listens.
void send_some(Channel& channel, std::string_view& rest) {
  const ssize_t count =
      ::send(channel.ours(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count > 0) rest.remove_prefix(static_cast<size_t>(count));
  const bool must_wait = count < 0 && (errno == EINTR || errno == EAGAIN);
  if (rest.empty() || (count <= 0 && !must_wait)) channel.close(0);
}

// Appends what there is; closes the channel at its end.
void receive_some(Channel& channel, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(channel.ours(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  const bool must_wait = count < 0 && (errno == EINTR || errno == EAGAIN);
  if (count <= 0 && !must_wait) channel.close(0);
}

pid_t start(const std::vector<std::string>& words, const Channel& in, const Channel& out,
            const Channel& problems) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.theirs(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.theirs(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, problems.theirs(), STDERR_FILENO);
  std::vector<std::string> memory = words;
  std::vector<char*> pointers;
  for (std::string& word : memory) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = -1;
  const int failed =
      ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw Error(ErrorCode::io, "cannot run '" + words.at(0) + "': " + std::strerror(failed));
  }
  return child;
}

}  // namespace

std::string run_program(const std::vector<std::string>& words, std::string_view input) {
  Channel in, out, problems;
  const pid_t child = start(words, in, out, problems);
  for (Channel* channel : {&in, &out, &problems}) channel->close(1);
  std::string text, said;
  if (input.empty()) in.close(0);
  while (in.ours() >= 0 || out.ours() >= 0 || problems.ours() >= 0) {
    std::array<pollfd, 3> waits = {
        {{in.ours(), POLLOUT, 0}, {out.ours(), POLLIN, 0}, {problems.ours(), POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;  // a signal: ask again
    if (waits[0].revents != 0) send_some(in, input);
    if (waits[1].revents != 0) receive_some(out, text);
    if (waits[2].revents != 0) receive_some(problems, said);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) {
    constexpr size_t kMostSaid = 500;
    throw Error(ErrorCode::io, "'" + words.at(0) + "' failed: " + said.substr(0, kMostSaid));
  }
  return text;
}

}  // namespace litesmith
