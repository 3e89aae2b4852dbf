#include "report/benchmark_report.h"

#include <algorithm>

#include "base/build_info.h"
#include "base/format.h"
#include "report/json_text.h"

namespace litesmith {
namespace {

std::string op_numbers(const StepFigures& step) {
  std::string text = std::to_string(step.first_op);
  if (step.last_op != step.first_op) text += "+" + std::to_string(step.last_op);
  return text;
}

std::string steps_table(const BenchmarkFigures& figures) {
  double all_us = 0;
  for (const StepFigures& step : figures.steps) all_us += step.us;
  std::vector<std::vector<std::string>> rows = {
      {"op", "what", "µs", "of all", "needed MACs", "GOP/s", "of peak", "output"}};
  for (const StepFigures& step : figures.steps) {
    const bool multiplies = step.macs.needed > 0;
    rows.push_back({op_numbers(step), step.name, fixed(step.us, 2),
                    percent(all_us > 0 ? step.us / all_us : 0),
                    multiplies ? with_commas(static_cast<size_t>(step.macs.needed)) : "–",
                    multiplies ? fixed(step.gop_per_s, 0) : "–",
                    multiplies ? percent(step.share_of_peak) : "–", step.output});
  }
  return aligned(rows, {false, true, false, false, false, false, false, true});
}

Json latency_json(const LatencyFigures& latency) {
  return {{"median", latency.median_us},
          {"p95", latency.p95_us},
          {"min", latency.min_us},
          {"samples", latency.samples}};
}

Json macs_json(const Macs& macs) { return {{"nominal", macs.nominal}, {"needed", macs.needed}}; }

}  // namespace

std::string to_text(const BenchmarkFigures& figures) {
  const LatencyFigures& latency = figures.latency;
  std::string text = fixed(latency.median_us, 2) + " µs median, " + fixed(latency.p95_us, 2) +
                     " µs 95th percentile, " + fixed(latency.min_us, 2) + " µs least (CPU time, " +
                     plural(latency.samples, "sample") + ", batch 1, one thread)\n";
  text += with_commas(static_cast<size_t>(figures.macs.needed)) + " needed of " +
          with_commas(static_cast<size_t>(figures.macs.nominal)) +
          " MACs: " + fixed(figures.gop_per_s, 1) + " GOP/s (" +
          fixed(figures.nominal_gop_per_s, 1) + " nominal)\n";
  if (!figures.peak_gop_per_s.empty()) {
    text += percent(figures.share_of_peak) + " of peak: needed MACs take at least " +
            fixed(figures.limit_us, 2) + " µs at";
    std::string separator = " ";
    for (const auto& [kind, peak] : figures.peak_gop_per_s) {
      text += separator + fixed(peak, 0) + " GOP/s of " + std::string(to_string(kind));
      separator = ", ";
    }
    text += "\n";
  }
  text += with_commas(figures.arena_bytes) + " bytes of activations, " +
          with_commas(figures.scratch_bytes) + " of scratch memory, " +
          with_commas(figures.weight_bytes) + " of weights\n\n";
  text += steps_table(figures);
  text += "Times by op are wall time of single passes, taken apart from the rest.\n";
  for (const PeerFigures& peer : figures.peers) {
    const auto [least, most] = std::minmax_element(peer.ratios.begin(), peer.ratios.end());
    text += "\n" + std::string(to_string(peer.kind)) + " " + peer.version + ": " +
            fixed(peer.latency.median_us, 2) + " µs median, " + fixed(peer.latency.p95_us, 2) +
            " µs 95th percentile\nours / theirs: " + fixed(peer.ratio, 3) + " (" +
            fixed(*least, 3) + " to " + fixed(*most, 3) + " in " +
            plural(peer.ratios.size(), "round") + ")\n";
  }
  return text + "\nlitesmith " + std::string(version()) + ", " +
         std::string(to_string(figures.arithmetic)) + " arithmetic, " +
         std::string(to_string(figures.isa)) + " on " + figures.cpu + "\n";
}

std::string to_json(const BenchmarkFigures& figures, std::string_view file) {
  Json json = {
      {"schema_version", kSchemaVersion},
      {"litesmith", {{"version", version()}, {"commit", commit()}, {"compiler", compiler()}}},
      {"file", file},
      {"cpu", figures.cpu},
      {"isa", to_string(figures.isa)},
      {"arithmetic", to_string(figures.arithmetic)},
      {"latency_us", latency_json(figures.latency)},
      {"macs", macs_json(figures.macs)},
      {"gop_per_s", figures.gop_per_s},
      {"nominal_gop_per_s", figures.nominal_gop_per_s},
      {"limit_us", figures.limit_us},
      {"share_of_peak", figures.share_of_peak},
      {"arena_bytes", figures.arena_bytes},
      {"scratch_bytes", figures.scratch_bytes},
      {"weight_bytes", figures.weight_bytes}};
  json["peak_gop_per_s"] = Json::object();
  for (const auto& [kind, peak] : figures.peak_gop_per_s) {
    json["peak_gop_per_s"][std::string(to_string(kind))] = peak;
  }
  json["ops"] = Json::array();
  for (const StepFigures& step : figures.steps) {
    json["ops"].push_back({{"first_op", step.first_op},
                           {"last_op", step.last_op},
                           {"op", step.name},
                           {"output", step.output},
                           {"us", step.us},
                           {"macs", macs_json(step.macs)},
                           {"gop_per_s", step.gop_per_s},
                           {"share_of_peak", step.share_of_peak}});
  }
  json["peers"] = Json::array();
  for (const PeerFigures& peer : figures.peers) {
    json["peers"].push_back({{"name", to_string(peer.kind)},
                             {"version", peer.version},
                             {"latency_us", latency_json(peer.latency)},
                             {"ratio", peer.ratio},
                             {"ratios", peer.ratios}});
  }
  return json_text(json);
}

}  // namespace litesmith
