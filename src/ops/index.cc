#include "ops/index.h"

#include <cstddef>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

bool is_index_type(DType dtype) {
  return dtype == DType::int32 || dtype == DType::int64 || dtype == DType::int16;
}

void require_index_type(const NodeView& node, size_t i) {
  if (is_index_type(node.input(i).dtype)) return;
  refuse(node, "operand " + std::to_string(i) + " is " +
                   std::string(to_string(node.input(i).dtype)) + ", no type of indices");
}

std::vector<InferredOutput> infer_gather_nd(const NodeView& node) {
  require_operands(node, 2, 2);
  require_index_type(node, 1);
  const Shape& params = node.input(0).shape;
  const Shape& indices = node.input(1).shape;
  if (params.empty() || indices.empty()) refuse(node, "its operands are no scalars");
  const int32_t tuple = indices.back();
  if (tuple < 0) return {{node.input(0).dtype, dynamic_of_stated_rank(node)}};
  if (static_cast<size_t>(tuple) > params.size()) {
    refuse(node,
           "indices " + to_string(indices) + " are longer than the rank of " + to_string(params));
  }
  Shape shape(indices.begin(), indices.end() - 1);
  shape.insert(shape.end(), params.begin() + tuple, params.end());
  return {{node.input(0).dtype, shape}};
}

std::vector<InferredOutput> infer_scatter_nd(const NodeView& node) {
  require_operands(node, 3, 3);
  const Shape& indices = node.input(0).shape;
  const Value& updates = node.input(1);
  const auto target = known_integers(node, 2);
  if (node.input(0).dtype != DType::int32) refuse(node, "the indices are not int32");
  if (indices.empty()) refuse(node, "the indices are a scalar");
  if (!target) return {{updates.dtype, dynamic_of_stated_rank(node)}};
  Shape shape;
  for (const int64_t size : *target) shape.push_back(to_dimension(node, size));
  auto refuse_shapes = [&] {
    refuse(node, "updates " + to_string(updates.shape) + " at indices " + to_string(indices) +
                     " do not fit " + to_string(shape));
  };
  const int32_t tuple = indices.back();
  if (tuple < 0 || static_cast<size_t>(tuple) > shape.size()) refuse_shapes();
  Shape wanted(indices.begin(), indices.end() - 1);
  wanted.insert(wanted.end(), shape.begin() + tuple, shape.end());
  if (!merged(updates.shape, wanted)) refuse_shapes();
  return {{updates.dtype, shape}};
}

std::vector<InferredOutput> infer_update_slice(const NodeView& node) {
  require_operands(node, 3, 3);
  const Value& operand = node.input(0);
  const Value& update = node.input(1);
  const Value& start = node.input(2);
  const size_t rank = operand.shape.size();
  if (start.dtype != DType::int32 && start.dtype != DType::int64) {
    refuse(node, "the start is " + std::string(to_string(start.dtype)));
  }
  bool fits = operand.dtype == update.dtype && update.shape.size() == rank &&
              merged(start.shape, {static_cast<int32_t>(rank)}).has_value();
  for (size_t i = 0; fits && i < rank; ++i) {
    fits = operand.shape[i] < 0 || update.shape[i] <= operand.shape[i];
  }
  if (!fits) {
    refuse(node, "an update " + std::string(to_string(update.dtype)) + to_string(update.shape) +
                     " at " + to_string(start.shape) + " does not fit " +
                     std::string(to_string(operand.dtype)) + to_string(operand.shape));
  }
  return {{operand.dtype, operand.shape}};
}

std::vector<InferredOutput> infer_lookup(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& table = node.input(1);
  if (node.input(0).dtype != DType::int32 || node.input(0).shape.size() != 1) {
    refuse(node, "the indices are no vector of int32");
  }
  if (table.shape.size() < 2) refuse(node, "the table is " + to_string(table.shape));
  Shape shape = table.shape;
  shape[0] = node.input(0).shape[0];
  return {{stated_dtype(node, 0, table.dtype, {DType::float32}), shape}};
}

template <class T>
std::vector<InferredOutput> infer_arg(const NodeView& node) {
  require_operands(node, 2, 2);
  const DType dtype = node.as<T>().output_type;
  if (dtype != DType::int32 && dtype != DType::int64) {
    refuse(node, "positions are int32 or int64, not " + std::string(to_string(dtype)));
  }
  Shape shape = node.input(0).shape;
  const auto axis = known_integer(node, 1);
  if (shape.empty()) refuse(node, "the input is a scalar");
  if (!axis) return {{dtype, all_dynamic(shape.size() - 1)}};
  const size_t position = axis_of(node, *axis, shape.size());
  if (shape[position] == 0) refuse(node, "nothing of " + to_string(shape) + " is the extreme");
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(position));
  return {{dtype, shape}};
}

