// Other runtimes, measured beside ours. Each runs in a process of its own (peer/main.cc), which
// loads the runtime's shared library: litesmith itself is one static file and links to none.
//
// The process is called `litesmith-peer RUNTIME LIBRARY MODEL` and answers "ready VERSION", or
// "error MESSAGE". Then each line with a number of microseconds is answered with the times of a
// turn that long (turn.h), until its input ends.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "benchmark/turn.h"

namespace litesmith {

enum class PeerKind { litert, onnxruntime };
std::string_view to_string(PeerKind kind);
std::optional<PeerKind> parse_peer(std::string_view name);

struct PeerOptions {
  PeerKind kind = PeerKind::litert;
  std::filesystem::path model;  // .tflite for LiteRT, .onnx for ONNX Runtime
  // The runtime's shared library. When empty: what the environment names (LITESMITH_LITERT_LIBRARY,
  // LITESMITH_ONNXRUNTIME_LIBRARY), else the one in the wheel that `python3` finds.
  std::filesystem::path library = {};
};

class Peer {
 public:
  // Throws Error(io) when the runtime is not there, saying how to get it; Error(unsupported) with
  // the runtime's own words when it does not take the model.
  explicit Peer(const PeerOptions& options);
  ~Peer();

  const std::string& version() const { return version_; }
  const std::filesystem::path& library() const { return library_; }
  Times take(double budget_us);

 private:
  PeerKind kind_;
  std::filesystem::path library_;
  std::string version_;
  std::unique_ptr<class ChildProcess> process_;
};

}  // namespace litesmith
