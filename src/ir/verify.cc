// The checks every graph must pass after it is read and after each rewrite.
#include <string>

#include "base/error.h"
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

class Verifier {
 public:
  explicit Verifier(const Graph& graph) : graph_(graph), made_(graph.values.size(), false) {}

  void run() {
    for (const Value& value : graph_.values) check_constant(value);
    for (const ValueId id : graph_.inputs) make(id, "graph input");
    for (size_t i = 0; i < graph_.nodes.size(); ++i) check_node(i);
    for (const ValueId id : graph_.outputs) need(id, "graph output");
    findings_.throw_if_errors("the graph is not sound");
  }

 private:
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
  void check_constant(const Value& value) {
    if (!value.is_constant() || bits(value.dtype) == 0) return;
    if (!is_static(value.shape)) return fail("constant '" + value.name + "' has no fixed shape");
    const int64_t count = element_count(value.shape);
    int64_t total = 0;
    if (__builtin_mul_overflow(count, int64_t{bits(value.dtype)}, &total) ||
        (total + 7) / 8 != static_cast<int64_t>(value.data->size())) {
      fail("constant '" + value.name + "' of shape " + to_string(value.shape) + " holds " +
           std::to_string(value.data->size()) + " bytes");
    }
  }
  void check_node(size_t index) {
    const Node& node = graph_.nodes[index];
    const std::string where = "op " + std::to_string(index) + " " + std::string(node.def().name);
    const size_t before = findings_.errors().size();
    for (const ValueId id : node.inputs) {
      if (id.valid()) need(id, where);
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
      for (size_t i = 0; i < inferred.size(); ++i) {
        const Value& output = *view.outputs[i];
        if (!compatible(inferred[i].shape, output.shape)) {
          fail(where + " makes shape " + to_string(inferred[i].shape) + ", but '" + output.name +
               "' says " + to_string(output.shape));
        }
        if (inferred[i].dtype != output.dtype) {
          fail(where + " makes " + std::string(to_string(inferred[i].dtype)) + ", but '" +
               output.name + "' says " + std::string(to_string(output.dtype)));
        }
      }
    } catch (const Error& error) {
      fail(where + ": " + error.what());
    }
  }
  void fail(std::string message) { findings_.error(ErrorCode::format, std::move(message)); }

  const Graph& graph_;
  std::vector<bool> made_;
  Diagnostics findings_;
};

}  // namespace

void verify(const Graph& graph) { Verifier(graph).run(); }

}  // namespace litesmith
