// The checks every graph must pass after it is read and after each rewrite.
#include "ir/verify.h"

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "ir/attributes.h"
#include "ir/graph.h"

namespace litesmith {
namespace {

// Inferred and stated dimensions agree where both are known.
bool compatible(const Shape& inferred, const Shape& stated) {
  if (inferred.size() != stated.size()) return false;
  for (size_t i = 0; i < inferred.size(); ++i) {
    if (inferred[i] >= 0 && stated[i] >= 0 && inferred[i] != stated[i]) return false;
  }
  return true;
}

// The zero points a tensor's integers can stand for; kernels keep them in 32 bits.
std::pair<int64_t, int64_t> zero_point_range(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return {-128, 127};
    case DType::uint8:
      return {0, 255};
    case DType::int16:
      return {-32768, 32767};
    case DType::int4:
      return {-8, 7};
    default:
      return {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()};
  }
}

class Verifier {
 public:
  explicit Verifier(const Graph& graph) : graph_(graph), made_(graph.values.size(), false) {}

  void run_values() {
    for (const Value& value : graph_.values) check_value(value);
    findings_.throw_if_errors(kHeadline);
  }

  void run() {
    run_values();
    for (const ValueId id : graph_.inputs) make(id, "graph input");
    for (size_t i = 0; i < graph_.nodes.size(); ++i) check_node(i);
    for (const ValueId id : graph_.outputs) need(id, "graph output");
    findings_.throw_if_errors(kHeadline);
  }

 private:
  static constexpr std::string_view kHeadline = "the graph is not sound";

  bool in_range(ValueId id, const std::string& where) {
    if (id.valid() && static_cast<size_t>(id.index) < graph_.values.size()) return true;
    fail(where + " refers to tensor " + std::to_string(id.index) + ", which does not exist");
    return false;
  }
  void make(ValueId id, const std::string& where) {
    if (!in_range(id, where)) return;
    if (made_[static_cast<size_t>(id.index)] || graph_[id].is_constant()) {
      fail(where + " makes '" + graph_[id].name + "', which already has a value");
    }
    made_[static_cast<size_t>(id.index)] = true;
  }
  void need(ValueId id, const std::string& where) {
    if (!in_range(id, where)) return;
    const Value& value = graph_[id];
    if (!made_[static_cast<size_t>(id.index)] && !value.is_constant() && !value.is_variable) {
      fail(where + " reads '" + value.name + "', which nothing has made yet");
    }
  }

  void check_value(const Value& value) {
    if (check_shape(value)) check_constant(value);
    if (value.quantization.present()) check_quantization(value);
    if (value.block_scales) check_block_scales(value);
  }

  bool check_shape(const Value& value) {
    int64_t bytes = 0;
    bool can_exist = true;
    for (const int32_t dim : value.shape) can_exist &= dim >= kDynamic;
    // A limit of our own far above any real tensor: what is below it can be multiplied freely.
    constexpr int64_t kMostBits = int64_t{1} << 56;
    if (can_exist && is_static(value.shape)) {
      try {
        can_exist = !__builtin_mul_overflow(element_count(value.shape),
                                            int64_t{std::max(bits(value.dtype), 8)}, &bytes) &&
                    bytes <= kMostBits;
      } catch (const Error&) {
        can_exist = false;
      }
    }
    if (!can_exist) {
      fail("tensor '" + value.name + "' has a shape that cannot exist, " + raw(value.shape));
    }
    return can_exist;
  }

  void check_constant(const Value& value) {
    if (!value.is_constant() || bits(value.dtype) == 0) return;
    if (!is_static(value.shape)) return fail("constant '" + value.name + "' has no fixed shape");
    const int64_t bits_in_all = element_count(value.shape) * bits(value.dtype);
    if ((bits_in_all + 7) / 8 != static_cast<int64_t>(value.data->size())) {
      fail("constant '" + value.name + "' of shape " + to_string(value.shape) + " holds " +
           std::to_string(value.data->size()) + " bytes");
    }
  }