std::vector<InferredOutput> infer_top_k(const NodeView& node) {
  require_operands(node, 2, 2);
  require_outputs(node, 2);
  Shape shape = node.input(0).shape;
  if (shape.empty()) refuse(node, "the input is a scalar");
  const DType positions = stated_dtype(node, 1, DType::int32, {DType::int16});
  const Value& count = node.input(1);
  if (count.dtype == DType::int16) {
    shape.back() = kDynamic;
    return {{node.input(0).dtype, shape}, {positions, shape}};
  }
  const auto k = known_integer(node, 1);
  if (k && (*k < 0 || (shape.back() >= 0 && *k > shape.back()))) {
    refuse(node, "rows of " + to_string(shape) + " have no " + std::to_string(*k) + " elements");
  }
  shape.back() = k ? to_dimension(node, *k) : kDynamic;
  return {{node.input(0).dtype, shape}, {positions, shape}};
}

int version_gather_nd(const NodeView& node) {
  if (is_float8(node, 0)) return 6;
  if (has_dtype(node, 0, DType::boolean)) return 5;
  if (has_dtype(node, 1, DType::int16)) return 4;
  if (has_dtype(node, 0, DType::int16)) return 3;
  return has_dtype(node, 0, DType::string) ? 2 : 1;
}

int version_update_slice(const NodeView& node) {
  switch (node.input(0).dtype) {
    case DType::bfloat16:
      return 6;
    case DType::int4:
      return 5;
    case DType::int16:
      return 4;
    case DType::float16:
      return 3;
    default:
      return has_dtype(node, 2, DType::int64) ? 2 : 1;
  }
}

int version_lookup(const NodeView& node) {
  const Value& table = node.input(1);
  if (table.dtype == DType::int4 || table.quantization.per_channel()) return 4;
  return table.dtype == DType::int2 ? 5 : 1;
}

int version_arg(const NodeView& node) {
  return has_dtype(node, 0, DType::boolean) ? 3 : version_8_2(node);
}

int version_top_k(const NodeView& node) {
  const bool positions = node.outputs.size() > 1 && makes_dtype(node, 1, DType::int16);
  if (has_dtype(node, 0, DType::int16) || has_dtype(node, 1, DType::int16) || positions) return 3;
  return version_8_2(node);
}

template <class T>
OpDef make_arg(int32_t code, std::string_view name, uint8_t options_tag) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer_arg<T>,
          .version = version_arg,
          .runtime_versions = {"1.9.0", "1.14.0", "2.9.0"}};
}

}  // namespace

const OpDef& GatherNd::definition() {
  static const OpDef def = {
      .code = 107,
      .name = "GATHER_ND",
      .options_tag = 83,
      .make = make_op<GatherNd>,
      .infer = infer_gather_nd,
      .version = version_gather_nd,
      .runtime_versions = {"1.14.0", "2.3.0", "2.5.0", "2.13.0", "2.16.0", "2.23.0"}};
  return def;
}

const OpDef& ScatterNd::definition() {
  static const OpDef def = {.code = 122,
                            .name = "SCATTER_ND",
                            .options_tag = 97,
                            .make = make_op<ScatterNd>,
                            .infer = infer_scatter_nd,
                            .version = version_1,
                            .runtime_versions = {"2.1.0"}};
  return def;
}

const OpDef& DynamicUpdateSlice::definition() {
  static const OpDef def = {
      .code = 151,
      .name = "DYNAMIC_UPDATE_SLICE",
      .options_tag = 117,
      .make = make_op<DynamicUpdateSlice>,
      .infer = infer_update_slice,
      .version = version_update_slice,
      .runtime_versions = {"2.9.0", "2.17.0", "2.19.0", "2.20.0", "2.21.0", "2.22.0"}};
  return def;
}

const OpDef& EmbeddingLookup::definition() {
  static const OpDef def = {.code = 7,
                            .name = "EMBEDDING_LOOKUP",
                            .options_tag = 0,
                            .make = make_op<EmbeddingLookup>,
                            .infer = infer_lookup,
                            .version = version_lookup,
                            .runtime_versions = {"1.13.0", "1.14.0", "1.14.0", "2.18.0", "2.21.0"}};
  return def;
}

const OpDef& ArgMax::definition() {
  static const OpDef def = make_arg<ArgMax>(56, "ARG_MAX", 40);
  return def;
}

const OpDef& ArgMin::definition() {
  static const OpDef def = make_arg<ArgMin>(79, "ARG_MIN", 57);
  return def;
}

const OpDef& TopK::definition() {
  static const OpDef def = {.code = 48,
                            .name = "TOPK_V2",
                            .options_tag = 34,
                            .make = make_op<TopK>,
                            .infer = infer_top_k,
                            .version = version_top_k,
                            .runtime_versions = {"1.7.0", "1.14.0", "2.13.0"}};
  return def;
}

}  // namespace litesmith
