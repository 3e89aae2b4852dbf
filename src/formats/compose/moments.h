// Mean and variance in LiteRT's operators, for the normalizations of every importer.
#pragma once

#include "formats/compose/composer.h"

namespace litesmith::compose {

struct Moments {
  ValueId mean;      // dimensions kept
  ValueId distance;  // x - mean
  ValueId squares;   // of the distances; their mean is the variance
};

// Over the dimensions that the int32 constant `axes` names. Not by SQUARED_DIFFERENCE, as
// TensorFlow's converter has it: LiteRT cannot run that in int16.
Moments moments(Composer& composer, ValueId x, ValueId axes);

// Distances times this are x normalized: 1 / sqrt(variance + epsilon) (Ba et al., Layer
// Normalization, 2016), with `epsilon` a constant.
ValueId inverse_deviation(Composer& composer, const Moments& moments, ValueId axes,
                          ValueId epsilon);

}  // namespace litesmith::compose
