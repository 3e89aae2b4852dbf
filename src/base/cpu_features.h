// Which instruction sets this machine has, and which of them kernels are run with.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace litesmith {

// A level of instructions that kernels are compiled for. Results do not depend on it.
enum class Isa {
  baseline,      // what every machine of the architecture has (SSE2; NEON on 64-bit Arm)
  avx2,          // AVX2 and FMA
  avx_vnni,      // and VNNI on 256 bits, without AVX-512
  avx512,        // AVX2, FMA and AVX-512 F, BW, DQ and VL
  avx512_vnni,   // and VNNI on 512 bits
  neon_dotprod,  // 64-bit Arm: NEON with SDOT (Armv8.2 DotProd)
};

std::string_view to_string(Isa isa);
std::optional<Isa> parse_isa(std::string_view name);

// What the machine runs, slowest first; never empty.
const std::vector<Isa>& supported_isas();

// The level to use: what the environment variable LITESMITH_ISA names, else the fastest. Throws
// Error(usage) when the variable names no level or one this machine does not have.
Isa default_isa();

// The same rule for a given value of the variable (null: not set).
Isa choose_isa(const char* wanted, const std::vector<Isa>& supported);

}  // namespace litesmith
