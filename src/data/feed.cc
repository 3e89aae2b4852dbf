#include "data/feed.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "base/error.h"
#include "data/real_numbers.h"
#include "data/sample_shape.h"
#include "ops/variables.h"

namespace litesmith {
namespace {

constexpr size_t kNoArray = static_cast<size_t>(-1);

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

// Every name that a user may know an input by.
std::vector<std::string> names_of(const Model& model, ValueId id) {
  std::vector<std::string> names = {model.graph[id].name};
  for (const Signature& signature : model.signatures) {
    for (const Signature::Entry& entry : signature.inputs) {
      if (entry.value == id) names.push_back(entry.name);
    }
  }
  // TensorFlow calls the input that Keras calls x "serving_default_x:0".
  constexpr std::string_view kPrefix = "serving_default_";
  std::string bare = model.graph[id].name;
  if (bare.starts_with(kPrefix)) bare.erase(0, kPrefix.size());
  if (bare.ends_with(":0")) bare.erase(bare.size() - 2);
  names.push_back(bare);
  return names;
}

// Stores integers as elements of T; booleans are bytes 0 and 1.
template <class T>
void store_integers(std::span<const int64_t> values, std::span<std::byte> out) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] < std::numeric_limits<T>::min() || values[i] > std::numeric_limits<T>::max()) {
      throw Error(ErrorCode::data, "the value " + std::to_string(values[i]) +
                                       " does not fit the input's integer type");
    }
    const T value = static_cast<T>(values[i]);
    std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
  }
}

void store_integers(const Value& tensor, std::span<const int64_t> values,
                    std::span<std::byte> out) {
  switch (tensor.dtype) {
    case DType::int8:
      return store_integers<int8_t>(values, out);
    case DType::uint8:
      return store_integers<uint8_t>(values, out);
    case DType::int16:
      return store_integers<int16_t>(values, out);
    case DType::int32:
      return store_integers<int32_t>(values, out);
    case DType::int64:
      return store_integers<int64_t>(values, out);
    case DType::boolean:
      return store_integers<bool>(values, out);
    default:
      throw Error(ErrorCode::unsupported, "input " + in_quotes(tensor.name) + " of type " +
                                              std::string(to_string(tensor.dtype)) +
                                              " cannot be fed");
  }
}

bool is_integer(DType dtype) {
  switch (dtype) {
    case DType::int8:
    case DType::int16:
    case DType::int32:
    case DType::int64:
    case DType::uint8:
    case DType::uint16:
    case DType::uint32:
    case DType::uint64:
      return true;
    default:
      return false;
  }
}

// The common first dimension of the inputs, -1 when dynamic; nothing when they have none.
std::optional<int32_t> common_batch(const Graph& graph) {
  std::optional<int32_t> batch;
  for (const ValueId id : graph.inputs) {
    const Shape& shape = graph[id].shape;
    if (shape.empty() || shape[0] == 0) return std::nullopt;
    if (batch && *batch != shape[0]) return std::nullopt;
    batch = shape[0];
  }
  return batch;
}

}  // namespace

Feed::Feed(const Dataset& data, const Model& model, Options options)
    : data_(data), model_(model), graph_(resolve_variables(model)), entry_(options.entry) {
  with_context(in_quotes(data.source()) + " does not fit the model", [&] {
    match(model);
    check_types();
    resolve_shapes(options);
    note_types();
  });
}

void Feed::match(const Model& model) {
  const auto& arrays = data_.arrays();
  ports_.assign(graph_.inputs.size(), {kNoArray, 0});
  if (arrays.empty() && !ports_.empty()) {
    throw Error(ErrorCode::data, "the model has inputs; give samples for them");
  }
  if (arrays.size() == 1 && ports_.size() == 1) {
    ports_[0].array = 0;
    return;
  }
  std::vector<bool> used(arrays.size(), false);
  bool positional = arrays.size() == ports_.size();
  std::string known;
  std::vector<std::string> missing;
  for (size_t i = 0; i < ports_.size(); ++i) {
    const auto names = names_of(model, graph_.inputs[i]);
    for (size_t a = 0; a < arrays.size(); ++a) {
      if (std::find(names.begin(), names.end(), arrays[a].name) == names.end()) continue;
      ports_[i].array = a;
      used[a] = true;
    }
    known += (known.empty() ? "" : ", ") + in_quotes(names.back());
    if (ports_[i].array == kNoArray) missing.push_back(names.back());
    positional = positional && arrays[i].name == "arr_" + std::to_string(i);
  }
  if (missing.size() == ports_.size() && positional) {
    for (size_t i = 0; i < ports_.size(); ++i) ports_[i].array = i;
    notes_.push_back("arrays without names went to the inputs in order: " + known);
    return;
  }
  if (!missing.empty()) {
    std::string given;
    for (const NamedArray& each : arrays) {
      given +=
          (given.empty() ? "" : ", ") + (each.name.empty() ? "(unnamed)" : in_quotes(each.name));
    }
    throw Error(ErrorCode::data, "there is no array for input " + in_quotes(missing[0]) +
                                     "; the model's inputs are " + known + ", the arrays " + given +
                                     " (np.savez names them: np.savez(path, x=...))");
  }
  for (size_t a = 0; a < arrays.size(); ++a) {
    if (!used[a]) notes_.push_back("array " + in_quotes(arrays[a].name) + " is no input; not used");
  }
}

