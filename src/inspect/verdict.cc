#include "inspect/verdict.h"

#include <algorithm>
#include <map>

#include "base/format.h"
#include "inspect/claimed_scheme.h"
#include "inspect/lint/lint.h"
#include "inspect/printable.h"
#include "inspect/targets.h"
#include "ops/min_runtime_version.h"

namespace litesmith {
namespace {

bool is_float(const ListedTensor& tensor) {
  return tensor.dtype == DType::float32 || tensor.dtype == DType::float16 ||
         tensor.dtype == DType::bfloat16 || tensor.dtype == DType::float64;
}

// Numbers that stand for reals, as opposed to shapes, indices and booleans.
bool is_integer(const ListedTensor& tensor) {
  switch (tensor.dtype.value_or(DType::string)) {
    case DType::int8:
    case DType::uint8:
    case DType::int16:
    case DType::int4:
    case DType::uint4:
    case DType::int2:
      return true;
    default:
      return tensor.quantization.present() && !is_float(tensor);
  }
}

// Which kinds of numbers an operator meets.
struct Meets {
  bool float_data = false, integer_data = false;          // operands that are no constants
  bool float_constant = false, integer_constant = false;  // constant operands
  bool float_result = false, integer_result = false;
  size_t data = 0;
};

Meets what_meets(const ListedGraph& graph, const ListedOp& op) {
  Meets meets;
  for (const int32_t index : op.inputs) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor == nullptr) continue;
    if (tensor->is_constant) {
      meets.float_constant |= is_float(*tensor);
      meets.integer_constant |= is_integer(*tensor);
    } else {
      ++meets.data;
      meets.float_data |= is_float(*tensor);
      meets.integer_data |= is_integer(*tensor);
    }
  }
  for (const int32_t index : op.outputs) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor == nullptr) continue;
    meets.float_result |= is_float(*tensor);
    meets.integer_result |= is_integer(*tensor);
  }
  return meets;
}

bool has_scales(const ListedGraph& graph, const std::vector<int32_t>& indices) {
  return std::any_of(indices.begin(), indices.end(), [&](int32_t index) {
    const ListedTensor* tensor = graph.tensor(index);
    return tensor != nullptr && tensor->quantization.present();
  });
}

// What all operators of a file are, counted.
struct Counts {
  size_t integer_ops = 0, float_ops = 0, hybrid_ops = 0;
  std::vector<OpPlace> float_places;
  std::map<DType, size_t> activations;  // results of integer operators
  std::map<DType, size_t> integer_weights;
  bool has_halves = false;
  size_t float_weights = 0;
  size_t per_channel = 0, per_tensor = 0;
  bool unpacks_integers = false;
};

// Weights of rank two and more, of operators that compute; a vector is a bias or a factor.
void count_weights(const ListedGraph& graph, const ListedOp& op, Counts& counts) {
  for (const int32_t index : op.inputs) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor == nullptr || !tensor->is_constant || tensor->shape.size() < 2) continue;
    counts.has_halves |= tensor->dtype == DType::float16;
    if (tensor->dtype == DType::float32) ++counts.float_weights;
    if (!is_integer(*tensor) || !tensor->dtype || !tensor->quantization.present()) continue;
    ++counts.integer_weights[*tensor->dtype];
    const auto dimension = static_cast<size_t>(std::max(0, tensor->quantization.dimension));
    const bool one_slice = dimension < tensor->shape.size() && tensor->shape[dimension] == 1;
    if (tensor->quantization.per_channel()) {
      ++counts.per_channel;
    } else if (!one_slice) {
      ++counts.per_tensor;
    }
  }
}

Counts count(const Listing& listing) {
  Counts counts;
  for (size_t g = 0; g < listing.size(); ++g) {
    const ListedGraph& graph = listing[g];
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const ListedOp& op = graph.ops[i];
      switch (arithmetics_of(graph, op)) {
        case Arithmetics::neither:
        case Arithmetics::converts:
          continue;
        case Arithmetics::unpacks:
          counts.unpacks_integers |= what_meets(graph, op).integer_constant;
          break;
        case Arithmetics::floats:
          ++counts.float_ops;
          counts.float_places.push_back({g, i});
          break;
        case Arithmetics::hybrid:
          ++counts.hybrid_ops;
          counts.float_places.push_back({g, i});
          break;
        case Arithmetics::integers:
          ++counts.integer_ops;
          for (const int32_t index : op.outputs) {
            const ListedTensor* tensor = graph.tensor(index);
            if (tensor != nullptr && tensor->dtype && is_integer(*tensor)) {
              ++counts.activations[*tensor->dtype];
            }
          }
          break;
      }
      count_weights(graph, op, counts);
    }
  }
  return counts;
}

