#include "benchmark/peer.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "benchmark/child_process.h"

namespace litesmith {
namespace {

// How a runtime is found.
struct Runtime {
  std::string_view name;
  std::string_view title;
  std::string_view variable;
  std::string_view package;  // to be installed by pip
  std::string_view module;   // its folder
  std::string_view folder;   // within it
  std::string_view library;  // the beginning of the file's name
};

constexpr std::array<Runtime, 2> kRuntimes = {{
    {"litert", "LiteRT", "LITESMITH_LITERT_LIBRARY", "ai-edge-litert", "ai_edge_litert", "",
     "libLiteRt.so"},
    {"onnxruntime", "ONNX Runtime", "LITESMITH_ONNXRUNTIME_LIBRARY", "onnxruntime", "onnxruntime",
     "capi", "libonnxruntime.so"},
}};

const Runtime& runtime(PeerKind kind) { return kRuntimes.at(static_cast<size_t>(kind)); }

// The folder of a Python module, without importing it.
std::optional<std::filesystem::path> module_folder(std::string_view module) {
  try {
    ChildProcess python({"python3", "-c",
                         "import importlib.util as u; s = u.find_spec('" + std::string(module) +
                             "'); print(s.submodule_search_locations[0] if s else '')"});
    const auto line = python.read_line();
    if (line && !line->empty()) return *line;
  } catch (const Error&) {
    // There is no Python, so there is no wheel.
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> library_in(const std::filesystem::path& folder,
                                                std::string_view beginning) {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(beginning)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::filesystem::path find_library(const PeerOptions& options) {
  const Runtime& wanted = runtime(options.kind);
  std::filesystem::path named = options.library;
  if (named.empty()) {
    if (const char* variable = std::getenv(std::string(wanted.variable).c_str())) named = variable;
  }
  if (!named.empty()) {
    if (std::filesystem::is_regular_file(named)) return std::filesystem::absolute(named);
    throw Error(ErrorCode::io, "there is no library '" + named.string() + "'");
  }
  if (const auto folder = module_folder(wanted.module)) {
    if (const auto library = library_in(*folder / wanted.folder, wanted.library)) return *library;
  }
  throw Error(ErrorCode::io, std::string(wanted.title) + " is not here: python3 finds no " +
                                 std::string(wanted.library) + " in a module " +
                                 std::string(wanted.module) + "; install it with `pip install " +
                                 std::string(wanted.package) + "`, or name the library with --" +
                                 std::string(wanted.name) + "-library or " +
                                 std::string(wanted.variable));
}

// "2.3.0", from the wheel's own description beside the module; empty when there is none.
std::string wheel_version(const std::filesystem::path& library, std::string_view module) {
  const std::string beginning = std::string(module) + "-";
  constexpr std::string_view kEnd = ".dist-info";
  for (auto folder = library.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (folder.filename() != module) continue;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder.parent_path(), ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(beginning) && name.ends_with(kEnd)) {
        return name.substr(beginning.size(), name.size() - beginning.size() - kEnd.size());
      }
    }
  }
  return "";
}

// The file that holds this code: the program, or the Python package's extension inside of Python.
std::filesystem::path own_file() {
  const auto here = reinterpret_cast<uintptr_t>(&own_file);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::string rights, offset, device, inode, path;
    words >> std::hex >> begin >> dash >> end >> rights >> offset >> device >> inode >> std::ws;
    if (here >= begin && here < end && std::getline(words, path)) return path;
  }
  throw Error(ErrorCode::io, "/proc/self/maps does not tell where litesmith lies");
}

// The program that runs peers lies beside this one.
std::filesystem::path peer_program() {
  auto program = own_file().parent_path() / "litesmith-peer";
  if (::access(program.c_str(), X_OK) != 0) {
    throw Error(ErrorCode::io, "'" + program.string() +
                                   "' is not there; it is built together with litesmith and must "
                                   "lie beside it to measure other runtimes");
  }
  return program;
}

}  // namespace

std::string_view to_string(PeerKind kind) { return runtime(kind).name; }

std::optional<PeerKind> parse_peer(std::string_view name) {
  for (size_t i = 0; i < kRuntimes.size(); ++i) {
    if (kRuntimes[i].name == name) return static_cast<PeerKind>(i);
  }
  return std::nullopt;
}

Peer::Peer(const PeerOptions& options) : kind_(options.kind), library_(find_library(options)) {
  const Runtime& wanted = runtime(kind_);
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{peer_program(), std::string(wanted.name), library_, options.model});
  const std::string answer = process_->read_line().value_or("error it ended without a word");
  constexpr std::string_view kReady = "ready";
  if (!answer.starts_with(kReady)) {
    throw Error(ErrorCode::unsupported,
                std::string(wanted.title) + " does not run '" + options.model.string() +
                    "': " + answer.substr(std::min(answer.size(), size_t{6})));
  }
  version_ = answer.substr(std::min(answer.size(), kReady.size() + 1));
  if (version_.empty()) version_ = wheel_version(library_, wanted.module);
}

Peer::~Peer() = default;

Times Peer::take(double budget_us) {
  process_->write_line(std::to_string(budget_us));
  const auto line = process_->read_line();
  Times times;
  if (line) {
    std::istringstream words(*line);
    for (double time = 0; words >> time;) times.push_back(time);
  }
  if (times.empty()) {
    throw Error(ErrorCode::unsupported, std::string(runtime(kind_).title) +
                                            " stopped while it was measured" +
                                            (line ? ": " + *line : ""));
  }
  return times;
}

}  // namespace litesmith
