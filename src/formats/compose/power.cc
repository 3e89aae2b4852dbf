#include "formats/compose/power.h"

#include <string>

#include "base/error.h"
#include "ops/binary.h"
#include "ops/pow.h"
#include "ops/shape_and_cast.h"
#include "ops/unary.h"

namespace litesmith::compose {

std::optional<ValueId> simple_power(Composer& composer, ValueId x, double exponent) {
  if (exponent == 1) return x;
  if (exponent == 0.5) return composer.emit(Sqrt(), {x}, "sqrt");
  if (exponent == -0.5) return composer.emit(Rsqrt(), {x}, "rsqrt");
  if (exponent == -1) {
    const ValueId one = composer.constant<float>("one", {}, {1});
    return composer.emit(Div(), {one, x}, "reciprocal");
  }
  if (exponent != 2 && exponent != 3 && exponent != 4) return std::nullopt;
  const ValueId square = composer.emit(Mul(), {x, x}, "square");
  if (exponent == 3) return composer.emit(Mul(), {square, x}, "cube");
  if (exponent == 4) return composer.emit(Mul(), {square, square}, "fourth");
  return square;
}

ValueId general_power(Composer& composer, ValueId x, ValueId exponent) {
  if (composer.dtype(x) != DType::float32) {
    throw Error(ErrorCode::unsupported,
                "a power of " + std::string(to_string(composer.dtype(x))) + " is not supported");
  }
  if (composer.dtype(exponent) != DType::float32) {
    Cast op;
    op.in_data_type = composer.dtype(exponent);
    op.out_data_type = DType::float32;
    exponent = composer.emit(op, {exponent}, "exponent");
  }
  return composer.emit(Pow(), {x, exponent}, "pow");
}

}  // namespace litesmith::compose
