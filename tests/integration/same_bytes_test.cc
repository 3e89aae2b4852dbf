// The same model and samples give the same files on every machine, instruction set, compiler and
// number of threads. This runs on x86-64 under gcc and clang and on 64-bit Arm, and all of them
// must arrive at the hashes written here.
#include <gtest/gtest.h>

#include <array>

#include "base/cpu_features.h"
#include "formats/tflite/write.h"
#include "isa_levels.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "quantize/calibrate.h"
#include "quantize/convert.h"
#include "testing/fnv.h"
#include "testing/graph_builder.h"
#include "testing/random.h"

namespace litesmith {
namespace {

using testing::op_with;

// Widths of 7, 17 and 19 channels leave a rest at every vector width. The elementary functions and
// the reductions are all here, since they are where machines like to differ.
Model odd_network() {
  Random random(11);
  testing::GraphBuilder b;
  auto weights = [&](Shape shape) {
    const auto count = static_cast<size_t>(element_count(shape));
    return b.floats(std::move(shape), random.floats(count, -0.5, 0.5));
  };
  ValueId x = b.input("features", {-1, 13, 11, 3});
  x = b.op(op_with<Conv2D>(&Conv2D::activation, Activation::relu6),
           {x, weights({17, 3, 3, 3}), weights({17})});
  const ValueId gate = b.op(Logistic(), {x});
  x = b.op(Mul(), {x, gate});
  x = b.op(DepthwiseConv2D(), {x, weights({1, 3, 5, 17}), weights({17})});
  x = b.op(Tanh(), {x});
  MaxPool2D pool;
  pool.stride_w = pool.stride_h = pool.filter_width = pool.filter_height = 2;
  x = b.op(pool, {x});
  ValueId y = b.op(Conv2D(), {x, weights({19, 1, 1, 17}), weights({19})});
  y = b.op(Elu(), {y});
  ValueId z = b.op(Conv2D(), {x, weights({19, 3, 3, 17}), weights({19})});
  z = b.op(HardSwish(), {z});
  x = b.op(Add(), {y, z});
  x = b.op(op_with<Gelu>(&Gelu::approximate, true), {x});
  x = b.op(Mean(), {x, b.ints({1, 2})});
  x = b.op(FullyConnected(), {x, weights({64, 19}), weights({64})});
  x = b.op(op_with<LeakyRelu>(&LeakyRelu::alpha, 0.1f), {x});
  x = b.op(FullyConnected(), {x, weights({7, 64}), weights({7})});
  x = b.op(Softmax(), {x}, "probabilities");
  return b.model({x});
}

Model calibrated(unsigned threads) {
  const auto fill = [](size_t sample, std::span<const std::span<float>> inputs) {
    Random random(1000 + sample);
    for (float& value : inputs[0]) value = static_cast<float>(random.uniform(-3, 3));
  };
  return calibrate(odd_network(), 24, fill, {.threads = threads});
}

uint64_t file_hash(const Model& model, Mode mode) {
  ConvertNotes notes;
  Fnv1a file;
  file.add(to_tflite(convert(model, {.mode = mode}, notes)));
  return file.hash();
}

struct Expected {
  Mode mode;
  uint64_t hash;
};
constexpr std::array kExpected = {
    Expected{Mode::float32, 0xfb98efdb260e4aa8}, Expected{Mode::dynamic_range, 0x90ffc51b88a5df4e},
    Expected{Mode::int8, 0xea22f400deadc241},    Expected{Mode::float16, 0x6e5c93490fc3cb3e},
    Expected{Mode::int16x8, 0x5969117ce8e3512c},
};

TEST(SameBytes, on_every_instruction_set_with_any_number_of_threads) {
  for (const Isa isa : supported_isas()) {
    const testing::WithIsa with(isa);
    for (const unsigned threads : {1u, 2u, 5u}) {
      const Model model = calibrated(threads);
      for (const auto& [mode, expected] : kExpected) {
        EXPECT_EQ(file_hash(model, mode), expected)
            << to_string(mode) << ", " << to_string(isa) << ", " << threads << " threads";
      }
    }
  }
}

}  // namespace
}  // namespace litesmith
