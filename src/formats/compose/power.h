// Powers in LiteRT's operators, for every importer.
#pragma once

#include <optional>

#include "formats/compose/composer.h"

namespace litesmith::compose {

// x to a power that LiteRT has a cheaper operator for than POW, one that can be quantized, too:
// -1, -0.5, 0.5, 1 (x itself), 2, 3 and 4. Nothing for another.
std::optional<ValueId> simple_power(Composer& composer, ValueId x, double exponent);

// POW, of any two float operands that broadcast. Throws Error(unsupported) when `x` is of another
// type; an exponent of integers is cast.
ValueId general_power(Composer& composer, ValueId x, ValueId exponent);

}  // namespace litesmith::compose
