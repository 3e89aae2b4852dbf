#include "quantize/integer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/format.h"
#include "ops/min_runtime_version.h"
#include "ops/quantize.h"
#include "quantize/assign.h"
#include "quantize/keep_float.h"
#include "quantize/own_rules.h"

namespace litesmith {
namespace {

class IntegerQuantizer {
 public:
  IntegerQuantizer(const Model& model, const ConvertOptions& options, Scheme scheme,
                   ConvertNotes& notes)
      : model_(model),
        old_(model.graph),
        ruled_(ruled_nodes(old_)),
        options_(options),
        scheme_(scheme),
        notes_(notes) {
    join_output_states(old_, ruled_);
    note_what_training_learned();
  }

  Model run() {
    decide();
    new_.name = old_.name;
    as_float_.resize(old_.values.size());
    as_integer_.resize(old_.values.size());
    for (const ValueId id : old_.inputs) new_.inputs.push_back(make_input(id));
    for (size_t i = 0; i < old_.nodes.size(); ++i) {
      is_quantized_[i] ? add_quantized(i) : add_float(old_.nodes[i]);
    }
    for (const ValueId id : old_.outputs) new_.outputs.push_back(make_output(id));
    return finish();
  }

 private:
  static size_t index(ValueId id) { return static_cast<size_t>(id.index); }
  DType activation_dtype() const { return scheme_ == Scheme::int16x8 ? DType::int16 : DType::int8; }

  void note_what_training_learned() {
    if (scheme_ != Scheme::int8) return;
    size_t ranges = 0;
    size_t weights = 0;
    bool calibrated = false;
    for (const Value& value : old_.values) {
      ranges += value.learned_range ? 1 : 0;
      weights += value.learned_scales.empty() ? 0 : 1;
      calibrated |= value.range.has_value();
    }
    learns_ = ranges > 0;
    if (!learns_) return;
    notes_.learned = "the ranges of " + plural(ranges, "activation") + " and the scales of " +
                     plural(weights, "weight tensor") +
                     " are those that quantization-aware training has learned" +
                     (calibrated ? "; calibration measured the others" : "");
  }

  // Which nodes become integer, with which parameters; tells the user of those that do not.
  void decide() {
    std::vector<bool> able;
    std::vector<std::string> refusals;
    const Uses uses = old_.uses();
    for (size_t i = 0; i < old_.nodes.size(); ++i) {
      const Node& node = old_.nodes[i];
      const bool may = makes_floats(node) && has_integer_kernel(node) && !kept(node);
      const auto rules = ruled_.find(i);
      refusals.push_back(may && rules != ruled_.end()
                             ? own_rules_refusal(old_, uses, node, rules->second, scheme_)
                             : std::string());
      able.push_back(may && refusals.back().empty());
    }
    Assignment assignment = assign_parameters(old_, scheme_, able);
    while (!assignment.missing.empty()) {
      if (!learns_) throw_missing(assignment.missing);
      leave_float(assignment.missing, able, refusals);
      assignment = assign_parameters(old_, scheme_, able);
    }
    parameters_ = std::move(assignment.parameters);
    scales_ = std::move(assignment.scales);
    is_quantized_ = std::move(assignment.is_quantized);
    for (size_t i = 0; i < old_.nodes.size(); ++i) {
      const Node& node = old_.nodes[i];
      if (is_quantized_[i] || !makes_floats(node)) continue;
      const std::string why =
          kept(node)             ? "asked for"
          : !refusals[i].empty() ? refusals[i]
          : able[i] ? "an operand comes from an op that stays float, and all must share one scale"
                    : no_kernel(node);
      notes_.kept_float.push_back(std::string(node.def().name) + " '" +
                                  old_[node.outputs.at(0)].name + "': " + why);
    }
  }

  void throw_missing(const std::vector<ValueId>& missing) const {
    Diagnostics findings;
    for (const ValueId id : missing) {
      findings.error(ErrorCode::data, "'" + old_[id].name + "' has no range; calibrate the model");
    }
    findings.throw_if_errors("values without a calibrated range");
  }

  // Training has learned the ranges of some values; nodes at others stay float.
  void leave_float(const std::vector<ValueId>& missing, std::vector<bool>& able,
                   std::vector<std::string>& refusals) const {
    for (size_t i = 0; i < old_.nodes.size(); ++i) {
      const Node& node = old_.nodes[i];
      std::vector<ValueId> touched = float_operands(old_, node);
      touched.insert(touched.end(), node.outputs.begin(), node.outputs.end());
      for (const ValueId id : missing) {
        if (!able[i] || std::find(touched.begin(), touched.end(), id) == touched.end()) continue;
        able[i] = false;
        refusals[i] = "training has learned no range of '" + old_[id].name + "'; --calibrate helps";
      }
    }
  }