  void check_quantization(const Value& value) {
    const Quantization& q = value.quantization;
    const std::string where = "tensor '" + value.name + "' has ";
    for (const float scale : q.scale) {
      if (!std::isfinite(scale) || scale < 0) {
        return fail(where + "a scale of " + std::to_string(scale));
      }
    }
    if (q.zero_point.size() != q.scale.size()) {
      return fail(where + std::to_string(q.scale.size()) + " scales, but " +
                  std::to_string(q.zero_point.size()) + " zero points");
    }
    const auto [lowest, highest] = zero_point_range(value.dtype);
    for (const int64_t zero_point : q.zero_point) {
      if (zero_point < lowest || zero_point > highest) {
        return fail(where + "a zero point of " + std::to_string(zero_point) +
                    ", which its type does not reach");
      }
    }
    if (!q.per_channel()) return;
    const auto dimension = static_cast<size_t>(q.dimension);
    const bool fits = q.dimension >= 0 && dimension < value.shape.size() &&
                      (value.shape[dimension] < 0 ||
                       value.shape[dimension] == static_cast<int64_t>(q.scale.size()));
    if (!fits) {
      fail(where + std::to_string(q.scale.size()) + " scales along dimension " +
           std::to_string(q.dimension) + " of " + to_string(value.shape));
    }
  }

  void check_block_scales(const Value& value) {
    const int64_t size = value.block_scales->size;
    const size_t scales = value.block_scales->scale.size() / sizeof(uint16_t);
    const bool is_narrow = value.dtype == DType::int2 || value.dtype == DType::int4;
    if (!is_narrow || !value.is_constant() || !is_static(value.shape)) {
      return fail("'" + value.name + "' has scales by blocks, but is no constant of int2 or int4");
    }
    if (size <= 0 || value.shape.empty() || value.shape.back() % size != 0 ||
        static_cast<int64_t>(scales) != element_count(value.shape) / size) {
      fail("'" + value.name + "' of shape " + to_string(value.shape) + " has " +
           std::to_string(scales) + " scales by blocks of " + std::to_string(size));
    }
  }

  void check_node(size_t index) {
    const Node& node = graph_.nodes[index];
    check(node.op != nullptr, "a node has an op");
    const std::string where = "op " + std::to_string(index) + " " + std::string(node.def().name);
    const size_t before = findings_.errors().size();
    for (const ValueId id : node.inputs) {
      if (id.valid()) need(id, where);
    }
    for (const ValueId id : node.intermediates) {
      if (id.valid()) make(id, where);
    }
    for (const ValueId id : node.outputs) make(id, where);
    if (findings_.errors().size() != before) return;
    try {
      const NodeView view = graph_.view(node);
      const auto inferred = node.def().infer(view);
      if (inferred.size() != view.outputs.size()) {
        return fail(where + " has " + std::to_string(view.outputs.size()) + " outputs, not " +
                    std::to_string(inferred.size()));
      }
      for (size_t i = 0; i < inferred.size(); ++i)
        check_output(where, inferred[i], *view.outputs[i]);
    } catch (const Error& error) {
      fail(where + ": " + error.what());
    }
  }

  void check_output(const std::string& where, const InferredOutput& inferred, const Value& output) {
    if (!compatible(inferred.shape, output.shape)) {
      fail(where + " makes shape " + to_string(inferred.shape) + ", but '" + output.name +
           "' says " + to_string(output.shape));
    }
    if (inferred.dtype != output.dtype) {
      fail(where + " makes " + std::string(to_string(inferred.dtype)) + ", but '" + output.name +
           "' says " + std::string(to_string(output.dtype)));
    }
  }

