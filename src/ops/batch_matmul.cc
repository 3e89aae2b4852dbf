#include "ops/batch_matmul.h"

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  const auto& op = node.as<BatchMatMul>();
  const Shape& a = node.input(0).shape;
  const Shape& b = node.input(1).shape;
  auto refuse_shapes = [&] {
    refuse(node, to_string(a) + " and " + to_string(b) + " are no matrices to multiply");
  };
  if (a.size() < 2 || b.size() < 2) refuse_shapes();
  auto last = [](const Shape& shape, bool second) {
    return shape[shape.size() - (second ? 2 : 1)];
  };
  if (!merged({last(a, op.adj_x)}, {last(b, !op.adj_y)})) refuse_shapes();
  Shape shape = with_context(node.op.def().name, [&] {
    return broadcast(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2));
  });
  shape.push_back(last(a, !op.adj_x));
  shape.push_back(last(b, op.adj_y));
  // int8 times int8 may be left as the int32 sums.
  const DType dtype = node.input(0).dtype;
  return {{dtype == DType::int8 ? stated_dtype(node, 0, dtype, {DType::int32}) : dtype, shape}};
}

int version(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 3;
  if (has_dtype(node, 0, DType::int8)) return 2;
  return is_hybrid(node) && node.as<BatchMatMul>().asymmetric_quantize_inputs ? 4 : 1;
}

int64_t macs(const NodeView& node) {
  const Shape& a = node.input(0).shape;
  const int32_t depth = a[a.size() - (node.as<BatchMatMul>().adj_x ? 2 : 1)];
  return checked_product({output_elements(node), std::max(depth, 1)});
}

}  // namespace

const OpDef& BatchMatMul::definition() {
  static const OpDef def = {
      .code = 126,
      .name = "BATCH_MATMUL",
      .options_tag = 101,
      .make = make_op<BatchMatMul>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"2.3.0", "2.3.0", "2.4.0", "2.5.0"},
      .quant = {.int8 = true, .int16 = true, .version_int16 = 2, .hybrid = {{1, -1}}},
      .macs = macs,
      .set_asymmetric_inputs = set_asymmetric_inputs<BatchMatMul>};
  return def;
}

}  // namespace litesmith
