#include "kernels/window.h"

#include <gtest/gtest.h>

namespace litesmith::kernels {
namespace {

TEST(Window, inside_an_image_has_all_its_taps) {
  const Window window{.input = 10, .output = 8, .taps = 3};
  EXPECT_EQ(window.origin(7), 7);
  EXPECT_EQ(window.inside(0), (Window::Range{0, 3}));
  EXPECT_EQ(window.inside(7), (Window::Range{0, 3}));
}

TEST(Window, loses_taps_that_lie_in_the_padding) {
  const Window window{.input = 4, .output = 4, .taps = 3, .padding_before = 1};
  EXPECT_EQ(window.inside(0), (Window::Range{1, 3}));
  EXPECT_EQ(window.inside(3), (Window::Range{0, 2}));
}

TEST(Window, with_dilation_steps_over_the_border) {
  const Window window{.input = 5, .output = 5, .taps = 3, .dilation = 3, .padding_before = 3};
  EXPECT_EQ(window.inside(0), (Window::Range{1, 3}));
  EXPECT_EQ(window.inside(4), (Window::Range{0, 2}));
}

TEST(Window, agrees_with_a_look_at_every_tap) {
  for (int input = 1; input <= 6; ++input) {
    for (int taps = 1; taps <= 4; ++taps) {
      for (int stride = 1; stride <= 3; ++stride) {
        for (int dilation = 1; dilation <= 3; ++dilation) {
          for (int padding = 0; padding <= 5; ++padding) {
            const Window window{input, 8, taps, stride, dilation, padding};
            for (int out = 0; out < 8; ++out) {
              const Window::Range range = window.inside(out);
              for (int tap = 0; tap < taps; ++tap) {
                const int64_t position = window.origin(out) + tap * dilation;
                const bool inside = position >= 0 && position < input;
                ASSERT_EQ(tap >= range.begin && tap < range.end, inside);
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace litesmith::kernels
