#include "evaluate/recorder.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "base/checked.h"
#include "base/error.h"
#include "data/real_numbers.h"
#include "runtime/text.h"

namespace litesmith {
namespace {

// Runs are made in blocks: large enough for all threads, small enough for memory.
constexpr size_t kBlockBytes = size_t{64} << 20;
constexpr size_t kBlockRuns = 1024;

}  // namespace

Recorder::Recorder(Runner& runner, std::vector<ValueId> tensors, bool real) : runner_(runner) {
  for (const ValueId id : tensors) {
    const Value& tensor = runner.plan().graph()[id];
    Column column{.id = id, .dtype = tensor.dtype, .shape = {}, .batched = runner.is_batched(id)};
    if (real && tensor.quantization.present()) column.dtype = DType::float32;
    const Feed& feed = runner.feed();
    column.shape.push_back(static_cast<int64_t>(column.batched ? feed.samples() : feed.runs()));
    column.shape.insert(column.shape.end(), tensor.shape.begin() + (column.batched ? 1 : 0),
                        tensor.shape.end());
    columns_.push_back(std::move(column));
  }
  look_ahead();
}

// How wide a column of text is, and which shape a dynamic one has, shows only when everything has
// run once.
void Recorder::look_ahead() {
  const Plan& plan = runner_.plan();
  auto is_open = [&](const Column& column) {
    return column.dtype == DType::string || plan.is_dynamic(column.id);
  };
  if (std::none_of(columns_.begin(), columns_.end(), is_open)) return;
  std::mutex looking;
  runner_.run_all([&](const Runner::Finished& finished) {
    const std::lock_guard lock(looking);
    for (Column& column : columns_) {
      if (plan.is_dynamic(column.id)) {
        const Shape& shape = finished.interpreter.shape(column.id);
        if (column.run_shape && *column.run_shape != shape) {
          throw Error(ErrorCode::data,
                      "the shape of '" + plan.graph()[column.id].name +
                          "' is not the same in every run: " + to_string(*column.run_shape) +
                          " and " + to_string(shape) + "; run one sample at a time");
        }
        column.run_shape = shape;
      }
      if (column.dtype != DType::string) continue;
      column.text_width = std::max(column.text_width, size_t{1});
      for (const std::string_view text : texts_at(finished.interpreter.value(column.id))) {
        column.text_width = std::max(column.text_width, text.size());
      }
    }
  });
  for (Column& column : columns_) {
    if (!column.run_shape) continue;
    column.shape = {static_cast<int64_t>(runner_.feed().runs())};
    column.shape.insert(column.shape.end(), column.run_shape->begin(), column.run_shape->end());
  }
}

size_t Recorder::bytes_per_run(const Column& column) const {
  const Value& tensor = runner_.plan().graph()[column.id];
  const auto count = static_cast<size_t>(element_count(column.run_shape.value_or(tensor.shape)));
  if (column.dtype == DType::string) return checked_mul(count, column.text_width);
  return (count * static_cast<size_t>(bits(column.dtype)) + 7) / 8;
}

void Recorder::keep(const Runner::Finished& finished, const Column& column,
                    std::span<std::byte> out) const {
  const Value& tensor = runner_.plan().graph()[column.id];
  const auto bytes = finished.interpreter.value(column.id);
  check(!bytes.empty() || out.empty(), "a recorded tensor has memory");
  if (column.dtype == DType::string) {
    std::fill(out.begin(), out.end(), std::byte{0});
    std::byte* to = out.data();
    for (const std::string_view text : texts_at(bytes)) {
      std::memcpy(to, text.data(), text.size());
      to += column.text_width;
    }
    return;
  }
  if (column.dtype == tensor.dtype) {
    std::memcpy(out.data(), bytes.data(), out.size());
    return;
  }
  std::vector<float> values(out.size() / sizeof(float));
  real_values(tensor, bytes, values);
  std::memcpy(out.data(), values.data(), out.size());
}

void Recorder::record(const Append& append) {
  size_t run_bytes = 1;
  for (const Column& column : columns_) run_bytes += bytes_per_run(column);
  const size_t block = std::clamp<size_t>(kBlockBytes / run_bytes, 1, kBlockRuns);
  const size_t runs = runner_.feed().runs();
  std::vector<std::vector<std::byte>> memory(columns_.size());
  for (size_t begin = 0; begin < runs; begin += block) {
    const size_t end = std::min(runs, begin + block);
    for (size_t c = 0; c < columns_.size(); ++c) {
      memory[c].resize((end - begin) * bytes_per_run(columns_[c]));
    }
    runner_.run(begin, end, [&](const Runner::Finished& finished) {
      for (size_t c = 0; c < columns_.size(); ++c) {
        const size_t bytes = bytes_per_run(columns_[c]);
        keep(finished, columns_[c],
             std::span(memory[c]).subspan((finished.run - begin) * bytes, bytes));
      }
    });
    for (size_t c = 0; c < columns_.size(); ++c) {
      size_t used = memory[c].size();
      if (columns_[c].batched) {
        // A last, incomplete run ends in repetitions.
        const size_t batch = runner_.feed().batch();
        const size_t samples = std::min(end * batch, runner_.feed().samples()) - begin * batch;
        used = samples * (bytes_per_run(columns_[c]) / batch);
      }
      append(c, std::span(memory[c]).first(used));
    }
  }
}

}  // namespace litesmith
