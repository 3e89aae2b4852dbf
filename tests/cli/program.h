// Runs the litesmith program and catches what it says.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace litesmith {

struct Outcome {
  int exit_code = -1;  // 128 + the signal when one ended it
  std::string out;
  std::string err;
};

struct CallOptions {
  std::optional<std::string> stdout_file = {};  // instead of catching it
  std::optional<size_t> file_size_limit = {};   // bytes that any file may grow to
};

Outcome call(const std::vector<std::string>& arguments, const CallOptions& options = {});

// A call under way, to be interrupted.
class Running {
 public:
  explicit Running(const std::vector<std::string>& arguments);
  void interrupt() const;
  int wait();  // the exit code

 private:
  pid_t child_;
};

// Every file and folder below `path`, sorted.
std::vector<std::string> tree(const std::filesystem::path& path);

}  // namespace litesmith
