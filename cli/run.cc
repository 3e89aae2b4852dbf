// The litesmith command: one verb a call, one message an error, one exit code a kind of error.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "base/error.h"
#include "command_line.h"
#include "litesmith/command_line.h"

namespace {

using litesmith::Error;
using litesmith::ErrorCode;
using litesmith::cli::Console;

constexpr int kNotPassed = 1;  // the work is done, and what was judged did not pass

// The first interrupt asks the work to stop and clean up; a second one ends the program at once.
void on_interrupt(int signal) {
  Console::interrupted = true;
  std::signal(signal, SIG_DFL);
}

int fail(Console& console, ErrorCode code, const std::string& message) {
  console.note("litesmith: " + message);
  return static_cast<int>(code);
}

int run(Console& console, int count, const char* const* words) {
  try {
    auto command = litesmith::cli::parse_command_line({words + 1, words + count});
    if (command.verb) {
      command.verb->run(console);
    } else {
      console.print(command.text);
    }
    console.finish();
    return command.verb == nullptr || command.verb->passed() ? 0 : kNotPassed;
  } catch (const Error& error) {
    return fail(console, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(console, ErrorCode::internal, "out of memory");
  } catch (const std::exception& error) {
    return fail(console, ErrorCode::internal,
                std::string("internal error, please report it: ") + error.what());
  }
}

}  // namespace

namespace litesmith::api {

int command_line(int count, const char* const* words) {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  // A reader that went away and a file that grew too large are errors of write(), not deaths.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // run --all-tensors holds a file a tensor open.
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  cli::Console::interrupted = false;
  cli::Console console;
  return ::run(console, count, words);
}

}  // namespace litesmith::api
