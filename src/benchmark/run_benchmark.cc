#include "benchmark/run_benchmark.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>

#include "benchmark/one_core.h"
#include "benchmark/peak.h"
#include "benchmark/subject.h"

namespace litesmith {
namespace {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

LatencyFigures figures(const Times& times) {
  return {.median_us = median(times),
          .p95_us = quantile(times, 0.95),
          .min_us = quantile(times, 0),
          .samples = times.size()};
}

size_t weight_bytes(const Graph& graph) {
  size_t bytes = 0;
  std::set<const void*> counted;
  for (const Value& value : graph.values) {
    if (!value.is_constant() || !counted.insert(value.data->identity()).second) continue;
    bytes += value.data->size();
  }
  return bytes;
}

// Microseconds that needed MACs take at the peaks.
double limit_us(const NodeMacs& node, const std::map<MacKind, double>& peaks) {
  if (node.macs.needed == 0) return 0;
  return 2e-3 * static_cast<double>(node.macs.needed) / peaks.at(node.kind);
}

double gop_per_s(int64_t macs, double us) {
  return us > 0 ? 2e-3 * static_cast<double>(macs) / us : 0;
}

struct Contender {
  explicit Contender(const PeerOptions& options) : peer(options) {}
  Peer peer;
  Times times;
  PeerFigures figures;
};

class Benchmark {
 public:
  Benchmark(const Graph& graph, const BenchmarkOptions& options)
      : graph_(graph),
        options_(options),
        // Lowering takes rows out of the plan's graph; MACs are counted on the whole one.
        macs_(macs_by_node(
            Plan::make(graph,
                       {.arithmetic = options.arithmetic, .isa = options.isa, .lowered = false})
                ->graph())),
        plan_(Plan::make(graph, {.arithmetic = options.arithmetic, .isa = options.isa})),
        subject_(plan_) {
    for (const NodeMacs& node : macs_) {
      if (node.macs.nominal > 0 && meters_.count(node.kind) == 0) {
        meters_.emplace(node.kind, PeakMeter(options.isa, node.kind));
      }
    }
    for (const PeerOptions& peer : options.peers) {
      contenders_.push_back(std::make_unique<Contender>(peer));
      Contender& contender = *contenders_.back();
      contender.figures.kind = peer.kind;
      contender.figures.version = contender.peer.version();
      contender.figures.library = contender.peer.library();
    }
  }

  BenchmarkFigures run() {
    result_.isa = options_.isa;
    result_.arithmetic = options_.arithmetic;
    result_.cpu = cpu_name();
    result_.arena_bytes = plan_->arena_bytes();
    result_.scratch_bytes = plan_->scratch_bytes();
    result_.weight_bytes = weight_bytes(graph_);
    for (const NodeMacs& node : macs_) {
      result_.macs.nominal += node.macs.nominal;
      result_.macs.needed += node.macs.needed;
    }
    play_rounds();
    time_steps();
    return std::move(result_);
  }

 private:
  void play_rounds() {
    TurnTimer ours([&](size_t times) { subject_.invoke(times); });
    Times all;
    Times limits;
    Times shares;
    std::map<MacKind, Times> peaks;
    for (size_t round = 0; round < options_.rounds; ++round) {
      report(options_.progress, "measuring", round, options_.rounds);
      std::map<MacKind, double> peak;
      for (auto& [kind, meter] : meters_) {
        peak[kind] = meter.gop_per_s(options_.turn_us / 5);
        peaks[kind].push_back(peak[kind]);
      }
      const Times turn = ours.take(options_.turn_us);
      all.insert(all.end(), turn.begin(), turn.end());
      double limit = 0;
      for (const NodeMacs& node : macs_) limit += limit_us(node, peak);
      limits.push_back(limit);
      shares.push_back(limit / median(turn));
      for (const auto& contender : contenders_) {
        const Times theirs = contender->peer.take(options_.turn_us);
        contender->times.insert(contender->times.end(), theirs.begin(), theirs.end());
        contender->figures.ratios.push_back(median(turn) / median(theirs));
      }
    }
    report(options_.progress, "measuring", options_.rounds, options_.rounds);
    result_.latency = figures(all);
    result_.gop_per_s = gop_per_s(result_.macs.needed, result_.latency.median_us);
    result_.nominal_gop_per_s = gop_per_s(result_.macs.nominal, result_.latency.median_us);
    result_.limit_us = median(limits);
    result_.share_of_peak = median(shares);
    for (const auto& [kind, values] : peaks) result_.peak_gop_per_s[kind] = median(values);
    for (const auto& contender : contenders_) {
      contender->figures.latency = figures(contender->times);
      contender->figures.ratio = median(contender->figures.ratios);
      result_.peers.push_back(contender->figures);
    }
  }

  void time_steps() {
    const Times times = subject_.step_times();
    for (size_t i = 0; i < times.size(); ++i) {
      const Plan::Step& step = plan_->steps()[i];
      StepFigures& row = result_.steps.emplace_back();
      row.first_op = step.node;
      row.last_op = step.last_node;
      row.name = plan_->graph().nodes[step.node].def().name;
      if (step.last_node != step.node) {
        row.name += "+" + std::string(plan_->graph().nodes[step.last_node].def().name);
      }
      if (!step.outputs.empty()) row.output = plan_->graph()[step.outputs[0]].name;
      row.us = times[i];
      double limit = 0;
      for (const size_t node : std::set<size_t>{step.node, step.last_node}) {
        row.macs.nominal += macs_[node].macs.nominal;
        row.macs.needed += macs_[node].macs.needed;
        limit += limit_us(macs_[node], result_.peak_gop_per_s);
      }
      row.gop_per_s = gop_per_s(row.macs.needed, row.us);
      row.share_of_peak = row.us > 0 ? limit / row.us : 0;
    }
  }

  const Graph& graph_;
  const BenchmarkOptions& options_;
  std::vector<NodeMacs> macs_;
  std::shared_ptr<const Plan> plan_;
  Subject subject_;
  std::map<MacKind, PeakMeter> meters_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  BenchmarkFigures result_;
};

}  // namespace

BenchmarkFigures run_benchmark(const Graph& graph, const BenchmarkOptions& options) {
  const OneCore one_core;
  return Benchmark(graph, options).run();
}

}  // namespace litesmith
