#include "formats/onnx/build.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "formats/onnx/call.h"
#include "formats/onnx/integer.h"
#include "formats/onnx/operators.h"

namespace litesmith::onnx {
namespace {

// Constants are laid out anew and folded; far less than this is enough, and a file made to ask for
// more gets no more.
constexpr size_t kConstantsPerByte = 16;
constexpr size_t kConstantsAtLeast = size_t{256} << 20;

class Builder {
 public:
  Builder(const File& file, ConstantReader& constants, const OnnxOptions& options, size_t file_size)
      : file_(file),
        constants_(constants),
        options_(options),
        most_bytes_(file_size * kConstantsPerByte + kConstantsAtLeast) {}

  Model build() {
    check_file();
    const std::vector<size_t> order = execution_order(file_, findings_);
    look_at_operators(order);
    for (const TensorData& initializer : file_.initializers) {
      attempt("initializer '" + initializer.name + "'", {initializer.name},
              [&] { tensors_[initializer.name] = constant(initializer, initializer.name); });
    }
    for (const ValueInfo& input : file_.inputs) {
      if (tensors_.count(input.name) == 0 && broken_.count(input.name) == 0) add_input(input);
    }
    for (const size_t i : order) build_node(file_.nodes[i]);
    for (const ValueInfo& output : file_.outputs) add_output(output.name);
    findings_.throw_if_errors("the model cannot be imported");
    model_.graph.name = file_.graph_name.empty() ? "main" : file_.graph_name;
    remove_dead_nodes();
    model_.graph = with_integer_operators(model_.graph);
    remove_dead_nodes();
    model_.graph.make_names_unique();
    compact(model_);
    name_interface();
    verify(model_.graph);
    return std::move(model_);
  }

 private:
  // Runs `body`; an error is a finding, and `made` cannot be used by what follows.
  template <class Body>
  void attempt(const std::string& where, const std::vector<std::string>& made, const Body& body) {
    try {
      body();
    } catch (Error& error) {
      if (error.code() == ErrorCode::internal) throw;
      findings_.error(error.code(), where + ": " + error.what());
      broken_.insert(made.begin(), made.end());
    }
  }

  void check_file() {
    if (!file_.has_graph) throw Error(ErrorCode::format, "it holds no graph");
    const auto found = file_.opsets.find("");
    if (found == file_.opsets.end()) {
      throw Error(ErrorCode::format, "it does not say which opset it is in");
    }
    opset_ = found->second;
    if (opset_ < kOldestOpset || opset_ > kNewestOpset) {
      throw Error(ErrorCode::unsupported,
                  "it is in opset " + std::to_string(opset_) + "; litesmith reads opsets " +
                      std::to_string(kOldestOpset) + " to " + std::to_string(kNewestOpset) +
                      ". Export it with opset_version=17, or convert it with "
                      "onnx.version_converter");
    }
    for (const std::string& name : file_.functions) {
      findings_.error(ErrorCode::unsupported,
                      "the model defines its own operator '" + name +
                          "', which is not supported: inline it with onnx.inliner");
    }
    for (const std::string& name : file_.sparse_initializers) {
      findings_.error(ErrorCode::unsupported, "initializer '" + name + "' is sparse");
    }
  }

  Tensor constant(const TensorData& data, const std::string& name) {
    Constant read = constants_.read(data);
    Tensor tensor{.dtype = read.dtype, .shape = read.shape};
    check_rank(tensor.shape.size());
    Value value{.name = name, .dtype = read.dtype, .shape = std::move(read.shape)};
    value.data = std::move(read.data);
    const size_t rank = tensor.shape.size();
    tensor.forms.push_back({plain_order(rank), model_.graph.add(std::move(value))});
    return tensor;
  }

  static void check_rank(size_t rank) {
    constexpr size_t kMost = 16;
    if (rank > kMost) {
      throw Error(ErrorCode::unsupported, "it has " + std::to_string(rank) + " dimensions");
    }
  }

