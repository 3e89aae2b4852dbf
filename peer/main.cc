// litesmith-peer: runs another runtime for `litesmith benchmark`, in a process of its own.
// benchmark/peer.h describes what they say to each other.
//
// A process of its own, because litesmith is one static file that loads no library, and because a
// foreign library that crashes must not take the measurement with it.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "benchmark/turn.h"
#include "runtime.h"

namespace {

using litesmith::peer::Runtime;

std::unique_ptr<Runtime> open(const std::string& runtime, const char* library, const char* model) {
  if (runtime == "litert") return litesmith::peer::open_litert(library, model);
  if (runtime == "onnxruntime") return litesmith::peer::open_onnxruntime(library, model);
  throw std::runtime_error("there is no runtime '" + runtime + "'");
}

// Answers go to a copy of stdout, which libraries do not know of; what they print goes to stderr.
std::FILE* answers() {
  std::FILE* file = ::fdopen(::dup(STDOUT_FILENO), "w");
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return file;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: litesmith-peer RUNTIME LIBRARY MODEL\n", stderr);
    return 2;
  }
  std::FILE* const out = answers();
  try {
    const std::unique_ptr<Runtime> runtime = open(words[1], words[2], words[3]);
    litesmith::TurnTimer timer([&](size_t times) {
      for (size_t i = 0; i < times; ++i) runtime->invoke();
    });
    std::fprintf(out, "ready %s\n", runtime->version().c_str());
    std::fflush(out);
    for (double budget_us = 0; std::cin >> budget_us;) {
      for (const double us : timer.take(budget_us)) std::fprintf(out, "%.4f ", us);
      std::fputs("\n", out);
      std::fflush(out);
    }
    return 0;
  } catch (const std::exception& error) {
    std::string message = error.what();
    for (char& c : message) {
      if (c == '\n') c = ' ';
    }
    std::fprintf(out, "error %s\n", message.c_str());
    std::fflush(out);
    return 1;
  }
}
