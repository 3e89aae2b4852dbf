// Runs a program and prints what it cost: "CPU_SECONDS WALL_SECONDS PEAK_BYTES". Its exit code is
// the program's.
//
// Linux remembers the largest memory of a process across exec, so that a program started by a large
// Python would seem as large as that; this one is small.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>
#include <ctime>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fputs("usage: process_cost PROGRAM [ARGUMENT]...\n", stderr);
    return 2;
  }
  // What the program prints is dropped; what this one prints is the cost.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
  const double began = now();
  pid_t child = 0;
  if (posix_spawnp(&child, words[1], &actions, nullptr, words + 1, environ) != 0) {
    std::perror(words[1]);
    return 127;
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  std::printf("%.6f %.6f %lld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), now() - began,
              static_cast<long long>(usage.ru_maxrss) * 1024);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