  int32_t dimension(const ValueInfo& input, size_t axis) {
    const Dimension& dim = (*input.shape)[axis];
    if (dim.size && *dim.size >= 0) return to_int32(*dim.size);
    const std::string name =
        dim.symbol.empty() ? input.name + ":" + std::to_string(axis) : dim.symbol;
    for (const auto& [given, size] : options_.dimensions) {
      if (given == name) return size;
    }
    if (axis == 0) return fixes_batch_ ? 1 : kDynamic;
    throw Error(ErrorCode::unsupported, "dimension " + std::to_string(axis) + " ('" + name +
                                            "') has no size: give it one with --dimension " + name +
                                            "=SIZE");
  }

  void add_input(const ValueInfo& input) {
    attempt("input '" + input.name + "'", {input.name}, [&] {
      const auto dtype = to_dtype(input.type);
      if (!dtype) {
        throw Error(ErrorCode::unsupported,
                    "its type, " + type_name(input.type) + ", is not supported");
      }
      if (!input.shape) throw Error(ErrorCode::unsupported, "its shape is not known");
      check_rank(input.shape->size());
      Tensor tensor{.dtype = *dtype, .shape = {}};
      Diagnostics open;
      for (size_t i = 0; i < input.shape->size(); ++i) {
        try {
          tensor.shape.push_back(dimension(input, i));
        } catch (const Error& error) {
          open.error(error.code(), error.what());
        }
      }
      open.throw_if_errors("not all dimensions are known");
      const size_t rank = tensor.shape.size();
      Order order = plain_order(rank);
      if (channels_first_.count(input.name) != 0) {
        tensor.channels_first = true;
        if (rank == 3 && !options_.sequence) {
          throw Error(ErrorCode::unsupported,
                      "it is [batch, channels, length]: say how it is to lie in the LiteRT file, "
                      "with --sequence-input nlc ([batch, length, channels], which is fastest) or "
                      "ncl (as it is)");
        }
        if (becomes_channels_last(rank)) order = channels_last(rank);
      }
      const ValueId id = model_.graph.add(
          {.name = input.name, .dtype = *dtype, .shape = stored_shape(tensor.shape, order)});
      tensor.forms.push_back({std::move(order), id});
      model_.graph.inputs.push_back(id);
      input_names_.push_back(input.name);
      tensors_[input.name] = std::move(tensor);
    });
  }

  bool becomes_channels_last(size_t rank) const {
    if (rank == 4) return !options_.keep_nchw;
    return rank == 3 && options_.sequence == SequenceLayout::channels_last;
  }

  // What the operators say of the model's inputs: which tensors reach, through operators that say
  // nothing about their dimensions, one that calls them batch, channels and space.
  void look_at_operators(const std::vector<size_t>& order) {
    for (size_t i = order.size(); i-- > 0;) {
      const Node& node = file_.nodes[order[i]];
      const Operator* op = node.domain.empty() ? find_operator(node.op_type) : nullptr;
      if (op == nullptr || node.inputs.empty() || node.outputs.empty()) continue;
      fixes_batch_ |= op->fixes_batch;
      if (op->layout == Layout::channels_first) channels_first_.insert(node.inputs.front());
      if (op->layout == Layout::keeps && channels_first_.count(node.outputs.front()) != 0) {
        channels_first_.insert(node.inputs.begin(), node.inputs.end());
      }
    }
  }

  void build_node(const Node& node) {
    // What needs something broken, or something that nothing makes, is not worth a second message.
    for (const std::string& input : node.inputs) {
      if (input.empty() || tensors_.count(input) != 0) continue;
      broken_.insert(node.outputs.begin(), node.outputs.end());
      return;
    }
    attempt(node.label(), node.outputs, [&] {
      const Operator* op = node.domain.empty() ? find_operator(node.op_type) : nullptr;
      if (op == nullptr) throw Error(ErrorCode::unsupported, "the operator is not supported");
      if (node.outputs.empty()) throw Error(ErrorCode::format, "it makes nothing");
      for (const Attribute& attribute : node.attributes) {
        if (attribute.refers) throw Error(ErrorCode::format, "an attribute has no value");
      }
      const size_t first = model_.graph.values.size();
      if (const Attribute* value = node.find("value");
          node.op_type == "Constant" && value != nullptr && value->tensor) {
        tensors_[node.outputs.at(0)] = constant(*value->tensor, node.outputs[0]);
        return;
      }
      std::vector<Tensor*> inputs;
      for (const std::string& name : node.inputs) {
        inputs.push_back(name.empty() ? nullptr : &tensors_.at(name));
      }
      Call call(model_.graph, non_negatives_, node, opset_, std::move(inputs));
      op->build(call);
      keep_outputs(call, first);
    });
  }