Scheme scheme_of(const Counts& counts) {
  const size_t floats = counts.float_ops + counts.hybrid_ops;
  if (counts.integer_ops > 0) return floats > 0 ? Scheme::mixed : Scheme::integer;
  if (floats == 0) return Scheme::no_numbers;
  if (counts.hybrid_ops > 0) return Scheme::dynamic_range;
  if (counts.unpacks_integers) return Scheme::weight_only;
  return counts.has_halves ? Scheme::float16_weights : Scheme::float32;
}

std::optional<DType> commonest(const std::map<DType, size_t>& counts) {
  std::optional<DType> best;
  size_t most = 0;
  for (const auto& [dtype, count] : counts) {
    if (count > most) {
      most = count;
      best = dtype;
    }
  }
  return best;
}

std::optional<DType> smallest(const std::map<DType, size_t>& counts) {
  std::optional<DType> best;
  for (const auto& [dtype, count] : counts) {
    if (!best || bits(dtype) < bits(*best)) best = dtype;
  }
  return best;
}

// "int8", "float32 and int32", "nothing"
std::string types(const ListedGraph& graph, const std::vector<int32_t>& indices) {
  std::vector<std::string> names;
  for (const int32_t index : indices) {
    const ListedTensor* tensor = graph.tensor(index);
    if (tensor == nullptr) continue;
    std::string name(tensor->dtype ? to_string(*tensor->dtype) : "an unknown type");
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " and ") + name;
  return text.empty() ? "nothing" : text;
}

std::string interface(const Listing& listing) {
  if (listing.empty()) return "";
  const std::string in = types(listing[0], listing[0].inputs);
  const std::string out = types(listing[0], listing[0].outputs);
  return in == out ? ", " + in + " in and out" : ", " + in + " in, " + out + " out";
}

std::string granularity(const Counts& counts) {
  if (counts.per_channel + counts.per_tensor == 0) return "";
  if (counts.per_tensor == 0) return ", per-channel weights";
  return counts.per_channel == 0 ? ", per-tensor weights" : ", weights per channel and per tensor";
}

// "SOFTMAX (op 7), ADD (op 3 of subgraph 1) and 4 more"
std::string places(const Listing& listing, const std::vector<OpPlace>& found) {
  constexpr size_t kShown = 3;
  std::string text;
  for (size_t i = 0; i < std::min(found.size(), kShown); ++i) {
    const OpPlace& place = found[i];
    if (i > 0) text += i + 1 == found.size() ? " and " : ", ";
    text +=
        printable(listing[place.subgraph].ops[place.op].name) + " (op " + std::to_string(place.op);
    if (place.subgraph > 0) text += " of subgraph " + std::to_string(place.subgraph);
    text += ")";
  }
  if (found.size() > kShown) text += " and " + std::to_string(found.size() - kShown) + " more";
  return text;
}

std::string name_of(std::optional<DType> dtype) {
  return dtype ? std::string(to_string(*dtype)) : "integer";
}

// "int8 weights", "6 of 9 weights int8"
std::string share_of_weights(size_t quantized, size_t left, const std::string& type) {
  if (left == 0) return type + " weights";
  return std::to_string(quantized) + " of " + plural(quantized + left, "weight") + " in " + type;
}

std::string describe(const Listing& listing, const Verdict& verdict, const Counts& counts) {
  size_t quantized = 0;
  for (const auto& [dtype, number] : counts.integer_weights) quantized += number;
  const std::string weights =
      share_of_weights(quantized, counts.float_weights, name_of(verdict.weights));
  const std::string activations = name_of(verdict.activations);
  switch (verdict.scheme) {
    case Scheme::no_numbers:
      return "no arithmetic on real numbers" + interface(listing);
    case Scheme::float32:
      return "float32" + interface(listing);
    case Scheme::float16_weights:
      return "float16 weights, float32 arithmetic" + interface(listing);
    case Scheme::weight_only:
      return "weight-only: " + weights + " that are taken back to float32 before use" +
             interface(listing) + granularity(counts);
    case Scheme::dynamic_range:
      return "dynamic range: " + weights + ", float32 activations" + interface(listing) +
             granularity(counts);
    case Scheme::integer: {
      const bool is_16x8 = verdict.activations == DType::int16 && verdict.weights == DType::int8;
      std::string text = is_16x8 ? "full integer 16x8: int16 activations, int8 weights"
                                 : "full integer " + activations;
      if (!is_16x8 && verdict.weights && verdict.weights != verdict.activations) {
        text += " with " + name_of(verdict.weights) + " weights";
      }
      return text + interface(listing) + granularity(counts);
    }
    case Scheme::mixed:
      return "mixed: " + plural(counts.integer_ops, "op") + " in " + activations + ", " +
             std::to_string(verdict.float_islands.size()) +
             " in float: " + places(listing, verdict.float_islands) + interface(listing) +
             granularity(counts);
  }
  return "";
}

