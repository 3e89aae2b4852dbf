// Lists of operators for tests, written as a file would have them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inspect/listing.h"
#include "ops/ops.h"

namespace litesmith::testing {

class ListingMaker {
 public:
  int32_t activation(DType dtype, std::optional<float> scale = {}) {
    ListedTensor tensor{.name = "a", .dtype = dtype, .shape = {1, 4}};
    if (scale) tensor.quantization = {{*scale}, {0}, 0};
    return add(std::move(tensor));
  }
  int32_t weights(DType dtype, size_t scales = 0, Shape shape = {8, 4}) {
    ListedTensor tensor{.name = "w", .dtype = dtype, .shape = std::move(shape)};
    tensor.quantization = {std::vector<float>(scales, 0.5f), std::vector<int64_t>(scales, 0), 0};
    tensor.is_constant = true;
    return add(std::move(tensor));
  }
  void op(const std::string& name, std::vector<int32_t> inputs, std::vector<int32_t> outputs,
          int32_t version = 1) {
    graph_.ops.push_back({.code = code_of(name),
                          .name = name,
                          .version = version,
                          .inputs = std::move(inputs),
                          .outputs = std::move(outputs)});
  }
  // FULLY_CONNECTED of this type, and its result.
  int32_t dense(int32_t input, int32_t filter, DType dtype, std::optional<float> scale = {}) {
    const int32_t output = activation(dtype, scale);
    op("FULLY_CONNECTED", {input, filter, ListedOp::kAbsent}, {output});
    return output;
  }
  Listing done(std::vector<int32_t> inputs, std::vector<int32_t> outputs) {
    graph_.inputs = std::move(inputs);
    graph_.outputs = std::move(outputs);
    return {graph_};
  }

 private:
  static int32_t code_of(const std::string& name) {
    for (const OpDef* def : all_ops()) {
      if (def->name == name) return def->code;
    }
    return 0;
  }
  int32_t add(ListedTensor tensor) {
    graph_.tensors.push_back(std::move(tensor));
    return static_cast<int32_t>(graph_.tensors.size()) - 1;
  }
  ListedGraph graph_;
};

}  // namespace litesmith::testing
