#include "ops/needed_region.h"

#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/geometry.h"
#include "ops/needed.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "ops/softmax.h"
#include "ops/unary.h"

namespace litesmith {
namespace {

std::vector<int32_t> indices(const IndexSet& set) {
  std::vector<int32_t> result;
  for (int32_t i = 0; i < set.size(); ++i) {
    if (set.contains(i)) result.push_back(i);
  }
  return result;
}

class Net {
 public:
  explicit Net(Shape input) {
    graph.inputs = {graph.add({.name = "x", .shape = std::move(input)})};
    last = graph.inputs[0];
  }
  ValueId floats(Shape shape) {
    const auto count = static_cast<size_t>(element_count(shape));
    return graph.add_constant("w", std::move(shape), std::vector<float>(count));
  }
  ValueId ints(const std::vector<int32_t>& values) {
    return graph.add_constant("i", {static_cast<int32_t>(values.size())}, values);
  }
  void add(std::shared_ptr<const Op> op, std::vector<ValueId> more = {}) {
    more.insert(more.begin(), last);
    last = graph.append(std::move(op), std::move(more), "y");
  }
  void conv(int32_t filters, int32_t size, Padding padding, int32_t stride = 1,
            int32_t dilation = 1) {
    auto op = std::make_shared<Conv2D>();
    op->padding = padding;
    op->stride_h = op->stride_w = stride;
    op->dilation_h = op->dilation_w = dilation;
    const int32_t channels = graph[last].shape[3];
    add(op, {floats({filters, size, size, channels}), floats({filters})});
  }
  void pool(int32_t size) {
    auto op = std::make_shared<MaxPool2D>();
    op->filter_height = op->filter_width = op->stride_h = op->stride_w = size;
    add(op);
  }
  // The needed region of the input once the last value is the output.
  Region needed() {
    graph.outputs = {last};
    return needed_regions(graph).at(0);
  }

