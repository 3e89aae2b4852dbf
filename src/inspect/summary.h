// What a model is made of, as values that text and JSON are made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/tflite/file.h"
#include "inspect/activations.h"
#include "inspect/tflm_memory/tflm_memory.h"
#include "inspect/verdict.h"
#include "inspect/weight_statistics.h"
#include "ir/graph.h"

namespace litesmith {

struct TensorSummary {
  std::string name;
  DType dtype = DType::float32;
  Shape shape = {};  // kDynamic where a dimension is known only when the model runs
  Quantization quantization = {};
};

struct OpSummary {
  size_t index = 0;
  std::string name;        // "CONV_2D"
  std::string attributes;  // "padding=VALID stride_w=1", those at their default left out
  int32_t version = 0;     // of the operator, as the file has it or would have it
  std::vector<TensorSummary> outputs = {};
  int64_t parameters = 0;       // elements of the weights and biases that it reads
  int64_t zero_parameters = 0;  // those that are zero
  size_t constant_bytes = 0;    // of all its constant operands
  int64_t macs = 0;             // multiply-accumulates of one sample
  int64_t needed_macs = 0;      // those whose result can reach an output
};

struct ConstantSummary {
  TensorSummary tensor;
  int64_t elements = 0;
  size_t bytes = 0;
  std::vector<size_t> used_by = {};  // indices of ops
  std::string why_float = {};        // in a quantized model; empty when there is nothing to explain
  std::optional<WeightStatistics> statistics = {};  // when asked for
};

// Indices along one dimension of an input that no output depends on.
struct UnreachedInput {
  std::string input;
  size_t dimension = 0;
  int32_t size = 0;
  std::vector<int32_t> indices = {};
};

// A tensor of the file that nothing names.
struct UnusedTensor {
  size_t index = 0;
  TensorSummary tensor;
  size_t bytes = 0;  // that it alone keeps in the file
};

struct Summary {
  std::string source;  // where the model came from
  Verdict verdict = {};
  std::optional<size_t> file_bytes = {};
  std::string made_by = {};              // "TensorFlow 2.21.0", where the file says so
  std::string min_runtime_version = {};  // "1.14.0", where the file says so
  std::vector<TensorSummary> inputs = {};
  std::vector<TensorSummary> outputs = {};
  std::vector<OpSummary> ops = {};
  std::vector<ConstantSummary> constants = {};
  std::vector<UnreachedInput> unreached = {};
  std::vector<UnusedTensor> unused = {};
  int64_t parameters = 0;
  int64_t zero_parameters = 0;
  std::optional<Activations> activations = {};
  // Of a file: what TFLite Micro will take where pointers have 32 bits, and 64.
  TflmPrediction tflm32 = {};
  TflmPrediction tflm64 = {};
  std::map<DType, size_t> constant_bytes = {};  // by type; data that tensors share counts once
  int64_t macs = 0;
  int64_t needed_macs = 0;
  std::vector<std::string> notes = {};  // what the summary leaves out, and why
};

struct SummaryOptions {
  bool weights = false;  // statistics of each constant
};

// Of the first subgraph; notes name the others.
Summary summarize(const Model& model, const SummaryOptions& options = {});
// Of a .tflite file. When it holds something the graph has no place for, the summary says what and
// lists operators by name, without costs.
Summary summarize(const tflite::File& file, std::string source, const SummaryOptions& options = {});

// The summary as readable text.
std::string to_text(const Summary& summary);

}  // namespace litesmith
