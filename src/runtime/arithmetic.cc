#include "litesmith/arithmetic.h"

#include <array>

namespace litesmith {

std::span<const Arithmetic> all_arithmetics() {
  static constexpr std::array kAll = {Arithmetic::reference, Arithmetic::builtin,
                                      Arithmetic::litert, Arithmetic::tflm};
  return kAll;
}

std::string_view to_string(Arithmetic arithmetic) {
  switch (arithmetic) {
    case Arithmetic::reference:
      return "reference";
    case Arithmetic::builtin:
      return "builtin";
    case Arithmetic::litert:
      return "litert";
    case Arithmetic::tflm:
      return "tflm";
  }
  return "unknown";
}

std::optional<Arithmetic> parse_arithmetic(std::string_view name) {
  for (const Arithmetic each : all_arithmetics()) {
    if (to_string(each) == name) return each;
  }
  return std::nullopt;
}

}  // namespace litesmith