  Graph graph;
  ValueId last;
};

void wake_word(Net& net) {
  net.conv(32, 3, Padding::valid);
  net.pool(2);
  net.conv(64, 3, Padding::valid);
  net.pool(2);
  net.add(std::make_shared<Reshape>(),
          {net.graph.add_constant("s", {2}, std::vector<int32_t>{-1, 704})});
  net.add(std::make_shared<FullyConnected>(), {net.floats({2, 704}), net.floats({2})});
  net.add(std::make_shared<Softmax>());
}

TEST(NeededRegion, valid_pooling_never_looks_at_three_of_the_wake_word_columns) {
  Net net({kDynamic, 50, 13, 1});
  wake_word(net);
  const Region region = net.needed();
  EXPECT_TRUE(region.dims[1].is_all());
  EXPECT_EQ(indices(region.dims[2]), (std::vector<int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(NeededRegion, wake_word_needs_923008_of_1369984_multiplications) {
  Net net({kDynamic, 50, 13, 1});
  wake_word(net);
  net.needed();
  Macs total;
  for (const Macs& macs : count_macs(net.graph)) {
    total.nominal += macs.nominal;
    total.needed += macs.needed;
  }
  EXPECT_EQ(total.nominal, 1'369'984);
  EXPECT_EQ(total.needed, 923'008);
}

TEST(NeededRegion, same_padding_needs_everything) {
  Net net({1, 9, 9, 2});
  net.conv(3, 3, Padding::same);
  EXPECT_TRUE(net.needed().is_all());
}

TEST(NeededRegion, a_stride_wider_than_its_window_leaves_gaps) {
  Net net({1, 7, 7, 1});
  net.conv(1, 1, Padding::valid, 3);
  EXPECT_EQ(indices(net.needed().dims[1]), (std::vector<int32_t>{0, 3, 6}));
}

TEST(NeededRegion, dilation_spreads_the_window) {
  Net net({1, 6, 6, 1});
  net.conv(1, 2, Padding::valid, 4, 3);
  EXPECT_EQ(indices(net.needed().dims[2]), (std::vector<int32_t>{0, 3}));
}

// The definition, straight: input i is needed when some needed output's window covers it.
TEST(NeededRegion, windows_agree_with_their_definition) {
  for (int32_t input = 1; input <= 12; ++input) {
    for (int32_t size = 1; size <= 4; ++size) {
      for (int32_t stride = 1; stride <= 4; ++stride) {
        for (int32_t dilation = 1; dilation <= 3; ++dilation) {
          for (const Padding padding : {Padding::same, Padding::valid}) {
            if (padding == Padding::valid && (size - 1) * dilation + 1 > input) continue;
            const int32_t output = window_output(input, size, stride, dilation, padding);
            const int32_t before =
                padding == Padding::valid
                    ? 0
                    : window_padding_before(input, output, size, stride, dilation);
            for (int32_t skipped = -1; skipped < output; ++skipped) {
              IndexSet wanted = IndexSet::none(output);
              for (int32_t o = 0; o < output; ++o) {
                if (o != skipped) wanted.add(o);
              }
              const IndexSet found =
                  needed_by_window(wanted, input, {size, stride, dilation, padding});
              for (int32_t i = 0; i < input; ++i) {
                bool covered = false;
                for (int32_t o = 0; o < output; ++o) {
                  for (int32_t k = 0; k < size && o != skipped; ++k) {
                    covered |= o * stride - before + k * dilation == i;
                  }
                }
                ASSERT_EQ(found.contains(i), covered) << input << size << stride << dilation;
              }
            }
          }
        }
      }
    }
  }
}

TEST(NeededRegion, slices_and_padding_shift_what_is_needed) {
  Net net({1, 10});
  net.add(std::make_shared<Slice>(), {net.ints({0, 3}), net.ints({1, 4})});
  net.add(std::make_shared<Pad>(),
          {net.graph.add_constant("p", {2, 2}, std::vector<int32_t>{0, 0, 2, 1})});
  EXPECT_EQ(indices(net.needed().dims[1]), (std::vector<int32_t>{3, 4, 5, 6}));
}

TEST(NeededRegion, strided_slices_keep_every_other_index) {
  Net net({1, 7});
  net.add(std::make_shared<StridedSlice>(),
          {net.ints({0, 6}), net.ints({1, 0}), net.ints({1, -2})});
  EXPECT_EQ(indices(net.needed().dims[1]), (std::vector<int32_t>{2, 4, 6}));
}

TEST(NeededRegion, transposing_and_dropping_dimensions_carry_it_along) {
  Net net({1, 4, 6, 1});
  net.add(std::make_shared<Transpose>(), {net.ints({0, 2, 1, 3})});
  auto squeeze = std::make_shared<Squeeze>();
  squeeze->squeeze_dims = {3};
  net.add(squeeze);
  net.add(std::make_shared<Slice>(), {net.ints({0, 1, 0}), net.ints({1, 2, 4})});
  EXPECT_EQ(indices(net.needed().dims[2]), (std::vector<int32_t>{1, 2}));
  EXPECT_TRUE(net.needed().dims[1].is_all());
}

TEST(NeededRegion, each_operand_of_a_concatenation_gets_its_own_part) {
  Net net({1, 4});
  const ValueId x = net.last;
  net.add(std::make_shared<Relu>());
  auto concat = std::make_shared<Concatenation>();
  concat->axis = 1;
  net.add(concat, {x});  // relu(x), x
  net.add(std::make_shared<Slice>(), {net.ints({0, 3}), net.ints({1, 2})});
  // Index 3 through the relu, index 0 directly.
  EXPECT_EQ(indices(net.needed().dims[1]), (std::vector<int32_t>{0, 3}));
}

TEST(NeededRegion, a_depthwise_channel_needs_the_input_channel_it_comes_from) {
  Net net({1, 3, 3, 4});
  net.add(std::make_shared<DepthwiseConv2D>(), {net.floats({1, 1, 1, 8}), net.floats({8})});
  net.add(std::make_shared<Slice>(), {net.ints({0, 0, 0, 5}), net.ints({1, 3, 3, 1})});
  EXPECT_EQ(indices(net.needed().dims[3]), (std::vector<int32_t>{2}));
}

TEST(NeededRegion, reductions_and_softmax_need_whole_rows) {
  Net net({1, 5, 6});
  net.add(std::make_shared<Softmax>());
  net.add(std::make_shared<Slice>(), {net.ints({0, 2, 0}), net.ints({1, 1, 2})});
  EXPECT_EQ(indices(net.needed().dims[1]), (std::vector<int32_t>{2}));
  EXPECT_TRUE(net.needed().dims[2].is_all());
}

TEST(NeededRegion, a_tensors_shape_needs_none_of_its_elements) {
  Net net({1, 5});
  net.add(std::make_shared<ShapeOf>());
  EXPECT_TRUE(net.needed().nothing);
}

TEST(NeededRegion, what_no_output_reads_is_not_needed) {
  Net net({1, 5});
  const ValueId x = net.last;
  net.add(std::make_shared<Relu>());
  const ValueId dead = net.last;
  net.last = x;
  net.add(std::make_shared<Tanh>());
  net.graph.outputs = {net.last};
  EXPECT_TRUE(needed_regions(net.graph)[static_cast<size_t>(dead.index)].nothing);
}

TEST(NeededRegion, huge_dimensions_cost_nothing) {
  Net net({1, 2'000'000'000, 1, 1});
  net.pool(1);
  EXPECT_TRUE(net.needed().is_all());
}

}  // namespace
}  // namespace litesmith
