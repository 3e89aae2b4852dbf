// EinsumDense: FULLY_CONNECTED over the dimensions that its equation sums.
//
// Of "abc,cde->abde" the letters that input and kernel share are summed (c), those of the input
// alone stay (a, b), those of the kernel alone are new (d, e). The kernel is a constant, so that
// its dimensions may stand in any order; the summed ones must be the input's last, and the new ones
// the output's last, for the rest to be one matrix product.
#include <algorithm>
#include <string>

#include "base/checked.h"
#include "base/error.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/layers.h"
#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "ops/reshape.h"

namespace litesmith::keras {
namespace {

// A letter a dimension; the dots of "...x,xy->...y" are left out of all three.
struct Equation {
  std::string input;
  std::string kernel;
  std::string output;
  bool dots = false;  // the input's first dimensions, whatever their number
};

bool has(const std::string& letters, char letter) {
  return letters.find(letter) != std::string::npos;
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(ErrorCode::unsupported, "the equation '" + text + "' is not supported: " + why);
}

Equation parse(const std::string& text) {
  const size_t comma = text.find(',');
  const size_t arrow = text.find("->");
  if (comma == std::string::npos || arrow == std::string::npos || arrow < comma) {
    throw Error(ErrorCode::format, "the equation '" + text + "' is not of the form 'a,b->c'");
  }
  Equation result{text.substr(0, comma), text.substr(comma + 1, arrow - comma - 1),
                  text.substr(arrow + 2)};
  const std::string dots = "...";
  result.dots = result.input.starts_with(dots);
  if (result.dots != result.output.starts_with(dots)) refuse(text, "dots on one side only");
  if (result.dots) {
    result.input.erase(0, dots.size());
    result.output.erase(0, dots.size());
  }
  for (const std::string* letters : {&result.input, &result.kernel, &result.output}) {
    for (const char letter : *letters) {
      const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
      if (!is_letter) refuse(text, "dimensions must be letters, with dots only in front");
      if (std::count(letters->begin(), letters->end(), letter) > 1) refuse(text, "a letter twice");
    }
  }
  return result;
}

struct Parts {
  std::string kept;    // of the input, first in input and output
  std::string summed;  // last in the input
  std::string made;    // last in the output
};

Parts parts_of(const std::string& text, const Equation& equation) {
  Parts result;
  for (const char letter : equation.input) {
    const bool summed = has(equation.kernel, letter);
    if (summed && has(equation.output, letter)) {
      refuse(text, "a dimension of input, kernel and output");
    }
    if (!summed && !result.summed.empty()) {
      refuse(text, "the summed dimensions must be the input's last");
    }
    (summed ? result.summed : result.kept) += letter;
  }
  if (!equation.output.starts_with(result.kept)) {
    refuse(text, "the output must begin with the input's other dimensions, in their order");
  }
  result.made = equation.output.substr(result.kept.size());
  std::string used = result.summed + result.made;
  std::string kernel = equation.kernel;
  std::sort(used.begin(), used.end());
  std::sort(kernel.begin(), kernel.end());
  if (used != kernel || result.summed.empty()) {
    refuse(text, "every dimension of the kernel must be summed or the output's");
  }
  return result;
}

int32_t product(const Shape& shape, size_t first) {
  int64_t result = 1;
  for (size_t i = first; i < shape.size(); ++i) result = checked_product({result, shape[i]});
  if (result > INT32_MAX) throw Error(ErrorCode::data, to_string(shape) + " is too large");
  return static_cast<int32_t>(result);
}

}  // namespace

std::vector<Variable> einsum_dense_variables(const Json& config) {
  std::vector<Variable> result = {{"kernel"}};
  if (!config["bias_axes"].is_null()) result.push_back({"bias"});
  return result;
}

void check_einsum_dense(const Json& config) {
  const std::string text = config.string("equation", "");
  parts_of(text, parse(text));
}

ValueId build_einsum_dense(LayerCall& call) {
  const std::string text = call.config().string("equation", "");
  const Equation equation = parse(text);
  const Parts parts = parts_of(text, equation);
  const ValueId x = call.input();
  const Shape shape = call.shape(x);
  const size_t letters = equation.input.size();
  if (shape.size() < letters || (!equation.dots && shape.size() != letters) ||
      shape.size() == parts.summed.size()) {
    throw Error(ErrorCode::data,
                "its input " + to_string(shape) + " does not fit the equation '" + text + "'");
  }
  const size_t kept = shape.size() - parts.summed.size();

  // To [made..., summed...].
  Shape expected;
  std::vector<int32_t> order;
  for (const char letter : equation.kernel) {
    const size_t at = parts.summed.find(letter);
    expected.push_back(at == std::string::npos ? kDynamic
                                               : call.size(x, static_cast<int>(kept + at)));
  }
  for (const char letter : parts.made + parts.summed) {
    order.push_back(static_cast<int32_t>(equation.kernel.find(letter)));
  }
  WeightArray kernel = transposed(call.weight("kernel", expected), order);
  const Shape made(kernel.shape.begin(),
                   kernel.shape.begin() + static_cast<std::ptrdiff_t>(parts.made.size()));
  const int32_t rows = product(made, 0);
  const int32_t columns = product(kernel.shape, made.size());
  const ValueId weights = call.constant("kernel", [&] {
    return WeightArray{{rows, columns}, kernel.elements};
  });

  ValueId bias;
  ValueId offset;  // one that is not one number for each new element
  if (call.has_weight("bias")) {
    const WeightArray& array = call.weight("bias");
    const ValueId constant = call.constant("bias", [&] {
      return array.shape == made ? WeightArray{{rows}, array.elements} : array;
    });
    (array.shape == made ? bias : offset) = constant;
  }

  Shape target(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(kept));
  Shape flat = target;
  flat.push_back(columns);
  target.insert(target.end(), made.begin(), made.end());
  auto reshaped = [&](ValueId value, const Shape& to, std::string_view part) {
    if (call.shape(value).size() == to.size()) return value;
    if (std::count(to.begin(), to.end(), kDynamic) > 1) {
      throw Error(ErrorCode::unsupported, "more than one dimension of its input " +
                                              to_string(shape) +
                                              " is only known when the model runs");
    }
    return call.emit(Reshape(), {value, call.integers("shape", to)}, part);
  };
  FullyConnected op;
  op.keep_num_dims = kept > 1;
  ValueId result = call.emit(op, {reshaped(x, flat, "flat"), weights, bias}, "matmul");
  result = reshaped(result, target, "unfold");
  if (offset.valid()) result = call.emit(Add(), {result, offset}, "bias");
  return emit_activation(call, call.config()["activation"], result);
}

}  // namespace litesmith::keras