void Feed::resolve_shapes(Options options) {
  const std::optional<int32_t> common = common_batch(graph_);
  if (common) {
    const Value& first = graph_[graph_.inputs[0]];
    int32_t batch = *common;
    if (batch < 0) batch = options.batch;
    if (batch <= 0 && !first.default_shape.empty()) batch = first.default_shape[0];
    batch_ = static_cast<size_t>(std::max(batch, 1));
  }
  for (size_t i = 0; i < ports_.size(); ++i) {
    Value& input = graph_[graph_.inputs[i]];
    Port& port = ports_[i];
    const NamedArray& each = data_.arrays()[port.array];
    const auto sample = data_.sample_shape(port.array);
    const Shape wanted(input.shape.begin() + (common ? 1 : 0), input.shape.end());
    const auto fit = fit_sample_shape(sample, wanted);
    const std::string given =
        "samples of shape " + shape_text(sample) + " (the array is " + describe(each.array) + ")";
    const std::string taken = "input " + in_quotes(input.name) + " takes " + to_string(wanted) +
                              " (its shape is " + to_string(input.shape) + ")";
    if (!fit) {
      std::string advice;
      if (fit_sample_shape(each.array.shape, wanted)) {
        advice = "; for a single sample, add a first dimension: x[np.newaxis]";
      } else if (same_sizes_in_another_order(sample, wanted)) {
        advice = "; the same sizes in another order: np.transpose or np.moveaxis may be missing";
      }
      throw Error(ErrorCode::data, given + ", but " + taken + advice);
    }
    if (!fit->exact) notes_.push_back(given + " were read as " + to_string(wanted));
    if (common) input.shape[0] = static_cast<int32_t>(batch_);
    std::copy(fit->shape.begin(), fit->shape.end(), input.shape.begin() + (common ? 1 : 0));
    port.sample_elements = static_cast<size_t>(litesmith::element_count(fit->shape));
  }
}

void Feed::note_types() {
  for (size_t i = 0; i < ports_.size(); ++i) {
    const Value& input = graph_[graph_.inputs[i]];
    const DType given = data_.arrays()[ports_[i].array].array.dtype;
    const std::string what = std::string(to_string(given)) + " numbers for the " +
                             std::string(to_string(input.dtype)) + " input " +
                             in_quotes(input.name);
    if (is_quantized_integer(input) && is_integer(given) && given != input.dtype) {
      notes_.push_back(what + " were taken as real numbers and quantized");
    }
    if (input.dtype == DType::float32 && (given == DType::int8 || given == DType::int16)) {
      notes_.push_back(what + " were taken as real numbers; quantized data would need its scale");
    }
  }
}

// What text is given to an input of numbers, or the other way around, is said before any run.
void Feed::check_types() const {
  for (size_t i = 0; i < ports_.size(); ++i) {
    const Value& input = graph_[graph_.inputs[i]];
    const NpyArray& array = data_.arrays()[ports_[i].array].array;
    const bool text = array.dtype == DType::string;
    if (text == (input.dtype == DType::string)) continue;
    throw Error(text ? ErrorCode::unsupported : ErrorCode::data,
                text ? "the array holds text, but input " + in_quotes(input.name) + " takes " +
                           std::string(to_string(input.dtype)) + " numbers; encode it as integers"
                     : "input " + in_quotes(input.name) + " takes text, not " +
                           std::string(to_string(array.dtype)) + " numbers");
  }
}

size_t Feed::samples_in(size_t run) const { return std::min(batch_, samples() - run * batch_); }

std::vector<std::string> Feed::texts(size_t run, size_t input) const {
  const Port& port = ports_.at(input);
  const NpyArray& array = data_.arrays()[port.array].array;
  std::vector<std::string> texts;
  for (size_t slot = 0; slot < batch_; ++slot) {
    const size_t sample = std::min(run * batch_ + slot, samples() - 1);
    std::vector<std::string> own =
        read_texts(array, data_.first_element(port.array, sample), port.sample_elements);
    std::move(own.begin(), own.end(), std::back_inserter(texts));
  }
  return texts;
}

void Feed::fill(size_t run, size_t input, std::span<std::byte> out) const {
  const Port& port = ports_.at(input);
  const Value& tensor = graph_[graph_.inputs[input]];
  const size_t bytes = port.sample_elements * static_cast<size_t>(bits(tensor.dtype)) / 8;
  check(out.size() == bytes * batch_, "the input's memory is what the feed's graph says");
  for (size_t slot = 0; slot < batch_; ++slot) {
    const size_t sample = std::min(run * batch_ + slot, samples() - 1);
    try {
      fill_sample(sample, tensor, port, out.subspan(slot * bytes, bytes));
    } catch (Error& error) {
      error.add_context(in_quotes(data_.source()) + ", sample " +
                        std::to_string(data_.row(sample)));
      throw;
    }
  }
}

void Feed::fill_sample(size_t sample, const Value& tensor, const Port& port,
                       std::span<std::byte> out) const {
  const NpyArray& array = data_.arrays()[port.array].array;
  const size_t first = data_.first_element(port.array, sample);
  if (tensor.dtype == array.dtype) {
    read_raw(array, first, out);
    return;
  }
  if (tensor.dtype == DType::float32 || is_quantized_integer(tensor)) {
    thread_local std::vector<float> memory;
    const auto values = view_floats(array, first, port.sample_elements, memory);
    if (tensor.dtype == DType::float32) {
      if (!out.empty()) std::memcpy(out.data(), values.data(), out.size());
    } else if (entry_ == Entry::numpy_cast) {
      cast_like_numpy(tensor.dtype, values, out);
    } else {
      quantize_values(tensor, values, out);
    }
    return;
  }
  thread_local std::vector<int64_t> integers;
  integers.resize(port.sample_elements);
  read_integers(array, first, integers);
  store_integers(tensor, integers, out);
}

}  // namespace litesmith
