#include "formats/compose/exponential_unit.h"

#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/unary.h"

namespace litesmith::compose {
namespace {

ValueId times(Composer& composer, ValueId x, float factor, std::string_view part) {
  return composer.emit(Mul(), {x, composer.constant<float>(part, {}, {factor})}, part);
}

// ELU has no parameter: what is below zero goes through it alone.
ValueId below_zero(Composer& composer, ValueId x) {
  return composer.emit(Minimum(), {x, composer.constant<float>("zero", {}, {0})}, "below");
}

ValueId joined(Composer& composer, ValueId x, ValueId below) {
  return composer.emit(Add(), {composer.emit(Relu(), {x}, "above"), below}, "sum");
}

}  // namespace

ValueId exponential_unit(Composer& composer, ValueId x, float alpha, float scale) {
  ValueId made;
  if (alpha == 1) {
    made = composer.emit(Elu(), {x}, "elu");
  } else {
    const ValueId bent = composer.emit(Elu(), {below_zero(composer, x)}, "elu");
    made = joined(composer, x, times(composer, bent, alpha, "alpha"));
  }
  return scale == 1 ? made : times(composer, made, scale, "scale");
}

ValueId continuous_exponential_unit(Composer& composer, ValueId x, float alpha) {
  if (alpha == 1) return composer.emit(Elu(), {x}, "elu");
  const ValueId below = times(composer, below_zero(composer, x), 1 / alpha, "inverse_alpha");
  const ValueId bent = composer.emit(Elu(), {below}, "elu");
  return joined(composer, x, times(composer, bent, alpha, "alpha"));
}

}  // namespace litesmith::compose
