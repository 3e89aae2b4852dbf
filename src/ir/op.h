// What every operator is: a plain struct of attributes, and one definition that generic code reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ir/dtype.h"
#include "ir/region.h"
#include "ir/shape.h"

namespace litesmith {

struct Value;
struct OpDef;

enum class Padding : int8_t { same = 0, valid = 1 };
enum class Activation : int8_t {
  none = 0,
  relu = 1,
  relu_n1_to_1 = 2,
  relu6 = 3,
  tanh = 4,
  sign_bit = 5
};
enum class MirrorPadMode : int8_t { reflect = 0, symmetric = 1 };
// How FULLY_CONNECTED weights lie in memory; shuffled is a layout of old mobile converters.
enum class WeightsFormat : int8_t { standard = 0, shuffled4x16int8 = 1 };

// The schema's spelling of an enum's values, in order; the text form and JSON use them.
std::span<const std::string_view> enum_names(Padding);
std::span<const std::string_view> enum_names(Activation);
std::span<const std::string_view> enum_names(MirrorPadMode);
std::span<const std::string_view> enum_names(WeightsFormat);
std::span<const std::string_view> enum_names(DType);

// Where an attribute stands: its slot in the op's LiteRT options table, its name in the schema.
struct AttributeInfo {
  int slot;
  std::string_view name;
  std::span<const std::string_view> names = {};  // of an enum's values
};

// Names a subgraph of the model; a type of its own, so that generic code can renumber subgraphs.
struct SubgraphIndex {
  int32_t index = 0;
  friend bool operator==(SubgraphIndex, SubgraphIndex) = default;
};

// Receives each attribute of an op with the schema's default; that of strings and lists is to be
// empty. Enums arrive as bytes.
class AttributeSink {
 public:
  virtual ~AttributeSink() = default;
  virtual void put(const AttributeInfo&, bool value, bool schema_default) = 0;
  virtual void put(const AttributeInfo&, int8_t value, int8_t schema_default) = 0;
  virtual void put(const AttributeInfo&, int32_t value, int32_t schema_default) = 0;
  virtual void put(const AttributeInfo&, float value, float schema_default) = 0;
  virtual void put(const AttributeInfo&, SubgraphIndex value, SubgraphIndex schema_default) = 0;
  virtual void put(const AttributeInfo&, const std::string& value) = 0;
  virtual void put(const AttributeInfo&, const std::vector<int32_t>& value) = 0;
  virtual void put(const AttributeInfo&, const std::vector<float>& value) = 0;
  virtual void put(const AttributeInfo&, const std::vector<uint8_t>& value) = 0;
};

// Gives each attribute of an op its value.
class AttributeSource {
 public:
  virtual ~AttributeSource() = default;
  virtual bool get(const AttributeInfo&, bool schema_default) = 0;
  virtual int8_t get(const AttributeInfo&, int8_t schema_default) = 0;
  virtual int32_t get(const AttributeInfo&, int32_t schema_default) = 0;
  virtual float get(const AttributeInfo&, float schema_default) = 0;
  virtual SubgraphIndex get(const AttributeInfo&, SubgraphIndex schema_default) = 0;
  virtual void get(const AttributeInfo&, std::string& value) = 0;
  virtual void get(const AttributeInfo&, std::vector<int32_t>& value) = 0;
  virtual void get(const AttributeInfo&, std::vector<float>& value) = 0;
  virtual void get(const AttributeInfo&, std::vector<uint8_t>& value) = 0;
};

class Op {
 public:
  virtual ~Op() = default;
  virtual const OpDef& def() const = 0;
  virtual std::unique_ptr<Op> clone() const = 0;
  virtual void put_attributes(AttributeSink& sink) const = 0;
  virtual void get_attributes(AttributeSource& source) = 0;
};

namespace internal {

// Calls `sink.put` for each attribute an op lists.
struct Putter {
  AttributeSink& sink;
  template <class T>
  void operator()(int slot, std::string_view name, const T& value, T schema_default) {
    if constexpr (std::is_enum_v<T>) {
      sink.put({slot, name, enum_names(value)}, static_cast<int8_t>(value),
               static_cast<int8_t>(schema_default));
    } else {
      sink.put({slot, name}, value, schema_default);
    }
  }
  template <class T>
  void operator()(int slot, std::string_view name, const T& value) {
    sink.put({slot, name}, value);
  }
};

// An enum's value from a file; throws Error(format) when it is none of the names.
void require_enum_value(const AttributeInfo& info, int8_t value);

// Fills each attribute an op lists from `source.get`.
struct Getter {
  AttributeSource& source;
  template <class T>
  void operator()(int slot, std::string_view name, T& value, T schema_default) {
    if constexpr (std::is_enum_v<T>) {
      const AttributeInfo info{slot, name, enum_names(value)};
      const int8_t byte = source.get(info, static_cast<int8_t>(schema_default));
      require_enum_value(info, byte);
      value = static_cast<T>(byte);
    } else {
      value = source.get({slot, name}, schema_default);
    }
  }
  template <class T>
  void operator()(int slot, std::string_view name, T& value) {
    source.get({slot, name}, value);
  }
};

}  // namespace internal

// The base of an op struct `Self`, which has `static const OpDef& definition()` and, when it has
// attributes, one listing of them:
//
//   template <class S, class V> static void attributes(S& self, V&& visit) {
//     visit(0, "padding", self.padding, Padding::same);
//   }
template <class Self>
class OpOf : public Op {
 public:
  const OpDef& def() const override { return Self::definition(); }
  std::unique_ptr<Op> clone() const override {
    return std::make_unique<Self>(static_cast<const Self&>(*this));
  }
  void put_attributes(AttributeSink& sink) const override {
    Self::attributes(static_cast<const Self&>(*this), internal::Putter{sink});
  }
  void get_attributes(AttributeSource& source) override {
    Self::attributes(static_cast<Self&>(*this), internal::Getter{source});
  }
  template <class S, class V>
  static void attributes(S&, V&&) {}
};

// A node with its values looked up: what shape inference, versions and cost look at. Absent
// optional inputs are null. A node that is being made has no outputs yet.
struct NodeView {
  const Op& op;
  std::vector<const Value*> inputs;
  std::vector<const Value*> outputs;
  std::vector<const Value*> intermediates = {};