  bool makes_floats(const Node& node) const {
    return std::any_of(node.outputs.begin(), node.outputs.end(),
                       [&](ValueId id) { return old_[id].dtype == DType::float32; });
  }
  bool has_integer_kernel(const Node& node) const {
    const QuantSpec& spec = node.def().quant;
    if (scheme_ == Scheme::int8) return spec.int8;
    return spec.int16 || (for_tflm() && spec.int16_tflm);
  }
  bool for_tflm() const { return options_.target == ConvertTarget::tflm; }
  std::string no_kernel(const Node& node) const {
    const bool elsewhere = scheme_ == Scheme::int16x8 && node.def().quant.int16_tflm;
    return std::string(for_tflm() ? "TFLite Micro" : "LiteRT") + " has no " +
           std::string(to_string(activation_dtype())) + " version of it that the converter uses" +
           (elsewhere ? "; TFLite Micro has (--target tflm)" : "");
  }
  bool kept(const Node& node) const { return is_kept_float(old_, node, options_.keep_float); }

  // Copies an old value without its data-flow; quantization is the caller's.
  ValueId copy(ValueId id) { return new_.add(old_[id]); }

  ValueId add_integer(ValueId id, const Quantization& quantization, std::string name) {
    Value value = old_[id];
    value.name = std::move(name);
    value.dtype = activation_dtype();
    value.quantization = quantization;
    return new_.add(std::move(value));
  }

  // `version` of the op in a 16x8 file, 0 for what the converter gives the op.
  void append(std::shared_ptr<const Op> op, std::vector<ValueId> inputs,
              std::vector<ValueId> outputs, int version = 0) {
    Node node{.op = std::move(op), .inputs = std::move(inputs), .outputs = std::move(outputs)};
    if (scheme_ == Scheme::int16x8) {
      node.source_version = version > 0 ? version : node.def().quant.version_int16;
    }
    new_.nodes.push_back(std::move(node));
  }

  bool has_integer_consumer(ValueId id) const {
    for (size_t i = 0; i < old_.nodes.size(); ++i) {
      const auto& inputs = old_.nodes[i].inputs;
      if (is_quantized_[i] && std::find(inputs.begin(), inputs.end(), id) != inputs.end()) {
        return true;
      }
    }
    return false;
  }

  ValueId make_input(ValueId id) {
    const Value& old = old_[id];
    if (old.dtype != DType::float32) return as_float_[index(id)] = copy(id);
    if (!has_integer_consumer(id)) return make_input_of_float_ops(id);
    const Quantization& quantization = *parameters_[index(id)];
    if (options_.input_type == activation_dtype()) {
      return as_integer_[index(id)] = add_integer(id, quantization, old.name);
    }
    ValueId outer;
    if (options_.input_type == DType::float32) {
      outer = as_float_[index(id)] = copy(id);
      new_[outer].range.reset();
    } else {
      outer = add_shifted_uint8(id, quantization);
    }
    const ValueId inner = add_integer(id, quantization, old.name + inner_suffix());
    append(std::make_shared<Quantize>(), {outer}, {inner}, 1);
    as_integer_[index(id)] = inner;
    return outer;
  }

  // The file's input is what was asked for even where only float ops read it.
  ValueId make_input_of_float_ops(ValueId id) {
    if (options_.input_type == DType::float32) return as_float_[index(id)] = copy(id);
    if (stays_float32(id, "input")) return as_float_[index(id)] = copy(id);
    const Quantization quantization = own_parameters(id);
    const ValueId outer = options_.input_type == DType::uint8
                              ? add_shifted_uint8(id, quantization)
                              : add_integer(id, quantization, old_[id].name);
    Value inner = old_[id];
    inner.name += "_float32";
    append(std::make_shared<Dequantize>(), {outer}, {as_float_[index(id)] = new_.add(inner)});
    return outer;
  }

