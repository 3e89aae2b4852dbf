// Prints the instruction sets that kernels would use on this machine, slowest first, one a line.
#include <iostream>

#include "base/cpu_features.h"

int main() {
  for (const litesmith::Isa isa : litesmith::supported_isas()) {
    std::cout << litesmith::to_string(isa) << '\n';
  }
  return 0;
}