  void keep_outputs(Call& call, size_t first) {
    const Node& node = call.node();
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      auto& made = call.outputs()[i];
      if (!made)
        throw Error(ErrorCode::unsupported,
                    "its output '" + node.outputs[i] + "' is not supported");
      if (!made->forms.empty()) {
        const ValueId id = made->forms.front().value;
        if (static_cast<size_t>(id.index) >= first) model_.graph[id].name = node.outputs[i];
      }
      tensors_[node.outputs[i]] = std::move(*made);
    }
    for (size_t i = first; i < model_.graph.values.size(); ++i) {
      const auto& data = model_.graph.values[i].data;
      if (data) bytes_ += data->size();
    }
    if (bytes_ > most_bytes_) {
      throw Error(ErrorCode::unsupported, "the model's constants become too large");
    }
  }

  void add_output(const std::string& name) {
    if (broken_.count(name) != 0) return;
    attempt("output '" + name + "'", {}, [&] {
      const auto found = tensors_.find(name);
      if (found == tensors_.end()) throw Error(ErrorCode::format, "nothing makes it");
      Tensor& tensor = found->second;
      if (tensor.forms.empty()) {
        throw Error(ErrorCode::unsupported,
                    "it is computed from a dimension known only when the model runs");
      }
      const size_t rank = tensor.shape.size();
      Order order = plain_order(rank);
      if (tensor.channels_first && becomes_channels_last(rank) &&
          tensor.forms.front().order == channels_last(rank)) {
        order = channels_last(rank);
      }
      Node as_node;
      as_node.name = name;
      Call call(model_.graph, non_negatives_, as_node, opset_, {});
      const ValueId id = call.in_order(tensor, order);
      const auto& graph = model_.graph;
      const bool is_input =
          std::find(graph.inputs.begin(), graph.inputs.end(), id) != graph.inputs.end();
      if (!is_input) model_.graph[id].name = name;
      model_.graph.outputs.push_back(id);
    });
  }

  // What shapes were computed with, and forms that nothing asked for after all.
  void remove_dead_nodes() {
    Graph& graph = model_.graph;
    std::vector<bool> needed(graph.values.size(), false);
    for (const ValueId id : graph.outputs) needed[static_cast<size_t>(id.index)] = true;
    std::vector<litesmith::Node> kept;
    for (size_t i = graph.nodes.size(); i-- > 0;) {
      litesmith::Node& node = graph.nodes[i];
      const bool used = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) {
        return needed[static_cast<size_t>(id.index)];
      });
      if (!used) continue;
      for (const ValueId id : node.inputs) {
        if (id.valid()) needed[static_cast<size_t>(id.index)] = true;
      }
      kept.push_back(std::move(node));
    }
    std::reverse(kept.begin(), kept.end());
    graph.nodes = std::move(kept);
  }

  // A signature lists its names in alphabetical order, as TensorFlow's converter does.
  void name_interface() {
    Signature signature;
    for (size_t i = 0; i < input_names_.size(); ++i) {
      signature.inputs.push_back({input_names_[i], model_.graph.inputs[i]});
    }
    for (size_t i = 0; i < file_.outputs.size(); ++i) {
      signature.outputs.push_back({file_.outputs[i].name, model_.graph.outputs[i]});
    }
    signature.sort_by_name();
    model_.signatures = {std::move(signature)};
  }

  const File& file_;
  ConstantReader& constants_;
  const OnnxOptions& options_;
  size_t most_bytes_;
  size_t bytes_ = 0;
  int64_t opset_ = 0;
  Model model_;
  NonNegatives non_negatives_{model_.graph};
  std::map<std::string, Tensor> tensors_;
  std::set<std::string> broken_;
  std::set<std::string> channels_first_;
  bool fixes_batch_ = false;  // an operator is built for one batch size: it is 1
  std::vector<std::string> input_names_;
  Diagnostics findings_;
};

}  // namespace

Model build_model(const File& file, ConstantReader& constants, const OnnxOptions& options,
                  size_t file_size) {
  return Builder(file, constants, options, file_size).build();
}

}  // namespace litesmith::onnx
