#include "quantize/convert.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "base/error.h"
#include "ir/finite.h"
#include "quantize/dynamic_range.h"
#include "quantize/float16.h"
#include "quantize/integer.h"
#include "quantize/keep_float.h"

namespace litesmith {
namespace {

void require_type(Mode mode, std::string_view which, DType type,
                  std::initializer_list<DType> allowed) {
  if (std::find(allowed.begin(), allowed.end(), type) != allowed.end()) return;
  std::string list;
  for (const DType each : allowed)
    list += (list.empty() ? "" : ", ") + std::string(to_string(each));
  throw Error(ErrorCode::usage, "mode " + std::string(to_string(mode)) + " allows " +
                                    std::string(which) + " type " + list + ", not " +
                                    std::string(to_string(type)));
}

void check_types(const ConvertOptions& options) {
  for (const auto& [which, type] : {std::pair<std::string_view, DType>{"input", options.input_type},
                                    {"output", options.output_type}}) {
    switch (options.mode) {
      case Mode::int8:
        require_type(options.mode, which, type, {DType::float32, DType::int8, DType::uint8});
        break;
      case Mode::int16x8:
        require_type(options.mode, which, type, {DType::float32, DType::int16});
        break;
      default:
        require_type(options.mode, which, type, {DType::float32});
    }
  }
}

void check_finite(const Graph& graph) {
  Diagnostics findings;
  for (const Value& value : graph.values) {
    if (!value.is_constant() || value.dtype != DType::float32) continue;
    const Recipe* recipe = value.data->recipe();
    if (recipe != nullptr && std::isfinite(recipe->largest_magnitude())) continue;
    if (const auto bad = magnitude_of(*value.data).not_finite) {
      findings.error(ErrorCode::data, "'" + value.name + "' holds " + *bad);
    }
    value.data->let_go();
  }
  findings.throw_if_errors("weights that are no finite numbers");
}

// Ranges belong to calibrated models and 16x8 files; the other modes' files carry none. What is
// made is stored with all its elements.
void drop_ranges(Graph& graph) {
  for (Value& value : graph.values) {
    value.sparse_block = 0;
    value.range.reset();
    value.learned_range.reset();
    value.learned_scales.clear();
  }
}

// Those of float ops were there for their ranges.
void drop_intermediates(Graph& graph) {
  for (Node& node : graph.nodes) {
    if (node.def().quant.own_rules != nullptr) node.intermediates.clear();
  }
}

// A model that its author quantized has nothing left to choose.
Model as_it_is(const Model& model, const ConvertOptions& options) {
  if (options.mode != Mode::int8) {
    throw Error(ErrorCode::unsupported,
                "the model is already quantized by its author: only --mode int8 writes it, as it "
                "is; other modes start from the float model");
  }
  if (options.input_type != DType::float32 || options.output_type != DType::float32) {
    throw Error(ErrorCode::unsupported,
                "the model is already quantized by its author: its inputs and outputs keep their "
                "types");
  }
  return model;
}

}  // namespace

bool is_quantized(const Model& model) {
  return std::any_of(model.graph.values.begin(), model.graph.values.end(),
                     [](const Value& value) { return value.quantization.present(); });
}

void require_float(const Model& model) {
  for (const Value& value : model.graph.values) {
    if (value.quantization.present() || value.dtype == DType::float16) {
      throw Error(ErrorCode::unsupported, "the model is already quantized (tensor '" + value.name +
                                              "' is " + std::string(to_string(value.dtype)) +
                                              "): what rounding took is gone; start from the "
                                              "float model. The types of an int8 file's inputs "
                                              "and outputs alone are changed by --mode int8 with "
                                              "--input-type or --output-type");
    }
  }
}

bool has_learned_ranges(const Model& model) {
  return std::any_of(model.graph.values.begin(), model.graph.values.end(),
                     [](const Value& value) { return value.learned_range.has_value(); });
}

Model convert(const Model& model, const ConvertOptions& options, ConvertNotes& notes) {
  check_types(options);
  if (options.keep_quantized && is_quantized(model)) return as_it_is(model, options);
  require_float(model);
  check_finite(model.graph);
  check_keep_float(model.graph, options.keep_float);
  Model result;
  Model plain = model;
  drop_intermediates(plain.graph);
  switch (options.mode) {
    case Mode::float32:
      result = std::move(plain);
      break;
    case Mode::dynamic_range:
      result = quantize_dynamic_range(plain, options, notes);
      break;
    case Mode::float16:
      result = quantize_float16(plain, options, notes);
      break;
    case Mode::int8:
      result = quantize_to_integers(model, options, Scheme::int8, notes);
      break;
    case Mode::int16x8:
      result = quantize_to_integers(model, options, Scheme::int16x8, notes);
      break;
  }
  drop_ranges(result.graph);
  compact(result);
  result.graph.make_names_unique();
  verify(result.graph);
  return result;
}

}  // namespace litesmith
