// The values of chosen tensors for every sample, in the samples' order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluate/runner.h"

namespace litesmith {

class Recorder {
 public:
  // `real`: integers become float32 with the tensor's own scale and zero point.
  Recorder(Runner& runner, std::vector<ValueId> tensors, bool real);

  struct Column {
    ValueId id;
    DType dtype;
    std::vector<int64_t> shape;  // of the whole recording: samples first (or runs, when the
                                 // tensor has no batch dimension)
    bool batched;
    size_t text_width = 0;  // of text: the bytes of the longest, which every element takes
    std::optional<Shape> run_shape = {};  // of one run, where only a run tells it
  };
  const std::vector<Column>& columns() const { return columns_; }

  // Calls append(column, elements) with the elements of consecutive samples, on this thread.
  using Append = std::function<void(size_t column, std::span<const std::byte> elements)>;
  void record(const Append& append);

 private:
  void look_ahead();
  size_t bytes_per_run(const Column& column) const;
  void keep(const Runner::Finished& finished, const Column& column, std::span<std::byte> out) const;

  Runner& runner_;
  std::vector<Column> columns_;
};

}  // namespace litesmith
