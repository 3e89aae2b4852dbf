#include "benchmark/run_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "benchmark/peak.h"
#include "kernels/kernel_set.h"
#include "kernels/peak.h"
#include "runtime/layer_graphs.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;
using testing::wake_word_graph;

// As short as can be: what is tested are the figures' meaning, never a time.
BenchmarkOptions short_run() { return {.rounds = 2, .turn_us = 1}; }

TEST(Peak, every_instruction_set_has_loops_that_do_something) {
  for (const Isa isa : supported_isas()) {
    const kernels::PeakLoops& loops = *kernels::kernel_set(isa).peak;
    for (const kernels::PeakLoop& loop : {loops.float32, loops.pairs}) {
      ASSERT_NE(loop.run, nullptr) << to_string(isa);
      EXPECT_GT(loop.macs_per_round, 0);
      EXPECT_EQ(loop.run(2), 0) << "its operands are zeros";
    }
    EXPECT_EQ(loops.dot.run != nullptr, kernels::kernel_set(isa).dot_conv != nullptr);
  }
}

TEST(Benchmark, steps_cover_the_graph_in_order_and_their_macs_add_up) {
  const Graph graph = wake_word_graph();
  const BenchmarkFigures figures = run_benchmark(graph, short_run());
  ASSERT_FALSE(figures.steps.empty());
  Macs macs;
  size_t next = 0;
  for (const StepFigures& step : figures.steps) {
    EXPECT_EQ(step.first_op, next);
    EXPECT_GE(step.last_op, step.first_op);
    next = step.last_op + 1;
    macs.nominal += step.macs.nominal;
    macs.needed += step.macs.needed;
    EXPECT_EQ(step.share_of_peak > 0, step.macs.needed > 0 && step.us > 0) << step.name;
  }
  EXPECT_EQ(next, graph.nodes.size());
  EXPECT_EQ(macs.nominal, 1'369'984);
  EXPECT_EQ(macs.needed, 923'008);
  EXPECT_EQ(figures.macs.nominal, macs.nominal);
  EXPECT_EQ(figures.macs.needed, macs.needed);
  EXPECT_GT(figures.latency.median_us, 0);
  EXPECT_GE(figures.latency.p95_us, figures.latency.median_us);
  EXPECT_GE(figures.latency.median_us, figures.latency.min_us);
  EXPECT_GE(figures.latency.samples, 6u) << "three a round";
  EXPECT_GT(figures.arena_bytes, 0u);
  EXPECT_GE(figures.weight_bytes, 20'226u);
  ASSERT_EQ(figures.peak_gop_per_s.size(), 1u);
  EXPECT_TRUE(figures.peers.empty());
}

TEST(Benchmark, takes_the_instruction_set_it_is_told) {
  BenchmarkOptions options = short_run();
  options.isa = Isa::baseline;
  EXPECT_EQ(run_benchmark(wake_word_graph(), options).isa, Isa::baseline);
}

TEST(Benchmark, can_be_cancelled) {
  BenchmarkOptions options = short_run();
  options.progress = [](std::string_view, size_t, size_t) { return false; };
  EXPECT_THROW(run_benchmark(wake_word_graph(), options), Error);
}

TEST(Peer, names_a_library_that_is_not_there) {
  const PeerOptions options{.kind = PeerKind::litert, .model = "x", .library = "/no/such/file.so"};
  EXPECT_THAT(thrown_message(ErrorCode::io, [&] { const Peer peer(options); }),
              HasSubstr("/no/such/file.so"));
}

TEST(Peer, names_go_both_ways) {
  for (const PeerKind kind : {PeerKind::litert, PeerKind::onnxruntime}) {
    EXPECT_EQ(parse_peer(to_string(kind)), kind);
  }
  EXPECT_EQ(parse_peer("tflite"), std::nullopt);
}

}  // namespace
}  // namespace litesmith
