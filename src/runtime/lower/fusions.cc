// The list of the pairs.
#include "runtime/lower/fusions.h"

#include <algorithm>
#include <array>

#include "ops/conv_2d.h"
#include "ops/pool_2d.h"
#include "runtime/lower/pooled_convolution.h"

namespace litesmith {

FusedBinding find_fused_binding(const OpDef& first, const OpDef& second) {
  struct Row {
    const OpDef* first;
    const OpDef* second;
    FusedBinding binding;
  };
  static const auto table = std::to_array<Row>({
      {&Conv2D::definition(), &MaxPool2D::definition(), lower::pooled_convolution},
  });
  const auto found = std::find_if(table.begin(), table.end(), [&](const Row& row) {
    return row.first == &first && row.second == &second;
  });
  return found == table.end() ? nullptr : found->binding;
}

}  // namespace litesmith
