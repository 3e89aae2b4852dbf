#include "program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace litesmith {
namespace {

// Becomes the program; only what is safe between fork and exec.
[[noreturn]] void become(std::vector<char*>& words, const CallOptions& options) {
  if (options.file_size_limit) {
    const rlimit limit{*options.file_size_limit, *options.file_size_limit};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (options.stdout_file) {
    const int file = ::open(options.stdout_file->c_str(), O_WRONLY);
    ::dup2(file, STDOUT_FILENO);
  }
  ::execv(words[0], words.data());
  ::_exit(127);
}

std::vector<char*> words_of(const std::vector<std::string>& arguments,
                            std::vector<std::string>& memory) {
  memory = {LITESMITH_PROGRAM};
  memory.insert(memory.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& word : memory) words.push_back(word.data());
  words.push_back(nullptr);
  return words;
}

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(count));
  }
  ::close(descriptor);
  return text;
}

int exit_code(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Outcome call(const std::vector<std::string>& arguments, const CallOptions& options) {
  std::vector<std::string> memory;
  std::vector<char*> words = words_of(arguments, memory);
  int out[2];
  int err[2];
  if (::pipe(out) != 0 || ::pipe(err) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    for (const int descriptor : {out[0], out[1], err[0], err[1]}) ::close(descriptor);
    become(words, options);
  }
  ::close(out[1]);
  ::close(err[1]);
  Outcome outcome;
  std::thread errors([&] { outcome.err = read_all(err[0]); });
  outcome.out = read_all(out[0]);
  errors.join();
  outcome.exit_code = exit_code(child);
  return outcome;
}

Running::Running(const std::vector<std::string>& arguments) {
  std::vector<std::string> memory;
  std::vector<char*> words = words_of(arguments, memory);
  child_ = ::fork();
  if (child_ != 0) return;
  const int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDERR_FILENO);
  become(words, {});
}

void Running::interrupt() const { ::kill(child_, SIGINT); }

int Running::wait() { return exit_code(child_); }

std::vector<std::string> tree(const std::filesystem::path& path) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    names.push_back(std::filesystem::relative(entry.path(), path).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace litesmith
