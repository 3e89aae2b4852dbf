// What a function between layers is called with, wherever the file has it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// Keras 3 keeps some parameters in the configuration of the operation and some in its call,
// TF-Keras all in the call, and the two have other names for some. Parameters are asked for by
// their place among the function's and by the names they go by.
class Arguments {
 public:
  using Names = std::initializer_list<std::string_view>;

  explicit Arguments(LayerCall& call) : call_(call) {}

  // Null where it is absent; a tuple of Keras 2 as the list it is.
  const Json& json(size_t place, Names names) const;
  bool flag(size_t place, Names names, bool otherwise) const;
  int32_t integer(size_t place, Names names) const;
  // One integer, or a list; nothing where it is absent.
  std::optional<std::vector<int32_t>> integers(size_t place, Names names) const;

  // The first tensor that the call is given.
  ValueId first() const;
  bool is_tensor(size_t place, Names names) const;
  // What comes with that tensor; null where everything counts, and where it is no tensor.
  Mask mask(size_t place, Names names) const;
  // A tensor of the graph, or a constant of numbers with the element type of `like`.
  ValueId operand(size_t place, Names names, DType like = DType::float32) const;
  // The list that is the first parameter; never empty.
  std::vector<ValueId> operands() const;
  // A list of numbers, nested as deep as its shape is long; nothing when it is none.
  struct Numbers {
    Shape shape;
    std::vector<float> elements;
  };
  static std::optional<Numbers> numbers(const Json& json);

 private:
  const Argument* find(size_t place, Names names) const;

  LayerCall& call_;
};

// The value itself where it is of that type.
ValueId cast_to(LayerCall& call, ValueId x, DType to);
ValueId as_float(LayerCall& call, ValueId x);

}  // namespace litesmith::keras
