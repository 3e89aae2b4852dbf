#include "base/program.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>

#include "base/child.h"
#include "base/error.h"

namespace litesmith {
namespace {

// Sends what it takes; closes the channel when all is sent or nobody listens.
void send_some(Channel& channel, std::string_view& rest) {
  const ssize_t count =
      ::send(channel.ours(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count > 0) rest.remove_prefix(static_cast<size_t>(count));
  const bool must_wait = count < 0 && (errno == EINTR || errno == EAGAIN);
  if (rest.empty() || (count <= 0 && !must_wait)) channel.close_ours();
}

// Appends what there is; closes the channel at its end.
void receive_some(Channel& channel, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(channel.ours(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  const bool must_wait = count < 0 && (errno == EINTR || errno == EAGAIN);
  if (count <= 0 && !must_wait) channel.close_ours();
}

}  // namespace

std::string run_program(const std::vector<std::string>& words, std::string_view input) {
  Channel in, out, problems;
  const pid_t child = start_program(words, in.theirs(), out.theirs(), problems.theirs());
  for (Channel* channel : {&in, &out, &problems}) channel->close_theirs();
  std::string text, said;
  if (input.empty()) in.close_ours();
  while (in.ours() >= 0 || out.ours() >= 0 || problems.ours() >= 0) {
    std::array<pollfd, 3> waits = {
        {{in.ours(), POLLOUT, 0}, {out.ours(), POLLIN, 0}, {problems.ours(), POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;  // a signal: ask again
    if (waits[0].revents != 0) send_some(in, input);
    if (waits[1].revents != 0) receive_some(out, text);
    if (waits[2].revents != 0) receive_some(problems, said);
  }
  if (const int status = wait_for(child); status != 0) {
    // What POSIX lets a child say that could not become the program.
    constexpr int kNotStarted = 127;
    if (said.empty() && WIFEXITED(status) && WEXITSTATUS(status) == kNotStarted) {
      throw Error(ErrorCode::io, "cannot run '" + words.at(0) + "': No such file or directory");
    }
    constexpr size_t kMostSaid = 500;
    throw Error(ErrorCode::io, "'" + words.at(0) + "' failed: " + said.substr(0, kMostSaid));
  }
  return text;
}

}  // namespace litesmith
