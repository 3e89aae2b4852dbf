// A dataset tied to a model's inputs: which array goes where, and how its elements become the
// tensor's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ir/graph.h"

namespace litesmith {

// How numbers get into an integer input.
enum class Entry {
  quantized,   // with the tensor's scale and zero point: the right way
  numpy_cast,  // x.astype(type), the mistake that evaluate --explain-cast measures
};

// A model takes `batch` samples a run, the size of its inputs' common first dimension. The last
// run repeats its last sample when the samples run out. A model whose inputs have no common first
// dimension takes one sample a run, each as large as the whole input; so does one without inputs.
class Feed {
 public:
  struct Options {
    int32_t batch = 0;  // for a dynamic first dimension; 0: the file's own choice, else 1
    Entry entry = Entry::quantized;
  };

  // Arrays find their inputs by name (of the tensor or in the signature); a lone array needs none.
  // Sample shapes may differ from the model's by dimensions of size 1, which is noted. Throws
  // Error(data) saying both shapes.
  Feed(const Dataset& data, const Model& model) : Feed(data, model, Options()) {}
  Feed(const Dataset& data, const Model& model, Options options);

  // The model's graph with every input's shape made concrete: what to plan.
  const Graph& graph() const { return graph_; }
  // The model's, for the ops that call its other subgraphs.
  const Model& model() const { return model_; }
  const Dataset& dataset() const { return data_; }
  const std::vector<std::string>& notes() const { return notes_; }

  size_t samples() const { return data_.size(); }
  size_t batch() const { return batch_; }
  size_t runs() const { return (samples() + batch_ - 1) / batch_; }
  // Samples of run `run` that are not repetitions.
  size_t samples_in(size_t run) const;

  // Writes the samples of a run into the memory of input `input`, which is none of text. May be
  // called from several threads. Throws Error(data) when an element does not fit the tensor's type.
  void fill(size_t run, size_t input, std::span<std::byte> out) const;
  // The same for an input of text.
  std::vector<std::string> texts(size_t run, size_t input) const;

 private:
  struct Port {
    size_t array;
    size_t sample_elements;
  };
  void match(const Model& model);
  void resolve_shapes(Options options);
  void check_types() const;
  void note_types();
  void fill_sample(size_t sample, const Value& tensor, const Port& port,
                   std::span<std::byte> out) const;

  Dataset data_;
  Model model_;
  Graph graph_;
  Entry entry_;
  size_t batch_ = 1;
  std::vector<Port> ports_;  // one a graph input
  std::vector<std::string> notes_;
};

}  // namespace litesmith
