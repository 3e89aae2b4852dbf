#include "ops/transpose_conv.h"

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// The convolution whose transpose this is makes the input's shape of the output's.
void require_fit(const NodeView& node, const Shape& input, const Shape& filter,
                 const Shape& output) {
  const auto& op = node.as<TransposeConv>();
  const Window2D window = {filter[1], filter[2], op.stride_h, op.stride_w};
  if (!merged(window_output_shape(node, output, window, op.padding, input[3]), input)) {
    refuse(node, "an input " + to_string(input) + " does not make an output " + to_string(output));
  }
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 3, 4);
  const auto& op = node.as<TransposeConv>();
  const Shape& filter = node.input(1).shape;
  const Shape& input = node.input(2).shape;
  if (input.size() != 4 || filter.size() != 4 || !is_static(filter)) {
    refuse(node, "an input " + to_string(input) + " and a filter " + to_string(filter) +
                     " are not [n, h, w, c] and [out, h, w, in]");
  }
  if (input[3] >= 0 && input[3] != filter[3]) {
    refuse(node, "an input " + to_string(input) + " does not fit a filter " + to_string(filter));
  }
  if (const Value* bias = node.optional_input(3);
      bias != nullptr && element_count(with_dynamic_as(bias->shape, 1)) != filter[0]) {
    refuse(node,
           "a bias " + to_string(bias->shape) + " does not fit a filter " + to_string(filter));
  }
  require_window(node, {filter[1], filter[2], op.stride_h, op.stride_w});
  if (node.input(0).dtype != DType::int32) refuse(node, "the output's shape is not int32");
  const DType dtype = node.input(2).dtype;
  const auto target = known_integers(node, 0);
  if (!target) return {{dtype, {input[0], kDynamic, kDynamic, filter[0]}}};
  Shape output;
  for (const int64_t size : *target) output.push_back(to_dimension(node, size));
  if (output.size() != 4 || output[3] != filter[0] || !merged({output[0]}, {input[0]})) {
    refuse(node, "an output " + to_string(output) + " does not fit an input " + to_string(input) +
                     " and a filter " + to_string(filter));
  }
  require_fit(node, input, filter, output);
  return {{dtype, output}};
}

// The type of the bias asks for version 5 in op_version.cc, which looks for it in the wrong
// operand.
int version(const NodeView& node) {
  if (node.as<TransposeConv>().activation != Activation::none) return 4;
  if (node.optional_input(3) != nullptr) return 3;
  return has_dtype(node, 1, DType::int8) ? 2 : 1;
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product(
      {element_count(with_dynamic_as(node.input(2).shape, 1)), filter[0], filter[1], filter[2]});
}

}  // namespace

const OpDef& TransposeConv::definition() {
  static const OpDef def = {
      .code = 67,
      .name = "TRANSPOSE_CONV",
      .options_tag = 49,
      .make = make_op<TransposeConv>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.9.0", "2.2.0", "2.3.0", "2.13.0", "2.15.0"},
      .quant = {.int8 = true,
                .int16 = true,
                .weights = {{1, 0}},
                .multiplied = 2,
                .bias = 3,
                .version_int16 = 3,
                .hybrid = {{1, 0}}},
      .macs = macs,
      .activation = [](Op& op) { return &static_cast<TransposeConv&>(op).activation; },
      .prepare_int16 =
          [](Op& op) { static_cast<TransposeConv&>(op).quantized_bias_type = DType::int64; }};
  return def;
}

}  // namespace litesmith