// The sentence that sets a name right; empty when the name claims nothing or is true.
std::string correction(std::string_view name, const Verdict& verdict) {
  const auto claim = claimed_scheme(name);
  if (!claim) return "";
  const std::string weights = name_of(verdict.weights);
  const std::string activations = name_of(verdict.activations);
  std::string truth;
  switch (verdict.scheme) {
    case Scheme::no_numbers:
      return "";
    case Scheme::float32:
      if (*claim != Claim::float32) truth = "all its numbers are float32";
      break;
    case Scheme::float16_weights:
      if (*claim != Claim::float16) truth = "its weights are float16";
      break;
    case Scheme::weight_only:
    case Scheme::dynamic_range:
      if (*claim == Claim::float32 || *claim == Claim::float16) {
        truth = "its weights are " + weights;
      } else if (*claim != Claim::dynamic_range) {
        truth = "its activations are float32";
      }
      break;
    case Scheme::integer: {
      const bool fits = (*claim == Claim::int8 && verdict.activations != DType::int16) ||
                        (*claim == Claim::int16 && verdict.activations == DType::int16);
      if (!fits) truth = "its activations are " + activations;
      break;
    }
    case Scheme::mixed:
      if (*claim == Claim::int8 || *claim == Claim::int16) {
        truth = "not all of it is in integers";
      } else {
        truth = "part of it computes in " + activations;
      }
      break;
  }
  return truth.empty() ? "" : "named " + std::string(to_string(*claim)) + ", but " + truth + ": ";
}

// Which release runs it all, and whether TFLite Micro does, as the end of the line; sets
// `oldest_runtime`.
std::string runtime(const Listing& listing, Verdict& verdict) {
  std::string_view newest;
  for (const ListedGraph& graph : listing) {
    for (const ListedOp& op : graph.ops) {
      const std::string_view release = first_release(op.name, op.version);
      if (!release.empty()) {
        if (is_later(release, newest)) newest = release;
        continue;
      }
      if (op.is_custom && find_row(Target::litert, op.name) != nullptr) continue;
      if (op.is_custom) {
        const std::string there = "only where the custom op '" + printable(op.name) + "' is";
        return verdict.runs_on_tflm ? "; runs on TFLM, elsewhere " + there : "; runs " + there;
      }
      return std::string(verdict.runs_on_tflm ? "; runs on TFLM, no" : "; no") +
             " known TensorFlow Lite runs " + op.name + " version " + std::to_string(op.version);
    }
  }
  if (newest.empty()) return "";
  verdict.oldest_runtime = newest;
  return "; runs on TensorFlow Lite from " + verdict.oldest_runtime +
         (verdict.runs_on_tflm ? " and on TFLM" : "");
}

}  // namespace

std::string_view to_string(Scheme scheme) {
  switch (scheme) {
    case Scheme::no_numbers:
      return "no_numbers";
    case Scheme::float32:
      return "float32";
    case Scheme::float16_weights:
      return "float16_weights";
    case Scheme::weight_only:
      return "weight_only";
    case Scheme::dynamic_range:
      return "dynamic_range";
    case Scheme::integer:
      return "integer";
    case Scheme::mixed:
      return "mixed";
  }
  return "";
}

Arithmetics arithmetics_of(const ListedGraph& graph, const ListedOp& op) {
  const Meets meets = what_meets(graph, op);
  const bool is_unary = op.inputs.size() == 1 && op.outputs.size() == 1;
  if (is_unary && meets.data == 0 && meets.float_result) return Arithmetics::unpacks;
  // A conversion states the scales it goes by; a CAST has none.
  if (is_unary && meets.float_data && meets.integer_result && has_scales(graph, op.outputs)) {
    return Arithmetics::converts;
  }
  if (is_unary && meets.integer_data && meets.float_result && has_scales(graph, op.inputs)) {
    return Arithmetics::converts;
  }
  if (meets.float_data || meets.float_result) {
    return meets.integer_constant ? Arithmetics::hybrid : Arithmetics::floats;
  }
  return meets.integer_data || meets.integer_result ? Arithmetics::integers : Arithmetics::neither;
}

Verdict judge(const Listing& listing, std::string_view name) {
  const Counts counts = count(listing);
  Verdict verdict{.scheme = scheme_of(counts)};
  verdict.activations = commonest(counts.activations);
  verdict.weights = smallest(counts.integer_weights);
  if (!verdict.weights && verdict.scheme == Scheme::float16_weights) {
    verdict.weights = DType::float16;
  }
  if (verdict.scheme == Scheme::mixed) verdict.float_islands = counts.float_places;
  verdict.text = correction(name, verdict) + describe(listing, verdict, counts);
  verdict.runs_on_tflm = has_kernels(listing, Target::tflm);
  verdict.text += runtime(listing, verdict);
  return verdict;
}

}  // namespace litesmith
