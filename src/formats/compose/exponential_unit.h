// Exponential linear units with parameters in LiteRT's operators, for every importer.
#pragma once

#include "formats/compose/composer.h"

namespace litesmith::compose {

// scale * x above zero, scale * alpha * (exp(x) - 1) below (Clevert et al., 2016; with a scale
// Klambauer et al., Self-Normalizing Neural Networks, 2017).
ValueId exponential_unit(Composer& composer, ValueId x, float alpha, float scale = 1);

// x above zero, alpha * (exp(x / alpha) - 1) below (Barron, Continuously Differentiable Exponential
// Linear Units, 2017).
ValueId continuous_exponential_unit(Composer& composer, ValueId x, float alpha);

}  // namespace litesmith::compose
