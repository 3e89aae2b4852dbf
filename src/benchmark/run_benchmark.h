// How fast a model runs here: alone, against what the machine could do, and against other runtimes
// in turns.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "benchmark/peer.h"
#include "benchmark/turn.h"
#include "inspect/macs.h"
#include "runtime/plan.h"

namespace litesmith {

struct BenchmarkOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  Isa isa = default_isa();
  // Each round gives every contender a turn, and the peak loops: ours, theirs, ours, theirs. Ratios
  // are formed within a round, where the machine is the same, and their median is the result.
  size_t rounds = 9;
  double turn_us = 50'000;
  std::vector<PeerOptions> peers = {};
  Progress progress = {};
};

struct LatencyFigures {
  double median_us = 0;
  double p95_us = 0;
  double min_us = 0;
  size_t samples = 0;
};

struct PeerFigures {
  PeerKind kind = PeerKind::litert;
  std::string version;
  std::string library;
  LatencyFigures latency;
  std::vector<double> ratios;  // ours / theirs, one a round
  double ratio = 0;            // their median
};

// The time of one step of the plan, which does the work of one op or of several.
struct StepFigures {
  size_t first_op = 0;  // index in the graph
  size_t last_op = 0;
  std::string name;    // "CONV_2D+MAX_POOL_2D"
  std::string output;  // the tensor it makes
  double us = 0;
  Macs macs;
  double gop_per_s = 0;      // on needed MACs
  double share_of_peak = 0;  // 0 where nothing is multiplied
};

struct BenchmarkFigures {
  Isa isa = Isa::baseline;
  Arithmetic arithmetic = Arithmetic::litert;
  std::string cpu;  // as the system calls it
  LatencyFigures latency;
  Macs macs;
  double gop_per_s = 0;                      // on needed MACs, two operations each
  double nominal_gop_per_s = 0;              // on nominal ones
  std::map<MacKind, double> peak_gop_per_s;  // of the kinds the model has; median of the rounds
  double limit_us = 0;                       // needed MACs at those peaks
  double share_of_peak = 0;                  // limit / time, within each round; the median
  std::vector<StepFigures> steps;
  size_t arena_bytes = 0;    // activations
  size_t scratch_bytes = 0;  // beside them, while a step runs
  size_t weight_bytes = 0;   // constants of the graph, each once
  std::vector<PeerFigures> peers;
};

// Batch 1, on this thread, which stays on one core meanwhile, as do the peers. An invocation begins
// with writing its inputs. Throws Error(unsupported) for a model that does not run, and what Peer
// throws.
BenchmarkFigures run_benchmark(const Graph& graph, const BenchmarkOptions& options);

}  // namespace litesmith