  // With negative dimensions as they are.
  static std::string raw(const Shape& shape) {
    std::string text = "[";
    for (const int32_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
    return text + "]";
  }

  void fail(std::string message) { findings_.error(ErrorCode::format, std::move(message)); }

  const Graph& graph_;
  std::vector<bool> made_;
  Diagnostics findings_;
};

// Finds calls of subgraphs that do not exist or that come back to where they started.
class CallChecker {
 public:
  explicit CallChecker(const Model& model)
      : state_(model.subgraph_count(), State::unseen), calls_(model.subgraph_count()) {
    for (size_t i = 0; i < model.subgraph_count(); ++i) {
      calls_[i] = called_subgraphs(model.subgraph(i));
      for (const size_t callee : calls_[i]) {
        if (callee < model.subgraph_count()) continue;
        throw Error(ErrorCode::format, "subgraph " + std::to_string(i) + " calls subgraph " +
                                           std::to_string(callee) + ", but there are " +
                                           std::to_string(model.subgraph_count()));
      }
    }
  }

  void run() {
    for (size_t i = 0; i < calls_.size(); ++i) visit(i);
  }

 private:
  enum class State { unseen, open, done };

  // Depth first, with a stack of its own: how deep calls go is up to the file.
  void visit(size_t start) {
    std::vector<std::pair<size_t, size_t>> stack = {{start, 0}};  // subgraph, next call
    while (!stack.empty()) {
      auto& [subgraph, next] = stack.back();
      if (next == 0 && state_[subgraph] == State::done) {
        stack.pop_back();
        continue;
      }
      state_[subgraph] = State::open;
      if (next == calls_[subgraph].size()) {
        state_[subgraph] = State::done;
        stack.pop_back();
        continue;
      }
      const size_t callee = calls_[subgraph][next++];
      if (state_[callee] == State::open) {
        throw Error(ErrorCode::format,
                    "subgraph " + std::to_string(callee) + " calls itself, directly or not");
      }
      if (state_[callee] == State::unseen) stack.emplace_back(callee, 0);
    }
  }

  std::vector<State> state_;
  std::vector<std::vector<size_t>> calls_;
};

void check_signature(const Model& model, const Signature& signature) {
  auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::format, "signature '" + signature.key + "' " + why);
  };
  const int32_t index = signature.subgraph.index;
  if (index < 0 || static_cast<size_t>(index) >= model.subgraph_count()) {
    refuse("is of subgraph " + std::to_string(index) + ", but there are " +
           std::to_string(model.subgraph_count()));
  }
  const size_t count = model.subgraph(static_cast<size_t>(index)).values.size();
  for (const auto* entries : {&signature.inputs, &signature.outputs}) {
    for (const Signature::Entry& entry : *entries) {
      if (!entry.value.valid() || static_cast<size_t>(entry.value.index) >= count) {
        refuse("names '" + entry.name + "', tensor " + std::to_string(entry.value.index) +
               ", which does not exist");
      }
    }
  }
}

}  // namespace

void verify_values(const Graph& graph) { Verifier(graph).run_values(); }

std::vector<size_t> called_subgraphs(const Graph& graph) {
  std::vector<size_t> called;
  for (const Node& node : graph.nodes) {
    for (const Attribute& attribute : attributes_of(*node.op)) {
      const auto* subgraph = std::get_if<SubgraphIndex>(&attribute.value);
      if (subgraph == nullptr) continue;
      // A negative one stands for "none" (STABLEHLO_COMPOSITE without a decomposition).
      if (subgraph->index >= 0) called.push_back(static_cast<size_t>(subgraph->index));
    }
  }
  return called;
}

void verify(const Graph& graph) { Verifier(graph).run(); }

void verify(const Model& model) {
  for (size_t i = 0; i < model.subgraph_count(); ++i) {
    const Graph& graph = model.subgraph(i);
    if (i == 0) {
      verify(graph);
    } else {
      with_context("subgraph " + std::to_string(i) + " '" + graph.name + "'",
                   [&] { verify(graph); });
    }
  }
  for (const Signature& signature : model.signatures) check_signature(model, signature);
  CallChecker(model).run();
}

}  // namespace litesmith