  ValueId make_output(ValueId id) {
    const Value& old = old_[id];
    const ValueId integer = as_integer_[index(id)];
    if (!integer.valid()) return make_output_of_float_op(id);
    if (options_.output_type == activation_dtype()) return integer;
    const Quantization quantization = new_[integer].quantization;
    // The interface keeps the name; what used to have it is now an inner tensor.
    if (new_[integer].name == old.name) new_[integer].name += inner_suffix();
    if (options_.output_type == DType::float32) {
      ValueId& made = as_float_[index(id)];
      if (!made.valid()) {
        made = copy(id);
        new_[made].range.reset();
        append(std::make_shared<Dequantize>(), {integer}, {made});
      }
      new_[made].name = old.name;
      return made;
    }
    const ValueId outer = add_shifted_uint8(id, quantization);
    append(std::make_shared<Quantize>(), {integer}, {outer});
    return outer;
  }

  ValueId make_output_of_float_op(ValueId id) {
    const ValueId inner = float_version(id);
    if (old_[id].dtype != DType::float32 || options_.output_type == DType::float32 ||
        stays_float32(id, "output")) {
      return inner;
    }
    new_[inner].name += "_float32";
    const Quantization quantization = own_parameters(id);
    const bool unsigned_output = options_.output_type == DType::uint8;
    ValueId outer =
        add_integer(id, quantization, old_[id].name + (unsigned_output ? inner_suffix() : ""));
    append(std::make_shared<Quantize>(), {inner}, {outer});
    if (!unsigned_output) return outer;
    const ValueId shifted = add_shifted_uint8(id, quantization);
    append(std::make_shared<Quantize>(), {outer}, {shifted});
    return shifted;
  }

  // The 16x8 converter refuses integer types at a float op; this one says so and goes on.
  bool stays_float32(ValueId id, std::string_view which) {
    if (scheme_ == Scheme::int8) return false;
    notes_.warnings.push_back(std::string(which) + " '" + old_[id].name +
                              "' stays float32: no op at it is quantized");
    return true;
  }

  // The parameters of a value that no integer op touches.
  Quantization own_parameters(ValueId id) const {
    const Value& value = old_[id];
    const auto parameters = parameters_for(value, scheme_);
    if (!parameters) {
      throw Error(ErrorCode::data, "'" + value.name + "' has no range; calibrate the model");
    }
    return parameters->quantization;
  }

  // The same tensor as uint8: equal scale, zero point 128 higher.
  ValueId add_shifted_uint8(ValueId id, Quantization quantization) {
    quantization.zero_point[0] += 128;
    Value value = old_[id];
    value.dtype = DType::uint8;
    value.quantization = std::move(quantization);
    value.range.reset();
    return new_.add(std::move(value));
  }

  std::string inner_suffix() const { return "_" + std::string(to_string(activation_dtype())); }

  ValueId float_version(ValueId id) {
    if (!id.valid()) return id;
    ValueId& made = as_float_[index(id)];
    if (made.valid()) return made;
    const Value& old = old_[id];
    if (old.is_constant() || old.is_variable || old.dtype != DType::float32) {
      return made = copy(id);
    }
    const ValueId integer = as_integer_[index(id)];
    check(integer.valid(), "a value is read before it is made");
    made = copy(id);
    new_[made].name += "_float32";
    new_[made].range.reset();
    append(std::make_shared<Dequantize>(), {integer}, {made});
    return made;
  }

  // An activation as an integer with exactly these parameters.
  ValueId integer_version(ValueId id, const Quantization& wanted) {
    ValueId& made = as_integer_[index(id)];
    if (!made.valid()) {
      made = add_integer(id, *parameters_[index(id)], old_[id].name + inner_suffix());
      append(std::make_shared<Quantize>(), {as_float_[index(id)]}, {made});
    }
    if (new_[made].quantization == wanted) return made;
    for (const auto& [key, requantized] : requantized_) {
      if (key == id && new_[requantized].quantization == wanted) return requantized;
    }
    const ValueId from = made;
    const ValueId to = add_integer(id, wanted, old_[id].name + "_requantized");
    append(std::make_shared<Quantize>(), {from}, {to});
    requantized_.emplace_back(id, to);
    return to;
  }

  void add_float(const Node& node) {
    Node copied = node;
    copied.intermediates.clear();  // they matter to integers only
    for (ValueId& id : copied.inputs) {
      const bool any_type = node.def().quant.shape_only && id.valid();
      const ValueId integer = any_type ? as_integer_[index(id)] : ValueId();
      id = integer.valid() ? integer : float_version(id);
    }
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      copied.outputs[i] = as_float_[index(node.outputs[i])] = copy(node.outputs[i]);
    }
    new_.nodes.push_back(std::move(copied));
  }

