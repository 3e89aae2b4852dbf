// The command line, callable: what the program `litesmith` and the Python package's entry point
// run.
#pragma once

namespace litesmith::api {

// Runs the words of a command ("litesmith", "inspect", "a.tflite") and returns its exit code
// (docs/cli.md). Prints to the process's stdout and stderr; handles SIGINT and SIGTERM from now on.
int command_line(int count, const char* const* words);

}  // namespace litesmith::api
