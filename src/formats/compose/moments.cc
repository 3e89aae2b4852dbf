#include "formats/compose/moments.h"

#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace litesmith::compose {
namespace {

Mean average() {
  Mean op;
  op.keep_dims = true;
  return op;
}

}  // namespace

Moments moments(Composer& composer, ValueId x, ValueId axes) {
  Moments result;
  result.mean = composer.emit(average(), {x, axes}, "mean");
  result.distance = composer.emit(Sub(), {x, result.mean}, "distance");
  result.squares = composer.emit(Mul(), {result.distance, result.distance}, "squares");
  return result;
}

ValueId inverse_deviation(Composer& composer, const Moments& moments, ValueId axes,
                          ValueId epsilon) {
  const ValueId variance = composer.emit(average(), {moments.squares, axes}, "variance");
  const ValueId raised = composer.emit(Add(), {variance, epsilon}, "add");
  return composer.emit(Rsqrt(), {raised}, "rsqrt");
}

}  // namespace litesmith::compose