  void add_quantized(size_t position) {
    const Node& node = old_.nodes[position];
    const QuantSpec& spec = node.def().quant;
    Node made{.op = quantized_op(node), .inputs = {}, .outputs = {}};
    made.mutating_inputs = node.mutating_inputs;
    if (scheme_ == Scheme::int16x8) {
      // The 16x8 converter raises the float op's version, and never lowers it.
      const int version =
          node.source_version > 0 ? node.source_version : node.def().version(old_.view(node));
      made.source_version = std::max(version, spec.version_int16);
    }

    std::vector<ValueId> outputs;
    for (const ValueId id : node.outputs) {
      const auto& parameters = parameters_[index(id)];
      if (!parameters.has_value()) {
        outputs.push_back(copy(id));
        continue;
      }
      outputs.push_back(as_integer_[index(id)] = add_integer(id, *parameters, old_[id].name));
    }
    // What a same-scale op's operands must agree with.
    const Quantization* shared =
        spec.same_scale ? &*parameters_[index(node.outputs.at(0))] : nullptr;
    if (const auto rules = ruled_.find(position); rules != ruled_.end()) {
      add_own_operands(node, rules->second, made);
    } else {
      const Weights weights = make_weights(node);
      for (size_t i = 0; i < node.inputs.size(); ++i) {
        made.inputs.push_back(make_operand(node, i, shared, weights));
      }
    }
    made.outputs = std::move(outputs);
    new_.nodes.push_back(std::move(made));
  }

  void add_own_operands(const Node& node, const OwnRules& rules, Node& made) {
    OwnOperands own = quantize_by_own_rules(
        old_, node, rules, scheme_, new_,
        [&](ValueId id) -> const Quantization& { return parameters_[index(id)].value(); });
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const auto found = own.operands.find(i);
      made.inputs.push_back(found != own.operands.end() ? found->second
                                                        : make_operand(node, i, nullptr, {}));
    }
    made.intermediates = std::move(own.intermediates);
  }

  std::shared_ptr<const Op> quantized_op(const Node& node) const {
    if (scheme_ != Scheme::int16x8 || node.def().prepare_int16 == nullptr) return node.op;
    auto op = node.op->clone();
    node.def().prepare_int16(*op);
    return op;
  }

  struct Weights {
    int operand = -1;
    QuantizedWeights quantized;
    double input_scale = 0;
    std::vector<double> floors;  // scales that stand in for those in `quantized`, as double
  };

  // The weight operand's integers, with scales raised where the bias asks for it.
  Weights make_weights(const Node& node) {
    const QuantSpec& spec = node.def().quant;
    for (const auto& [operand, channel_dimension] : spec.weights) {
      const auto position = static_cast<size_t>(operand);
      if (position >= node.inputs.size() || !node.inputs[position].valid()) continue;
      const Value& value = old_[node.inputs[position]];
      if (!value.is_constant()) continue;
      const std::span<const double> learned = learned_scales(value, channel_dimension);
      const int dimension = options_.per_channel && learned.size() != 1 ? channel_dimension : -1;
      const auto values = value.elements<float>();
      Weights weights{
          operand, quantize_weights(values, value.shape, dimension, scheme_, learned), 0, {}};
      weights.input_scale = scales_[index(node.inputs.at(static_cast<size_t>(spec.multiplied)))];
      weights.floors.assign(learned.begin(), learned.end());
      // Scales that were learned are as they are, whatever the bias.
      if (const Value* bias = bias_of(node); bias != nullptr && learned.empty()) {
        weights.floors =
            bias_scale_floors(bias->elements<float>(), static_cast<float>(weights.input_scale),
                              weights.quantized.quantization, scheme_);
        if (!weights.floors.empty()) {
          weights.quantized =
              quantize_weights(values, value.shape, dimension, scheme_, weights.floors);
        }
      }
      return weights;
    }
    return {};
  }

  // What training has learned of these weights, where int8 can be it; else empty.
  std::span<const double> learned_scales(const Value& weights, int channel_dimension) const {
    const std::vector<double>& scales = weights.learned_scales;
    if (scheme_ != Scheme::int8) return {};
    if (scales.size() == 1) return scales;
    const bool fits =
        options_.per_channel && channel_dimension >= 0 &&
        scales.size() ==
            static_cast<size_t>(weights.shape.at(static_cast<size_t>(channel_dimension)));
    return fits ? std::span<const double>(scales) : std::span<const double>();
  }

  const Value* bias_of(const Node& node) const {
    const int bias = node.def().quant.bias;
    if (bias < 0 || static_cast<size_t>(bias) >= node.inputs.size()) return nullptr;
    const ValueId id = node.inputs[static_cast<size_t>(bias)];
    return id.valid() && old_[id].is_constant() ? &old_[id] : nullptr;
  }

