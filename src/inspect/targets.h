// What runtimes can do, by operator: the table targets.tsv, which is compiled into the program.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ir/dtype.h"

namespace litesmith {

enum class Target { litert, tflite, tflm, esphome, ethos_u };
std::string_view to_string(Target target);  // "ethos-u"

// A combination of types an operator has a kernel for: what it reads first that is no constant,
// its weights (the second operand), what it makes. Nothing: any.
struct TypePattern {
  std::optional<DType> data = {};
  std::optional<DType> weights = {};
  std::optional<DType> output = {};
};

// A version of an operator and the first release that runs it.
struct Release {
  int32_t version;
  std::string_view name;  // "2.3"
};

// An operand of which the kernel reads one scale, whatever it has; beside a first operand of
// `data`.
struct OneScale {
  size_t operand = 0;
  std::optional<DType> data = {};  // any
};

struct TargetRow {
  std::string_view op;
  Target target;
  int32_t first_version = 1;
  int32_t last_version = 0;             // 0: the target does not look at versions
  std::vector<Release> releases = {};   // of Target::tflite
  std::vector<TypePattern> types = {};  // none: all
  bool needs_scales = false;            // integers must say what they stand for
  std::vector<size_t> constants = {};   // operands that must be known before the model runs
  std::vector<size_t> given = {};       // operands that must not be left out
  std::vector<size_t> absent = {};      // operands that the kernel has no use for
  std::vector<OneScale> one_scale = {};
  std::string_view source = {};
};

// Every row of the table, by operator and target.
std::span<const TargetRow> target_rows();
// The row of an operator, a custom one by its own name; null when the target lacks it.
const TargetRow* find_row(Target target, std::string_view op);

// The first TensorFlow release that runs this version of the operator; empty when none is known.
std::string_view first_release(std::string_view op, int32_t version);

}  // namespace litesmith
