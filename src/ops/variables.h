// State that outlives a run, held in resource variables: VAR_HANDLE, READ_VARIABLE,
// ASSIGN_VARIABLE, and CALL_ONCE, whose subgraph gives variables what they begin with.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "ir/graph.h"
#include "ir/op.h"

namespace litesmith {

// Names a variable: handles of the same name are of the same one.
struct VarHandle : OpOf<VarHandle> {
  std::string container;
  std::string shared_name;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "container", self.container);
    visit(1, "shared_name", self.shared_name);
  }
};

// Operand 0 is the handle.
struct ReadVariable : OpOf<ReadVariable> {
  static const OpDef& definition();
};

// Operand 0 is the handle, 1 the new value. Makes nothing.
struct AssignVariable : OpOf<AssignVariable> {
  static const OpDef& definition();
};

struct CallOnce : OpOf<CallOnce> {
  SubgraphIndex init_subgraph_index;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "init_subgraph_index", self.init_subgraph_index, SubgraphIndex{});
  }
};

// The graph that runs, its handles tied to what they stand for: the output of a VAR_HANDLE becomes
// the variable itself, of its type and shape, and the operand of the VAR_HANDLE, which files have
// none of, the constant it begins with: what CALL_ONCE assigns it, else zeros. Nodes that keep
// something without an operand for it (OpDef::hidden_state) have variables behind their operands. A
// graph without variables is returned as it is. Throws Error(unsupported) for variables whose
// beginning is computed, Error(data) for assignments that do not fit.
Graph resolve_variables(const Model& model);

// The variables of such a graph by container and shared name. Subgraphs of a model share those of
// one name.
std::map<std::pair<std::string, std::string>, ValueId> resource_variables(const Graph& graph);

}  // namespace litesmith
