#include "inspect/graph_picture.h"

#include <string_view>

#include "inspect/verdict.h"

namespace litesmith {
namespace {

// Inside quotes. What is no printable ASCII becomes '?': names may hold anything.
std::string dot_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') result += '\\';
    result += byte < 0x20 || byte > 0x7e ? '?' : c;
  }
  return result + "\"";
}

std::string_view colour(Arithmetics arithmetics) {
  switch (arithmetics) {
    case Arithmetics::neither:
      return "#eeeeee";
    case Arithmetics::converts:
    case Arithmetics::unpacks:
      return "#ffe08a";
    case Arithmetics::floats:
      return "#f5b7a8";
    case Arithmetics::hybrid:
      return "#f7d3a0";
    case Arithmetics::integers:
      return "#b5dcb0";
  }
  return "";
}

// "int8 [1, 24, 6, 32]"
std::string type_and_shape(const ListedTensor& tensor) {
  return std::string(tensor.dtype ? to_string(*tensor.dtype) : "unknown type") + " " +
         to_string(tensor.shape);
}

class Drawing {
 public:
  Drawing(const ListedGraph& graph, size_t number)
      : graph_(graph),
        prefix_("g" + std::to_string(number) + "_"),
        producer_(graph.tensors.size()) {}

  std::string text() {
    ends("in", graph_.inputs);
    for (size_t i = 0; i < graph_.inputs.size(); ++i) makes("in", i, graph_.inputs[i]);
    for (size_t i = 0; i < graph_.ops.size(); ++i) op(i);
    ends("out", graph_.outputs);
    for (size_t i = 0; i < graph_.ops.size(); ++i) arrows_to("op", i, graph_.ops[i].inputs);
    for (size_t i = 0; i < graph_.outputs.size(); ++i) arrows_to("out", i, {graph_.outputs[i]});
    return text_;
  }

 private:
  std::string node(std::string_view kind, size_t i) const {
    return prefix_ + std::string(kind) + std::to_string(i);
  }

  void ends(std::string_view kind, const std::vector<int32_t>& tensors) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      const ListedTensor* tensor = graph_.tensor(tensors[i]);
      if (tensor == nullptr) continue;
      text_ += "  " + node(kind, i) + " [shape=oval fillcolor=white label=" +
               dot_text(tensor->name + " " + type_and_shape(*tensor)) + "];\n";
    }
  }

  void makes(std::string_view kind, size_t i, int32_t tensor) {
    if (tensor >= 0) producer_[static_cast<size_t>(tensor)] = node(kind, i);
  }

  void op(size_t i) {
    const ListedOp& op = graph_.ops[i];
    text_ += "  " + node("op", i) + " [fillcolor=\"" +
             std::string(colour(arithmetics_of(graph_, op))) + "\" label=" +
             dot_text(std::to_string(i) + " " + op.name + " v" + std::to_string(op.version)) +
             "];\n";
    for (const int32_t output : op.outputs) makes("op", i, output);
  }

  void arrows_to(std::string_view kind, size_t i, const std::vector<int32_t>& tensors) {
    for (const int32_t index : tensors) {
      const ListedTensor* tensor = graph_.tensor(index);
      if (tensor == nullptr || producer_[static_cast<size_t>(index)].empty()) continue;
      text_ += "  " + producer_[static_cast<size_t>(index)] + " -> " + node(kind, i) +
               " [label=" + dot_text(type_and_shape(*tensor)) + "];\n";
    }
  }

  const ListedGraph& graph_;
  std::string prefix_;
  std::vector<std::string> producer_;  // the box that makes each tensor, empty for constants
  std::string text_;
};

}  // namespace

std::string graph_picture(const Listing& listing, const std::string& heading) {
  std::string text =
      "digraph model {\n  graph [fontname=\"sans-serif\" labelloc=t label=" + dot_text(heading) +
      "];\n  node [fontname=\"sans-serif\" fontsize=10 shape=box style=filled];\n"
      "  edge [fontname=\"sans-serif\" fontsize=8];\n";
  for (size_t i = 0; i < listing.size(); ++i) {
    const std::string drawing = Drawing(listing[i], i).text();
    text += listing.size() == 1
                ? drawing
                : "  subgraph cluster_" + std::to_string(i) + " {\n  label=" +
                      dot_text("subgraph " + std::to_string(i) + " " + listing[i].name) + ";\n" +
                      drawing + "  }\n";
  }
  return text + "}\n";
}

}  // namespace litesmith
