#include "kernels/transposed_convolution.h"

#include <gtest/gtest.h>

#include <vector>

#include "testing/random.h"

namespace litesmith::kernels {
namespace {

// sum over outputs of conv(image) * weights of the outputs, computed as a convolution is defined.
int64_t convolved_dot(const TransposedShape& s, const std::vector<int8_t>& image,
                      const std::vector<int8_t>& filter, const std::vector<int8_t>& outputs) {
  int64_t dot = 0;
  for (int32_t y = 0; y < s.rows.output; ++y) {
    for (int32_t x = 0; x < s.columns.output; ++x) {
      for (int32_t c = 0; c < s.input_channels; ++c) {
        int64_t sum = 0;
        for (int32_t o = 0; o < s.output_channels; ++o) {
          for (int32_t ty = 0; ty < s.rows.taps; ++ty) {
            for (int32_t tx = 0; tx < s.columns.taps; ++tx) {
              const int64_t iy = s.rows.origin(y) + ty;
              const int64_t ix = s.columns.origin(x) + tx;
              if (iy < 0 || iy >= s.rows.input || ix < 0 || ix >= s.columns.input) continue;
              const int64_t pixel = (iy * s.columns.input + ix) * s.output_channels + o;
              const int64_t tap = (int64_t{o} * s.rows.taps + ty) * s.columns.taps + tx;
              sum += image[static_cast<size_t>(pixel)] *
                     filter[static_cast<size_t>(tap * s.input_channels + c)];
            }
          }
        }
        const int64_t at = (int64_t{y} * s.columns.output + x) * s.input_channels + c;
        dot += sum * outputs[static_cast<size_t>(at)];
      }
    }
  }
  return dot;
}

// What makes it the transpose: <conv(a), b> = <a, transposed(b)> for all a and b.
TEST(TransposedConvolution, is_the_transpose_of_a_convolution) {
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    auto window = [&] {
      Window w{.input = random.between(1, 9),
               .output = random.between(1, 5),
               .taps = random.between(1, 4),
               .stride = random.between(1, 3)};
      w.padding_before = random.between(0, w.taps - 1);
      return w;
    };
    const TransposedShape shape{.rows = window(),
                                .columns = window(),
                                .input_channels = random.between(1, 5),
                                .output_channels = random.between(1, 5)};
    const auto image = random.integers<int8_t>(shape.output_size());
    const auto input = random.integers<int8_t>(shape.input_size());
    const auto filter = random.integers<int8_t>(shape.filter_size());
    std::vector<int8_t> packed(filter.size());
    pack_filter(shape, filter.data(), packed.data());
    std::vector<int32_t> sums(shape.output_size(), 0);
    spread(shape, input.data(), packed.data(), sums.data(),
           [&](int32_t x, const int8_t* weights, int32_t* to) {
             add_integer_products(x, weights, to, shape.output_channels);
           });
    int64_t dot = 0;
    for (size_t k = 0; k < sums.size(); ++k) dot += int64_t{sums[k]} * image[k];
    EXPECT_EQ(dot, convolved_dot(shape, image, filter, input)) << i;
  }
}

TEST(TransposedConvolution, sums_wrap) {
  const int8_t weight = 1;
  int32_t sum = INT32_MAX;
  add_integer_products(1, &weight, &sum, 1);
  EXPECT_EQ(sum, INT32_MIN);
}

}  // namespace
}  // namespace litesmith::kernels
