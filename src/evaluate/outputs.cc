#include "evaluate/outputs.h"

#include <algorithm>
#include <cmath>

#include "base/checked.h"
#include "base/error.h"
#include "data/real_numbers.h"

namespace litesmith {
namespace {

constexpr size_t kLargest = size_t{2} << 30;

}  // namespace

Outputs collect_outputs(Runner& runner) {
  const Feed& feed = runner.feed();
  const ValueId id = runner.plan().graph().outputs.at(0);
  const Value& tensor = runner.plan().graph()[id];
  const size_t batch = feed.batch();
  const auto elements = static_cast<size_t>(element_count(tensor.shape));
  const bool one_row_a_run = batch == 1;
  if (!one_row_a_run && !runner.is_batched(id)) {
    throw Error(ErrorCode::unsupported, "output '" + tensor.name + "' of shape " +
                                            to_string(tensor.shape) + " has no row for each of " +
                                            std::to_string(batch) + " samples");
  }
  Outputs outputs{.values = {}, .rows = feed.samples(), .columns = elements / batch};
  const size_t bytes = checked_mul(checked_mul(outputs.rows, outputs.columns), sizeof(float));
  if (bytes > kLargest) {
    throw Error(ErrorCode::unsupported, "the outputs of all samples take " + std::to_string(bytes) +
                                            " bytes, too many to hold; evaluate fewer samples");
  }
  outputs.values.resize(outputs.rows * outputs.columns);
  runner.run_all([&](const Runner::Finished& finished) {
    for (size_t slot = 0; slot < finished.samples; ++slot) {
      const size_t sample = finished.first_sample + slot;
      const std::span<float> row =
          std::span(outputs.values).subspan(sample * outputs.columns, outputs.columns);
      real_values(tensor, finished.slice(id, slot, batch), row);
      if (std::any_of(row.begin(), row.end(), [](float value) { return std::isnan(value); })) {
        throw Error(ErrorCode::data, "the model's output is NaN for sample " +
                                         std::to_string(feed.dataset().row(sample)));
      }
    }
  });
  return outputs;
}

std::vector<int32_t> top_classes(const Outputs& outputs) {
  std::vector<int32_t> classes;
  classes.reserve(outputs.rows);
  for (size_t i = 0; i < outputs.rows; ++i) {
    const auto row = outputs.row(i);
    if (outputs.columns == 1) {
      classes.push_back(row[0] > 0.5f ? 1 : 0);
    } else {
      classes.push_back(
          static_cast<int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
    }
  }
  return classes;
}

}  // namespace litesmith