  // The input, or an Error that names the op and the operand.
  const Value& input(size_t i) const;
  const Value* optional_input(size_t i) const { return i < inputs.size() ? inputs[i] : nullptr; }
  template <class T>
  const T& as() const {
    return static_cast<const T&>(op);
  }
};

struct InferredOutput {
  DType dtype;
  Shape shape;
};

// A weight operand and the dimension its scales run along; -1: one scale for the tensor.
struct WeightOperand {
  int operand;
  int channel_dimension;
};

struct FixedScale {
  float scale;
  int64_t zero_point;
};

// In dynamic range mode weights with fewer elements stay float: the converter's own rule.
inline constexpr int64_t kDynamicRangeMinimumElements = 1024;

// What one operand of an op with rules of its own (LSTM, SVDF) becomes in int8 mode, and in 16x8
// where the target has such a kernel (QuantSpec::int16_tflm). Weights have one scale a tensor and
// the zero point 0.
struct OperandRule {
  enum class Kind : uint8_t {
    weights,       // int8, -127 to 127
    weights_16,    // int16, -32767 to 32767
    weights_10,    // int16 that hold -512 to 512
    bias,          // int32, int64 in 16x8; its scale is a product of other operands' scales
    output_state,  // a variable of the output's type and parameters; the range of both decides
    state_16,      // a variable: int16, -32767 to 32767
    cell_state,    // a variable: int16 in steps of a power of two
  };
  size_t operand;
  Kind kind;
  // Of a bias: whose scales are multiplied, that of an intermediate value among them, and a number.
  std::vector<size_t> scales = {};
  std::optional<size_t> intermediate = {};
  float factor = 1;
};

// A value inside an op whose range calibration notes: int8 as activations are, or symmetric int16.
// A 16x8 file has none of them.
struct IntermediateRule {
  size_t position;
  DType dtype;
  bool is_output = false;  // it becomes the output as it is, whose parameters it must have
};

// How a node with rules of its own is quantized. Operands without a rule are activations.
// `refusal`, when not empty, says why the node stays float; `refusal_int16`, why it does in 16x8.
struct OwnRules {
  std::vector<OperandRule> operands;
  std::vector<IntermediateRule> intermediates = {};
  // Of all intermediate values that the op has, those without a rule too.
  std::vector<std::string_view> intermediate_names = {};
  std::string refusal = {};
  std::string refusal_int16 = {};
};

// How LiteRT quantizes an op: data that the quantizer reads (reference/litert.md, section 2).
struct QuantSpec {
  bool int8 = false;        // has integer kernels and the int8 converter uses them
  bool int16 = false;       // may be quantized with int16 activations
  bool int16_tflm = false;  // the same for TFLite Micro, which has a kernel that LiteRT lacks
  bool same_scale = false;  // outputs share the input's scale and zero point
  bool shape_only = false;  // looks at its operands' shapes, whatever type they come in
  std::vector<WeightOperand> weights = {};    // symmetric, narrow-range int8 in both schemes
  int multiplied = 0;                         // the operand that weights are multiplied with
  int bias = -1;                              // operand with scale = its scale * weight scale
  std::optional<FixedScale> fixed_int8 = {};  // output parameters the kernel insists on
  std::optional<FixedScale> fixed_int16 = {};
  int version_int16 = 1;  // the version the 16x8 converter gives the op
  // In dynamic range mode: the weight operands with a hybrid kernel. Other ops' large constants
  // become int8 behind a DEQUANTIZE.
  std::vector<WeightOperand> hybrid = {};
  bool hybrid_together = false;                      // all of them become int8 or none
  OwnRules (*own_rules)(const NodeView&) = nullptr;  // null for most ops
};

// Where LiteRT's interpreter puts an op's output when nothing else needs the operand there.
enum class InPlace : uint8_t {
  no,
  over_either_operand,  // over operand 0 or 1, which it replaces
  as_first_operand,     // the bytes of operand 0 are the output
};

struct OpDef {
  int32_t code;           // BuiltinOperator; CUSTOM (32) for an op that files know by its name
  std::string_view name;  // as the schema spells it: "CONV_2D"
  uint8_t options_tag;    // in the BuiltinOptions union, 0 when the op has no table
  std::unique_ptr<Op> (*make)();
  // Output types and shapes; throws Error naming what does not fit. Dimensions that depend on
  // values not known yet are kDynamic.
  std::vector<InferredOutput> (*infer)(const NodeView&);
  // The version the converter writes (reference/litert.md, 1.6) for a node that `infer` accepts.
  int (*version)(const NodeView&);
  // The first TensorFlow release that runs version i+1, empty when unknown (1.7).
  std::vector<std::string_view> runtime_versions;
  QuantSpec quant = {};
  // Multiply-accumulates of one invocation, null when it has none worth counting.
  int64_t (*macs)(const NodeView&) = nullptr;
  // The fused activation attribute, null when the op has none.
  Activation* (*activation)(Op&) = nullptr;
  // Marks the op for asymmetric activations in dynamic range mode, null when it has no such flag.
  void (*set_asymmetric_inputs)(Op&, bool asymmetric) = nullptr;
  // Tells a 16x8 op its bias type and that its scales are no powers of two, null when not needed.
  void (*prepare_int16)(Op&) = nullptr;
  InPlace in_place = InPlace::no;
  // All it has to do is done before a run: it makes handles of variables, or gives variables what
  // they begin with (ops/variables.h).
  bool before_run = false;
  // What the op keeps from run to run though no operand of it says so: the types and shapes of the
  // variables that a graph which is to run has behind its operands (resolve_variables). Null for
  // most ops.
  std::vector<InferredOutput> (*hidden_state)(const NodeView&) = nullptr;
  // The part of an input that these parts of the outputs depend on; null: on all of it, if on any.
  Region (*needed)(const NodeView&, size_t input, std::span<const Region> outputs) = nullptr;
};

template <class T>
std::unique_ptr<Op> make_op() {
  return std::make_unique<T>();
}

// OpDef::set_asymmetric_inputs of the ops that have the flag.
template <class T>
void set_asymmetric_inputs(Op& op, bool asymmetric) {
  static_cast<T&>(op).asymmetric_quantize_inputs = asymmetric;
}

// True when both are the same op with equal attributes, floats compared bit by bit.
bool equal_ops(const Op& a, const Op& b);

}  // namespace litesmith
