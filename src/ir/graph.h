// The one graph of litesmith: values and nodes in LiteRT's operators, cheap to copy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/buffer.h"
#include "ir/dtype.h"
#include "ir/narrow_integers.h"
#include "ir/op.h"
#include "ir/shape.h"

namespace litesmith {

// Names a value of one graph; stays valid while values are added. Default: absent.
struct ValueId {
  int32_t index = -1;
  bool valid() const { return index >= 0; }
  friend bool operator==(ValueId, ValueId) = default;
  friend auto operator<=>(ValueId, ValueId) = default;
};

// real = scale * (quantized - zero_point); several scales run along `dimension`.
struct Quantization {
  std::vector<float> scale;
  std::vector<int64_t> zero_point;
  int32_t dimension = 0;

  bool present() const { return !scale.empty(); }
  bool per_channel() const { return scale.size() > 1; }
  friend bool operator==(const Quantization&, const Quantization&) = default;
};

// The smallest and largest value a tensor was seen to hold.
struct Range {
  float min = 0;
  float max = 0;
  friend bool operator==(Range, Range) = default;
};

struct Value {
  std::string name;
  DType dtype = DType::float32;
  Shape shape = {};  // -1 for a dimension known only when the model runs
  // What dynamic dimensions are when nobody says otherwise (a file's own batch size); empty: 1.
  Shape default_shape = {};
  Quantization quantization = {};
  std::optional<BlockScales> block_scales = {};  // of an int2 or int4 constant, instead
  std::optional<Range> range = {};               // from calibration
  // From training that knew of quantization: of an activation its range; of weights their scales,
  // one or one for each output channel. They say what int8 is to be, and matter to no other mode.
  std::optional<Range> learned_range = {};
  std::vector<double> learned_scales = {};
  std::optional<Buffer> data = {};  // of a constant
  // Of a constant that its file stores sparse: how many elements in a row lie together, 1 without
  // blocks. 0: stored with all its elements. (Here `data` has them all in any case.)
  int32_t sparse_block = 0;
  bool is_variable = false;
  int32_t source_index = -1;  // tensor index in the .tflite file it was read from

  bool is_constant() const { return data.has_value(); }
  // A constant's elements; which type they are is for the caller to know.
  template <class T>
  std::span<const T> elements() const {
    if (!data) check(false, "value '" + name + "' is no constant");
    return data->as<T>();
  }
};

struct Node {
  std::shared_ptr<const Op> op;      // shared between copies of a graph; replaced, never changed
  std::vector<ValueId> inputs = {};  // absent optional inputs are invalid ids
  std::vector<ValueId> outputs = {};
  int32_t source_version = 0;  // the op version in the file it was read from, 0 when none
  // Values inside the op whose ranges and parameters matter (LSTM): made by the node, read by none.
  std::vector<ValueId> intermediates = {};
  // By input, which ones the op changes, as the file had it; empty for most ops.
  std::vector<bool> mutating_inputs = {};

  const OpDef& def() const { return op->def(); }
  // The op as `T`, or null when it is another op.
  template <class T>
  const T* as() const {
    return &op->def() == &T::definition() ? static_cast<const T*>(op.get()) : nullptr;
  }
};

// Who makes and who reads each value, for one state of a graph.
struct Uses {
  static constexpr int kNone = -1;
  std::vector<int> producer;                // node index by value, kNone for inputs and constants
  std::vector<std::vector<int>> consumers;  // node indices by value, one entry an operand
  std::vector<bool> is_output;              // of the graph
};

// The functions take a graph whose ids are in range, as verify() leaves it.
struct Graph {
  std::string name = "main";
  std::vector<Value> values;
  std::vector<Node> nodes;  // in the order they run
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;

  Value& operator[](ValueId id) { return values.at(static_cast<size_t>(id.index)); }
  const Value& operator[](ValueId id) const { return values.at(static_cast<size_t>(id.index)); }

  ValueId add(Value value);
  // A constant of the elements' own type.
  template <class T>
  ValueId add_constant(std::string name_, Shape shape, const std::vector<T>& elements) {
    Value value{.name = std::move(name_), .dtype = dtype_of<T>(), .shape = std::move(shape)};
    value.data = Buffer::of(elements);
    return add(std::move(value));
  }
  // Appends a node whose single output has the type and shape its op infers; returns that output.
  ValueId append(std::shared_ptr<const Op> op, std::vector<ValueId> node_inputs,
                 std::string output_name);

  NodeView view(const Node& node) const;
  Uses uses() const;
  // Drops values that neither the graph nor `keep` refers to and renumbers the rest in their order.
  // Returns the new id of each old value, absent for a dropped one.
  std::vector<ValueId> compact(std::span<const ValueId> keep = {});
  // Makes value names unique by appending the smallest unused positive number.
  void make_names_unique();
};

struct Signature {
  struct Entry {
    std::string name;
    ValueId value;
  };
  std::string key = "serving_default";
  std::vector<Entry> inputs = {};
  std::vector<Entry> outputs = {};
  SubgraphIndex subgraph = {};

  // Brings inputs and outputs into the alphabetical order of TensorFlow's converter.
  void sort_by_name();
};

struct Metadata {
  std::string name;
  Buffer data;
};

// A trained network. Where it came from is told by `source` for messages and reports.
struct Model {
  Graph graph;  // subgraph 0, the one that runs
  std::vector<Signature> signatures;
  std::vector<Metadata> metadata;
  std::string description;
  std::string source;
  // Subgraphs 1, 2, ...: what IF, WHILE and CALL_ONCE call, or signatures name.
  std::vector<Graph> other_graphs = {};

  size_t subgraph_count() const { return 1 + other_graphs.size(); }
  Graph& subgraph(size_t i) { return i == 0 ? graph : other_graphs.at(i - 1); }
  const Graph& subgraph(size_t i) const { return i == 0 ? graph : other_graphs.at(i - 1); }
};

// Graph::compact of every subgraph, with the signatures brought along.
void compact(Model& model);

// Checks what every graph must hold: ids in range, shapes that can exist, sound quantization
// parameters, constants of the right number of bytes, each value made once and before its use,
// types and shapes as the ops infer them. Throws Error(format) with every finding.
void verify(const Graph& graph);
// Every subgraph, signatures that name values there are, calls that end.
void verify(const Model& model);

// The graph as readable text, one line a node, constants summarized.
std::string to_text(const Graph& graph);

}  // namespace litesmith