  ValueId make_operand(const Node& node, size_t position, const Quantization* shared,
                       const Weights& weights) {
    const ValueId id = node.inputs[position];
    if (!id.valid()) return id;
    const Value& old = old_[id];
    if (old.dtype != DType::float32) return index_operand(id);
    if (!old.is_constant()) {
      return integer_version(id, shared != nullptr ? *shared : *parameters_[index(id)]);
    }
    const auto values = old.elements<float>();
    if (static_cast<int>(position) == weights.operand) {
      return add_constant(old, weights.quantized.values, DType::int8,
                          weights.quantized.quantization);
    }
    if (&old == bias_of(node) && weights.operand >= 0) {
      const QuantizedBias bias = quantize_bias(
          values, weights.input_scale, weights.quantized.quantization, scheme_, weights.floors);
      if (scheme_ == Scheme::int16x8) {
        return add_constant(old, bias.values, DType::int64, bias.quantization);
      }
      const std::vector<int32_t> narrow(bias.values.begin(), bias.values.end());
      return add_constant(old, narrow, DType::int32, bias.quantization);
    }
    const Quantization own = constant_parameters(values, scheme_);
    const Quantization& quantization = shared != nullptr ? *shared : own;
    if (scheme_ == Scheme::int16x8) {
      std::vector<int16_t> integers = quantize_constant_int16(values, own);
      if (quantization != own) integers = requantize_constant_int16(integers, own, quantization);
      return add_constant(old, integers, DType::int16, quantization);
    }
    return add_constant(old, quantize_constant_int8(values, quantization), DType::int8,
                        quantization);
  }

  template <class T>
  ValueId add_constant(const Value& old, const std::vector<T>& values, DType dtype,
                       const Quantization& quantization) {
    Value value{.name = old.name, .dtype = dtype, .shape = old.shape};
    value.quantization = quantization;
    value.data = Buffer::of(values);
    return new_.add(std::move(value));
  }

  // Shapes, axes, permutations: carried over, once each.
  ValueId index_operand(ValueId id) {
    ValueId& made = as_float_[index(id)];
    if (!made.valid()) made = copy(id);
    return made;
  }

  Model finish() {
    Model result = model_;
    auto translate = [&](std::vector<Signature::Entry>& entries, const std::vector<ValueId>& before,
                         const std::vector<ValueId>& after) {
      for (Signature::Entry& entry : entries) {
        for (size_t i = 0; i < before.size(); ++i) {
          if (before[i] == entry.value) {
            entry.value = after[i];
            break;
          }
        }
      }
    };
    for (Signature& signature : result.signatures) {
      translate(signature.inputs, old_.inputs, new_.inputs);
      translate(signature.outputs, old_.outputs, new_.outputs);
    }
    new_.make_names_unique();
    result.graph = std::move(new_);
    if (scheme_ == Scheme::int16x8) keep_float_runtime_version(result);
    return result;
  }

  // The 16x8 converter leaves the float file's claim about the oldest runtime as it was.
  void keep_float_runtime_version(Model& result) const {
    const std::string name = "min_runtime_version";
    const auto is_it = [&](const Metadata& entry) { return entry.name == name; };
    std::string text = min_runtime_version(model_);
    text.resize(std::max<size_t>(text.size(), 16), '\0');
    result.metadata.erase(std::remove_if(result.metadata.begin(), result.metadata.end(), is_it),
                          result.metadata.end());
    result.metadata.push_back({name, Buffer::of(std::vector<char>(text.begin(), text.end()))});
  }

  const Model& model_;
  Graph old_;
  const RuledNodes ruled_;  // of old_
  const ConvertOptions& options_;
  Scheme scheme_;
  ConvertNotes& notes_;
  bool learns_ = false;  // training knew of quantization, and has learned ranges
  Graph new_;
  std::vector<bool> is_quantized_;
  std::vector<std::optional<Quantization>> parameters_;
  std::vector<double> scales_;
  std::vector<ValueId> as_float_;    // by old value: its float (or index) version in the new graph
  std::vector<ValueId> as_integer_;  // by old value: its integer version
  std::vector<std::pair<ValueId, ValueId>> requantized_;
};

}  // namespace

Model quantize_to_integers(const Model& model, const ConvertOptions& options, Scheme scheme,
                           ConvertNotes& notes) {
  return IntegerQuantizer(model, options, scheme, notes).run();
}

}  // namespace litesmith
