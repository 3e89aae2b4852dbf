// Prints docs/operators.md, all of it from what the code knows of operators:
//
//   litesmith_operators_page                      the page
//   litesmith_operators_page --check FILE.md      fails when the file says something else
//
// What runs is tried: a node of the operator is bound in each arithmetic, with operands of the
// type.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <string>

#include "../unit/ops/sample_nodes.h"
#include "formats/keras/layers/layer_ops.h"
#include "formats/onnx/operator_ops.h"
#include "ops/ops.h"
#include "runtime/binding.h"
#include "runtime/control_flow.h"

namespace litesmith {
namespace {

// What a column of the page tries: operands of a type, float ones beside int8 weights, or text.
struct Column {
  std::string_view title;
  DType dtype;
  bool hybrid = false;
};
constexpr std::array kColumns = {
    Column{"float32", DType::float32}, Column{"hybrid", DType::float32, true},
    Column{"int8", DType::int8},       Column{"uint8", DType::uint8},
    Column{"int16", DType::int16},     Column{"int32", DType::int32},
    Column{"int64", DType::int64},     Column{"bool", DType::boolean},
    Column{"text", DType::string},
};

bool is_integer_code(DType dtype) {
  return dtype == DType::int8 || dtype == DType::uint8 || dtype == DType::int16;
}

Quantization one_scale(float scale, int64_t zero_point = 0) { return {{scale}, {zero_point}, 0}; }

Buffer zeros(const Value& value) {
  const int64_t bits_in_all = element_count(value.shape) * bits(value.dtype);
  return Buffer::of(std::vector<std::byte>(static_cast<size_t>((bits_in_all + 7) / 8)));
}

bool contains(const std::vector<WeightOperand>& weights, size_t operand) {
  return std::any_of(weights.begin(), weights.end(), [&](const WeightOperand& weight) {
    return static_cast<size_t>(weight.operand) == operand;
  });
}

// An operand of the sample as the column wants it. Constants that say what to do stay as they are.
Value recast(const OpDef& def, const Value& sample, size_t operand, const Column& column) {
  if (sample.is_constant() || sample.dtype != DType::float32) return sample;
  Value value = sample;
  const bool weight = contains(def.quant.weights, operand) || contains(def.quant.hybrid, operand);
  if (column.hybrid) {
    if (!contains(def.quant.hybrid, operand)) return value;
    value.dtype = DType::int8;
    value.quantization = one_scale(0.5f);
    value.data = zeros(value);
    return value;
  }
  value.dtype = column.dtype;
  if (is_integer_code(column.dtype)) {
    value.quantization = one_scale(0.5f, column.dtype == DType::uint8 ? 128 : 0);
    if (weight && column.dtype == DType::int16) value.dtype = DType::int8;
    if (static_cast<int>(operand) == def.quant.bias) {
      value.dtype = column.dtype == DType::int16 ? DType::int64 : DType::int32;
      value.quantization = one_scale(0.25f);
    }
  }
  if (weight || static_cast<int>(operand) == def.quant.bias) value.data = zeros(value);
  return value;
}

void quantize_output(const OpDef& def, Value& output) {
  if (!is_integer_code(output.dtype)) return;
  const auto& fixed = output.dtype == DType::int16 ? def.quant.fixed_int16 : def.quant.fixed_int8;
  const int64_t offset = output.dtype == DType::uint8 ? 128 : 0;
  output.quantization =
      fixed ? one_scale(fixed->scale, fixed->zero_point + offset) : one_scale(0.5f, offset);
}

// The arithmetics in which the node runs, a letter each.
std::string runs(Graph graph, Node node) {
  std::string letters;
  try {
    const auto inferred = node.def().infer(graph.view(node));
    for (const InferredOutput& each : inferred) {
      Value output{.name = "y", .dtype = each.dtype, .shape = with_dynamic_as(each.shape, 1)};
      quantize_output(node.def(), output);
      node.outputs.push_back(graph.add(std::move(output)));
    }
  } catch (const Error&) {
    return "";
  }
  const Binding binding = find_binding(node.def());
  for (const Arithmetic arithmetic : all_arithmetics()) {
    try {
      binding({graph.view(node), arithmetic, default_isa()});
      letters += to_string(arithmetic).front();
    } catch (const Error&) {
    }
  }
  return letters;
}

bool is_plain(const Operand& operand) { return operand && !operand->is_constant(); }

// The column a sample is made for, where its operands say so themselves; else it takes any type.
bool fits(const Sample& sample, const Column& column) {
  const auto& inputs = sample.inputs;
  const bool typed = std::any_of(inputs.begin(), inputs.end(), [](const Operand& operand) {
    return operand && operand->quantization.present();
  });
  const bool floats = std::any_of(inputs.begin(), inputs.end(), [](const Operand& operand) {
    return is_plain(operand) && operand->dtype == DType::float32;
  });
  if (typed) {
    // TRANSPOSE_CONV has its input behind its shape and its weights.
    const DType dtype = (is_plain(inputs[0]) ? inputs[0] : inputs.at(2))->dtype;
    return dtype == column.dtype && (dtype == DType::float32) == column.hybrid;
  }
  if (floats) return !column.hybrid || !sample.op->def().quant.hybrid.empty();
  return !column.hybrid && std::any_of(inputs.begin(), inputs.end(), [&](const Operand& operand) {
    return is_plain(operand) && operand->dtype == column.dtype;
  });
}

// `constants`: all but the first operand and the variables are known, as weights are.
std::string runs(const Sample& sample, const Column& column, bool constants) {
  Graph graph;
  Node node{.op = sample.op};
  const bool typed = std::any_of(
      sample.inputs.begin(), sample.inputs.end(),
      [](const Operand& operand) { return operand && operand->quantization.present(); });
  for (size_t i = 0; i < sample.inputs.size(); ++i) {
    if (!sample.inputs[i]) {
      node.inputs.push_back(ValueId{});
      continue;
    }
    Value value =
        typed ? *sample.inputs[i] : recast(sample.op->def(), *sample.inputs[i], i, column);
    if (constants && i > 0 && !value.is_variable && !value.is_constant() && bits(value.dtype) > 0) {
      value.data = zeros(value);
    }
    node.inputs.push_back(graph.add(std::move(value)));
  }
  for (const Value& value : sample.intermediates) node.intermediates.push_back(graph.add(value));
  return runs(std::move(graph), std::move(node));
}

std::string run_cell(const OpDef& def, const Column& column) {
  if (find_control_flow(def) != nullptr) return "all";
  if (def.before_run) return "all";
  if (find_binding(def) == nullptr) return "";
  std::string best;
  for (const Sample& sample : sample_nodes()) {
    if (&sample.op->def() != &def || !fits(sample, column)) continue;
    for (const bool constants : {false, true}) {
      const std::string letters = runs(sample, column, constants);
      if (letters.size() > best.size()) best = letters;
    }
  }
  if (best.size() == all_arithmetics().size()) return "all";
  std::string cell;
  for (const char letter : best) cell += std::string(cell.empty() ? "" : " ") + letter;
  return cell;
}

std::string modes(const QuantSpec& quant) {
  std::string list;
  auto add = [&](bool there, std::string_view name) {
    if (there) list += (list.empty() ? "" : ", ") + std::string(name);
  };
  add(quant.int8, "int8");
  add(quant.int16, "int16x8");
  add(quant.int16_tflm, "int16x8 for tflm");
  add(!quant.hybrid.empty(), "dynamic_range");
  return list;
}

bool has_word(std::string_view words, std::string_view wanted) {
  std::istringstream stream{std::string(words)};
  for (std::string word; stream >> word;) {
    if (word == wanted) return true;
  }
  return false;
}

std::string sources_of(std::span<const compose::Becomes> rows, std::string_view op) {
  std::string list;
  for (const compose::Becomes& row : rows) {
    if (has_word(row.ops, op)) list += (list.empty() ? "" : ", ") + std::string(row.name);
  }
  return list;
}

// A column for each importer: what of its format becomes the operator.
struct Importer {
  std::string_view title;
  std::span<const compose::Becomes> (*rows)();
};
constexpr std::array kImporters = {Importer{"Keras layers", keras::all_layer_ops},
                                   Importer{"ONNX operators", onnx::all_operator_ops}};

std::string page() {
  std::ostringstream out;
  out << "# Operators\n\n"
         "Written by `litesmith_operators_page` (`tests/tools`) from the code; a test fails when "
         "this page says something else.\n\n"
         "Every operator of the schema is shown, linted and written back. Those in the table are "
         "read into a graph, too. A column of a type says in which arithmetics (`all`, or the "
         "first letters of `reference`, `builtin`, `litert`, `tflm`) the operator runs with "
         "operands of "
         "it: int8, uint8 and int16 with scales, int16 beside int8 weights, `hybrid` float "
         "beside int8 weights. `quantized` names the modes that make integers of it, a column "
         "of an importer the layers or operators that become it (in a float32 file, after the "
         "rewrites; QuantizeLinear and DequantizeLinear in an int8 one). The Signal operators run "
         "in "
         "all arithmetics on the types that they have in TFLite Micro, uint32 and uint64 among "
         "them (`docs/numerics.md`).\n\n"
         "| operator |";
  for (const Column& column : kColumns) out << ' ' << column.title << " |";
  out << " quantized |";
  for (const Importer& importer : kImporters) out << ' ' << importer.title << " |";
  out << "\n|---|";
  for (size_t i = 0; i < kColumns.size() + 1 + kImporters.size(); ++i) out << "---|";
  out << '\n';
  for (const auto ops : {all_ops(), custom_ops()}) {
    for (const OpDef* def : ops) {
      out << "| " << def->name << " |";
      for (const Column& column : kColumns) out << ' ' << run_cell(*def, column) << " |";
      out << ' ' << modes(def->quant) << " |";
      for (const Importer& importer : kImporters)
        out << ' ' << sources_of(importer.rows(), def->name) << " |";
      out << '\n';
    }
  }
  out << "\n## Not read into a graph\n\n"
         "Shown, linted and kept in round trips; refused by name where a graph is needed.\n\n";
  std::string rest;
  for (int32_t code = 0; !builtin_name(code).empty(); ++code) {
    if (find_op(code) != nullptr || builtin_name(code) == "CUSTOM") continue;
    if (builtin_name(code).starts_with("PLACEHOLDER")) continue;
    rest += (rest.empty() ? "" : ", ") + std::string(builtin_name(code));
  }
  std::istringstream words(rest + ".");
  std::string line;
  for (std::string word; words >> word;) {
    if (line.size() + word.size() > 110) {
      out << line << '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  out << line << '\n';
  return out.str();
}

int run(int count, char** arguments) {
  const std::string text = page();
  if (count < 2) {
    std::cout << text;
    return 0;
  }
  std::ifstream file(arguments[2]);
  const std::string kept((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (kept == text) return 0;
  std::cerr << arguments[2] << " is not what litesmith_operators_page prints; write it anew\n";
  return 1;
}

}  // namespace
}  // namespace litesmith

int main(int count, char** arguments) { return litesmith::run(count, arguments); }
