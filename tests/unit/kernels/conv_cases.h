// Convolution shapes that tests go over: every tail of channels and pixels, strides, dilations,
// padding, groups.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/conv_shape.h"
#include "kernels/kernel_set.h"
#include "kernels/requantization.h"
#include "testing/random.h"

namespace litesmith::kernels {

// The tables that convolutions run with on this machine, each level's and those for few channels.
struct NamedSet {
  std::string name;
  const KernelSet* set;
};
inline std::vector<NamedSet> convolution_sets() {
  std::vector<NamedSet> result;
  for (const Isa isa : supported_isas()) {
    result.push_back({std::string(to_string(isa)), &kernel_set(isa)});
    const KernelSet& few = kernel_set_for(isa, 1);
    if (&few != &kernel_set(isa)) {
      result.push_back({result.back().name + "_few_channels", &few});
    }
  }
  return result;
}

inline Window window(int32_t input, int32_t taps, int32_t stride, int32_t dilation, bool same) {
  const int32_t reach = (taps - 1) * dilation + 1;
  Window result{.input = input, .taps = taps, .stride = stride, .dilation = dilation};
  if (same) {
    result.output = (input + stride - 1) / stride;
    result.padding_before = std::max(0, (result.output - 1) * stride + reach - input) / 2;
  } else {
    result.output = (input + stride - reach) / stride;
  }
  return result;
}

inline std::string describe(const ConvShape& s) {
  auto one = [](const Window& w) {
    return std::to_string(w.input) + "->" + std::to_string(w.output) + " taps " +
           std::to_string(w.taps) + " stride " + std::to_string(w.stride) + " dilation " +
           std::to_string(w.dilation) + " padding " + std::to_string(w.padding_before);
  };
  return std::to_string(s.batches) + " images, rows " + one(s.rows) + ", columns " +
         one(s.columns) + ", channels " + std::to_string(s.input_channels) + "->" +
         std::to_string(s.output_channels) + " in " + std::to_string(s.groups) + " groups";
}

// Random shapes, small enough for the scalar definition, with the channel counts around vectors.
inline std::vector<ConvShape> conv_shapes(uint64_t seed, int count, bool depthwise) {
  Random random(seed);
  const std::vector<int32_t> channels = {1,  2,  3,  4,  5,  7,  8,  9, 15,
                                         16, 17, 31, 32, 33, 64, 65, 71};
  std::vector<ConvShape> shapes;
  while (static_cast<int>(shapes.size()) < count) {
    const bool same = random.below(2) == 0;
    const int32_t taps_y = random.between(1, 4);
    const int32_t taps_x = random.between(1, 4);
    const int32_t dilation_y = random.between(1, random.below(3) == 0 ? 3 : 1);
    const int32_t dilation_x = random.between(1, random.below(3) == 0 ? 3 : 1);
    const int32_t smallest_y = same ? 1 : (taps_y - 1) * dilation_y + 1;
    const int32_t smallest_x = same ? 1 : (taps_x - 1) * dilation_x + 1;
    ConvShape shape{.batches = random.between(1, 3),
                    .rows = window(smallest_y + random.below(6), taps_y, random.between(1, 3),
                                   dilation_y, same),
                    .columns = window(smallest_x + random.below(9), taps_x, random.between(1, 3),
                                      dilation_x, same)};
    const auto some = [&] {
      return channels[static_cast<size_t>(random.below(static_cast<int>(channels.size())))];
    };
    if (depthwise) {
      shape.input_channels = shape.groups = some();
      shape.output_channels = shape.input_channels * random.between(1, 3);
    } else {
      shape.groups = random.below(4) == 0 ? random.between(2, 4) : 1;
      shape.input_channels = (some() % 24 + 1) * shape.groups;
      shape.output_channels = some() * shape.groups;
    }
    shapes.push_back(shape);
  }
  return shapes;
}

inline size_t input_size(const ConvShape& shape) {
  return shape.input_size() * static_cast<size_t>(shape.batches);
}
inline size_t output_size(const ConvShape& shape) {
  return shape.output_pixels() * static_cast<size_t>(shape.batches) *
         static_cast<size_t>(shape.output_channels);
}
inline size_t filter_size(const ConvShape& shape) {
  return shape.taps() * static_cast<size_t>(shape.group_inputs()) *
         static_cast<size_t>(shape.output_channels);
}

// Scratch memory of just the size asked for, aligned as plans align it, so that a sanitizer sees
// what goes beyond.
class Scratch {
 public:
  explicit Scratch(size_t bytes) : storage_(bytes + 64) {
    const auto address = reinterpret_cast<uintptr_t>(storage_.data());
    aligned_ = storage_.data() + (64 - address % 64) % 64;
  }
  std::byte* data() { return aligned_; }

 private:
  std::vector<std::byte> storage_;
  std::byte* aligned_;
};

}  // namespace litesmith::kernels
