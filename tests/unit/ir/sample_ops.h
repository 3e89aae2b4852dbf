// Operators that exist for the tests of the graph alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "ir/graph.h"
#include "ir/op.h"

namespace litesmith {

// One operand, one output of its type and shape.
struct Copy : OpOf<Copy> {
  static const OpDef& definition() {
    static const OpDef def = {.code = 1000,
                              .name = "COPY",
                              .options_tag = 0,
                              .make = make_op<Copy>,
                              .infer = [](const NodeView& node) -> std::vector<InferredOutput> {
                                return {{node.input(0).dtype, node.input(0).shape}};
                              },
                              .version = [](const NodeView&) { return 1; },
                              .runtime_versions = {"1.0.0"}};
    return def;
  }
};

// Two outputs of the operand's type, the second one a scalar.
struct Fork : OpOf<Fork> {
  static const OpDef& definition() {
    static const OpDef def = {
        .code = 1001,
        .name = "FORK",
        .options_tag = 0,
        .make = make_op<Fork>,
        .infer = [](const NodeView& node) -> std::vector<InferredOutput> {
          return {{node.input(0).dtype, node.input(0).shape}, {node.input(0).dtype, {}}};
        },
        .version = [](const NodeView&) { return 1; },
        .runtime_versions = {"1.0.0"}};
    return def;
  }
};

// Has an attribute of every kind.
struct Everything : OpOf<Everything> {
  bool flag = false;
  Padding padding = Padding::valid;
  int8_t byte = 0;
  int32_t number = 3;
  float real = 0.5f;
  SubgraphIndex body = {};
  std::string text;
  std::vector<int32_t> numbers;
  std::vector<float> reals;
  std::vector<uint8_t> bytes;

  static const OpDef& definition() {
    static const OpDef def = {
        .code = 1002,
        .name = "EVERYTHING",
        .options_tag = 7,
        .make = make_op<Everything>,
        .infer = [](const NodeView&) -> std::vector<InferredOutput> { return {}; },
        .version = [](const NodeView&) { return 1; },
        .runtime_versions = {}};
    return def;
  }
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "flag", self.flag, true);
    visit(1, "padding", self.padding, Padding::same);
    visit(2, "byte", self.byte, int8_t{0});
    visit(3, "number", self.number, 0);
    visit(4, "real", self.real, 0.0f);
    visit(5, "body", self.body, SubgraphIndex{});
    visit(6, "text", self.text);
    visit(7, "numbers", self.numbers);
    visit(8, "reals", self.reals);
    visit(9, "bytes", self.bytes);
  }
};

// x -> COPY -> y, float32 [2, 3].
inline Graph copy_graph() {
  Graph graph;
  graph.inputs = {graph.add({.name = "x", .shape = {2, 3}})};
  graph.outputs = {graph.append(std::make_shared<Copy>(), graph.inputs, "y")};
  return graph;
}

}  // namespace litesmith
