// What a .tflite file truly is, told by what it holds and never by its name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/listing.h"

namespace litesmith {

enum class Scheme {
  no_numbers,       // neither float nor quantized arithmetic
  float32,          // all in float
  float16_weights,  // weights stored as halves, arithmetic in float
  weight_only,      // weights stored as integers and taken back to float before they are used
  dynamic_range,    // integer weights, float activations that are quantized on the way
  integer,          // nothing but integers between the conversions at the file's ends
  mixed,            // integer arithmetic with float operators in between
};
std::string_view to_string(Scheme scheme);

// How an operator computes.
enum class Arithmetics {
  neither,   // moves shapes, booleans, state
  converts,  // QUANTIZE, DEQUANTIZE and the like: from one kind of numbers to the other, or
             // rescales
  unpacks,   // a constant into floats
  floats,
  hybrid,  // float activations with integer weights
  integers,
};
Arithmetics arithmetics_of(const ListedGraph& graph, const ListedOp& op);

struct OpPlace {
  size_t subgraph = 0;
  size_t op = 0;
  friend bool operator==(const OpPlace&, const OpPlace&) = default;
};

struct Verdict {
  Scheme scheme = Scheme::no_numbers;
  std::optional<DType> activations = {};    // of the integer operators, the commonest
  std::optional<DType> weights = {};        // the smallest type that weights are stored in
  std::vector<OpPlace> float_islands = {};  // of a mixed file
  std::string oldest_runtime = {};  // "2.3": of TensorFlow Lite; empty when no release runs it all
  bool runs_on_tflm = false;        // TFLite Micro has a kernel for every operator
  std::string text = {};            // one line
};

// `name`, when the model has a file name, is only ever contradicted.
Verdict judge(const Listing& listing, std::string_view name);

}  // namespace litesmith
